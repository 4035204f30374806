"""Every AWS call that needs a permission, of both functions over whole conversations and failures, in each mode of the template:
held against the lists that the template's roles are tested with (`crates/deploy/tests/fixtures/calls.json`).
`RELEVO_CALLS=write` writes the lists."""

import json
import os
import re
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from python.test_conversation import ADDRESS, DOCUMENT, ORDER, TICKET
from python.test_lambdas import ARGUMENTS
from support.bedrock import Bedrock
from support.people import Customer, Participant, Person, client, info, queued
from support.plain import request
from support.relevo import BINARY, ROOT, Relevo, wait_for

FIXTURES = ROOT / "crates/deploy/tests/fixtures"
LIST = FIXTURES / "calls.json"
CALL = re.compile(r"call (\S+) (\w+):(\S+(?: /\S*)?) (\S+)$", re.MULTILINE)
TABLE = "relevo-sessions"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# The shortest that the template takes; more than half of its 24 s of work is over after one slow answer.
TURN_S, SLOW_S = 30, 13
AGENT = ["agentBackend=bedrock-agent", "agentId=ABCDEFGHIJ", "agentAliasId=TSTALIASID"]
# Of the whole stack, what a mode is called by, and its parameters.
ENVIOS = {
    "relevo, queue": [],
    "relevo, topic": ["delivery=topic"],
    "bedrock-agent, queue": AGENT,
    "bedrock-agent, topic": [*AGENT, "delivery=topic"],
}
# A bot that has one of everything that asks AWS for something.
CLUB = "club: relevo, queue"
QUIET_S = 2


def kind(resource, names):
    """What of the stack a resource is."""
    if resource == f"table/{TABLE}":
        return "table"
    if resource == names["topicArn"]:
        return "topic"
    if re.fullmatch(rf"instance/{names['instanceId']}/contact/[0-9a-f-]{{36}}", resource):
        return "contact"
    if resource == f"agent-alias/{names['agentId']}/{names['agentAliasId']}":
        return "agent-alias"
    return {
        "inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0": "model",
        "knowledge-base/KBCLUB0001": "knowledge-base",
        "guardrail/gr1234567890": "guardrail",
        "function/club-crm": "function",
    }.get(resource, resource)


class Run:
    """A bot's deployment here, in one mode, and who talks to it."""

    def __init__(self, arguments, own_agents):
        self.bedrock = Bedrock(slow_s=SLOW_S)
        self.own_agents, self.arguments = own_agents, arguments
        elsewhere = ["BEDROCK_RUNTIME", "BEDROCK_AGENT_RUNTIME", "LAMBDA"] if own_agents else []
        self.environment = {f"AWS_ENDPOINT_URL_{service}": self.bedrock.url for service in elsewhere}

    def __enter__(self):
        told = {**self.environment, "RELEVO_LOG": "relevo::calls=debug", "NO_COLOR": "1"}
        self.relevo = Relevo(arguments=[*ARGUMENTS, *self.arguments], environment=told)
        self.url, self.sockets = self.relevo.url, []
        return self

    def __exit__(self, *_):
        for customer in self.sockets:
            customer.disconnect_socket()
        self.relevo.stop()
        self.bedrock.stop()

    def customer(self, language="es"):
        customer = Customer(self.url, language).connect()
        self.sockets.append(customer)
        return customer

    def greeted(self, language="es"):
        customer = self.customer(language)
        customer.greeted()
        return customer

    def faults(self, *rules):
        answer = request("PUT", f"{self.url}/relevo/faults", {"seed": 1, "rules": list(rules)})
        assert answer.status == 200, answer

    def seen(self):
        lines = "".join(list(self.relevo.err))
        return set(CALL.findall(COLOURS.sub("", lines))) | self.bedrock.calls

    def calls(self):
        """All calls, once no other comes."""
        seen, since = self.seen(), time.monotonic()
        while time.monotonic() - since < QUIET_S:
            time.sleep(0.1)
            if (now := self.seen()) != seen:
                seen, since = now, time.monotonic()
        names = info(self.url)
        return sorted({(function, f"{service}:{action}", kind(what, names)) for function, service, action, what in seen})


def whole_conversations(test, run):
    """What a customer may do."""
    # Greeting, tools, hand-off, a person.
    customer = run.greeted()
    test.assertRegex(customer.ask(f"¿dónde está mi pedido {ORDER}? mi rut es {DOCUMENT}").lower(), ADDRESS)
    test.assertRegex(customer.ask(f"abre un ticket por el pedido {ORDER}, rut {DOCUMENT}: llegó roto"), TICKET)
    customer.say("quiero hablar con una persona")
    queued(run.url, customer.contact_id)
    person = Person(run.url, customer.contact_id).connect()
    person.say("Hola, yo te ayudo")
    customer.say("gracias")
    person.leave()
    # Two messages at once, and the customer leaves.
    customer = run.greeted("en")
    customer.say("hello")
    customer.say("where is my order?")
    wait_for("an answer", lambda: len(customer.messages("CUSTOM_BOT")) > 1)
    customer.leave()
    queued(run.url, first_words(run))
    # Chats that end while the bot joins and greets.
    for _ in range(4):
        run.customer().leave()


def first_words(run):
    """A chat that begins with words: the start wakes the bot for them."""
    names = info(run.url)
    started = client("connect", run.url).start_chat_contact(
        InstanceId=names["instanceId"],
        ContactFlowId=names["contactFlowId"],
        Attributes={"language": "es"},
        ParticipantDetails={"DisplayName": "Ana"},
        InitialMessage={"ContentType": "text/plain", "Content": "quiero hablar con una persona"},
    )
    Participant(run.url, started["ParticipantToken"]).connect()
    wait_for("the waking", lambda: any(call[0] == "start-bot" and call[2] == "Publish" for call in run.seen()))
    return started["ContactId"]


def slow_question(run):
    """A turn that has used up its invocation when another message waits: it goes on in one that is asked for."""
    customer = run.greeted("en")
    if not run.own_agents:
        run.faults({"operation": "InvokeAgent", "first": 1, "latency": SLOW_S * 1000})
    said = customer.say("answer me slowly")
    wait_for("the question", lambda: any(call[2].startswith("Invoke") for call in run.seen()))
    customer.say("hello")
    return lambda: wait_for("both answers", lambda: len(customer.messages("CUSTOM_BOT", said)) > 1, SLOW_S + TURN_S)


def failing_agent(run):
    """What may go wrong in a turn."""
    # A send that is throttled is sent again.
    customer = run.greeted("en")
    run.faults({"operation": "SendMessage", "role": "CUSTOM_BOT", "first": 2, "throttle": True})
    customer.ask("hello")
    # An agent that fails: an apology, and at the second time a person.
    run.faults({"service": "bedrock-agent-runtime", "error": "DependencyFailedException"})
    customer.ask("this is fragile")
    customer.say("fragile, I said")
    queued(run.url, customer.contact_id)
    run.faults()


def undone(run, action, rule):
    """Starts fail by the rule until one is undone by the action: that has 1.8 s, which are over soon on a busy machine."""
    run.faults(rule)
    for _ in range(3):
        queued(run.url, run.customer("en").contact_id)
        if any(call[0] == "start-bot" and call[2] == action for call in run.seen()):
            return
    raise AssertionError(f"no start was undone by {action}\n{run.relevo.output()}")


def failing_starts(run):
    """Before anything is made, and when all is: what was made is undone, and a person comes."""
    undone(run, "DeleteItem", {"operation": "CreateParticipant", "throttle": True})
    undone(run, "StopContactStreaming", {"operation": "SendMessage", "role": "CUSTOM_BOT", "error": "ValidationException"})
    run.faults()


def envios(test, parameters):
    arguments = ["--template", str(ROOT / "deploy/template.yaml"), "--bot", str(ROOT / "examples/envios")]
    arguments += ["--parameters", f"turnSeconds={TURN_S}", *parameters]
    with Run(arguments, own_agents=AGENT[0] not in parameters) as run:
        answered = slow_question(run)
        whole_conversations(test, run)
        answered()
        failing_agent(run)
        failing_starts(run)
        return run.calls()


def club(test):
    with tempfile.TemporaryDirectory(prefix="relevo-club-") as folder:
        template, bot = str(Path(folder) / "template.yaml"), str(FIXTURES / "club")
        subprocess.run([BINARY, "synth", "--bot", bot, "--out", template], check=True, capture_output=True)
        arguments = ["--template", template, "--bot", bot, "--model", "offline", "--parameters", f"turnSeconds={TURN_S}"]
        with Run(arguments, own_agents=True) as run:
            answered = slow_question(run)
            first_words(run)
            customer = run.greeted("en")
            test.assertIn("Monday", customer.ask("what are your opening hours?"))
            test.assertIn("gold", customer.ask("what does the crm know of Ana?"))
            # The flow comes back to the bot after the first hand-off, and to a person after the second.
            said = customer.say("I want to talk to a person")
            wait_for("the bot's return", lambda: any("Hello" in text for text in customer.messages("CUSTOM_BOT", said)))
            customer.say("I want to talk to a person")
            queued(run.url, customer.contact_id)
            answered()
            failing_starts(run)
            return run.calls()


class Permissions(unittest.TestCase):
    maxDiff = None

    def test_the_calls_are_those_that_the_roles_are_tested_with(self):
        with ThreadPoolExecutor(len(ENVIOS) + 1) as pool:
            running = {f"envios: {mode}": pool.submit(envios, self, parameters) for mode, parameters in ENVIOS.items()}
            running[CLUB] = pool.submit(club, self)
        found = {mode: [" ".join(call) for call in run.result()] for mode, run in running.items()}
        if os.environ.get("RELEVO_CALLS") == "write":
            LIST.write_text(json.dumps(found, indent=2) + "\n")
        self.assertEqual(json.loads(LIST.read_text()), found)


if __name__ == "__main__":
    unittest.main()
