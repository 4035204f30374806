"""Every AWS call that needs a permission, of both functions over whole conversations: held against the list that the
template's roles are tested with (`crates/deploy/tests/fixtures/calls.json`). `RELEVO_CALLS=write` writes the list."""

import json
import os
import re
import unittest
from unittest import mock

from python.test_conversation import ADDRESS, DOCUMENT, ORDER, TICKET
from python.test_lambdas import ARGUMENTS
from support.people import Customer, Participant, Person, client, info, queued
from support.relevo import ROOT, Relevo, wait_for

LIST = ROOT / "crates/deploy/tests/fixtures/calls.json"
CALL = re.compile(r"call (\S+) (\w+):(\S+(?: /\S*)?) (\S+)$", re.MULTILINE)
TABLE = "relevo-sessions"
# As the template deploys it: a queue's events, and the topic's own.
TEMPLATE = ["--template", str(ROOT / "deploy/template.yaml"), "--bot", str(ROOT / "examples/envios")]
MODES = [TEMPLATE, [*TEMPLATE, "--parameters", "delivery=topic"]]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def kind(resource, info):
    """What of the stack a resource is."""
    if resource == f"table/{TABLE}":
        return "table"
    if resource == info["topicArn"]:
        return "topic"
    if re.fullmatch(rf"instance/{info['instanceId']}/contact/[0-9a-f-]{{36}}", resource):
        return "contact"
    if resource == f"agent-alias/{info['agentId']}/{info['agentAliasId']}":
        return "agent-alias"
    return resource


class Permissions(unittest.TestCase):
    def conversations(self, relevo):
        """What a customer may do and what may go wrong."""
        # Greeting, tools, hand-off, a person.
        customer = Customer(relevo.url, "es").connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        self.assertRegex(customer.ask(f"¿dónde está mi pedido {ORDER}? mi rut es {DOCUMENT}"), ADDRESS)
        self.assertRegex(customer.ask(f"abre un ticket por el pedido {ORDER}, rut {DOCUMENT}: llegó roto"), TICKET)
        customer.say("quiero hablar con una persona")
        queued(relevo.url, customer.contact_id)
        person = Person(relevo.url, customer.contact_id).connect()
        person.say("Hola, yo te ayudo")
        customer.say("gracias")
        person.leave()
        # Two messages at once, and the customer leaves.
        customer = Customer(relevo.url, "en").connect()
        customer.greeted()
        customer.say("hello")
        customer.say("where is my order?")
        wait_for("an answer", lambda: len(customer.messages("CUSTOM_BOT")) > 1)
        customer.leave()
        # A chat that begins with words: the start wakes the bot for them.
        names = info(relevo.url)
        started = client("connect", relevo.url).start_chat_contact(
            InstanceId=names["instanceId"],
            ContactFlowId=names["contactFlowId"],
            Attributes={"language": "es"},
            ParticipantDetails={"DisplayName": "Ana"},
            InitialMessage={"ContentType": "text/plain", "Content": "quiero hablar con una persona"},
        )
        Participant(relevo.url, started["ParticipantToken"]).connect()
        queued(relevo.url, started["ContactId"])
        # Chats that end while the bot joins and greets.
        for _ in range(4):
            Customer(relevo.url, "es").connect().leave()

    def calls(self, mode):
        with mock.patch.dict(os.environ, {"RELEVO_LOG": "relevo::calls=debug", "NO_COLOR": "1"}):
            relevo = Relevo(arguments=[*ARGUMENTS, *mode])
        try:
            self.conversations(relevo)
            seen = lambda: set(CALL.findall(COLOURS.sub("", "".join(relevo.err))))
            wait_for("the last calls", lambda: any(call[2] == "StopContactStreaming" for call in seen()))
            names = info(relevo.url)
            return {(function, f"{service}:{action}", kind(resource, names)) for function, service, action, resource in seen()}
        finally:
            relevo.stop()

    def test_the_calls_are_those_that_the_roles_are_tested_with(self):
        calls = sorted(set().union(*(self.calls(mode) for mode in MODES)))
        found = [{"function": function, "action": action, "resource": resource} for function, action, resource in calls]
        if os.environ.get("RELEVO_CALLS") == "write":
            LIST.write_text("[\n" + ",\n".join("  " + json.dumps(call) for call in found) + "\n]\n")
        listed = json.loads(LIST.read_text())
        unlisted = [call for call in found if call not in listed]
        self.assertEqual([], unlisted, "calls that no role is tested with")
        always = [call for call in listed if not call.get("sometimes")]
        self.assertEqual([], [call for call in always if call not in found], "calls that nobody makes any more")


if __name__ == "__main__":
    unittest.main()
