"""A contact centre that behaves badly on request: boto3's retries, and the bot's, against throttles, hangs and lost answers."""

import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import websocket
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from support.people import Customer, Person, client, info, queued
from support.plain import request
from support.relevo import BINARY, ROOT, Relevo, wait_for

ORDER, DOCUMENT = "10020030", "12345678-9"
ADDRESS = "acacias"


def rules(relevo, *all_of_them, **more):
    answer = request("PUT", f"{relevo.url}/relevo/faults", more or {"seed": 1, "rules": list(all_of_them)})
    assert answer.status == 200, answer


def injected(relevo):
    return [count["injected"] for count in request("GET", f"{relevo.url}/relevo/faults").json["counts"]]


def connected(customer):
    """A customer whose websocket is opened again where it is refused, as ChatJS does it."""
    for _ in range(10):
        try:
            return customer.connect()
        except (websocket.WebSocketException, OSError):
            time.sleep(0.2)
    return customer.connect()


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def setUp(self):
        rules(self.relevo, set="off")

    def customer(self, attempts=0, **more):
        customer = Customer(self.relevo.url, "en", attempts=attempts, **more).connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        return customer

    def say(self, customer, text):
        answer = customer.api.send_message(ContentType="text/plain", Content=text, ConnectionToken=customer.token)
        return answer["ResponseMetadata"]["RetryAttempts"]

    def refused(self, code, status, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, status))
        return caught.exception

    def test_throttles_are_tried_again_by_boto3(self):
        customer = self.customer(attempts=4)
        rules(self.relevo, {"operation": "SendMessage", "role": "CUSTOMER", "first": 2, "throttle": True})
        self.assertEqual(self.say(customer, "hello there"), 2)
        self.assertEqual(injected(self.relevo), [2])
        self.assertEqual(customer.messages("CUSTOMER"), ["hello there"])

    def test_each_service_refuses_in_its_own_words(self):
        customer = self.customer()
        known = info(self.relevo.url)
        start = {
            "InstanceId": known["instanceId"],
            "ContactFlowId": known["contactFlowId"],
            "ParticipantDetails": {"DisplayName": "Ana"},
        }
        rules(self.relevo, {"role": "CUSTOMER", "throttle": True}, {"operation": "StartChatContact", "first": 1, "throttle": True},
              {"operation": "StartChatContact", "error": "LimitExceededException"},
              {"service": "bedrock-agent-runtime", "error": "DependencyFailedException"})
        error = self.refused("ThrottlingException", 429, customer.api.send_event, ConnectionToken=customer.token,
                             ContentType="application/vnd.amazonaws.connect.event.typing")
        self.assertIsInstance(error, customer.api.exceptions.ThrottlingException)
        self.refused("TooManyRequestsException", 429, customer.connect_api.start_chat_contact, **start)
        self.refused("LimitExceededException", 429, customer.connect_api.start_chat_contact, **start)
        agents = client("bedrock-agent-runtime", self.relevo.url)
        self.refused("DependencyFailedException", 424, agents.invoke_agent, agentId=known["agentId"],
                     agentAliasId=known["agentAliasId"], sessionId="s1", inputText="hello")

    def test_a_lost_answer_doubles_nothing(self):
        patient = self.customer(attempts=3)
        rules(self.relevo, {"operation": "SendMessage", "role": "CUSTOMER", "first": 1, "lost": True})
        self.assertEqual(self.say(patient, "only once, please"), 1, "boto3 sends the same client token again")
        self.assertEqual(patient.messages("CUSTOMER"), ["only once, please"])
        # The starting of a chat as well: boto3 fills the client token in.
        rules(self.relevo, {"operation": "StartChatContact", "first": 1, "lost": True})
        before = len(request("GET", f"{self.relevo.url}/relevo/inspector/contacts").json["contacts"])
        Customer(self.relevo.url, "en", attempts=3)
        after = len(request("GET", f"{self.relevo.url}/relevo/inspector/contacts").json["contacts"])
        self.assertEqual(after - before, 1)

    def test_a_lost_answer_is_a_broken_connection_and_the_deed_is_done(self):
        customer = self.customer()
        rules(self.relevo, {"operation": "SendMessage", "role": "CUSTOMER", "lost": True})
        with self.assertRaises(ConnectionClosedError):
            customer.say("said all the same")
        self.assertEqual(customer.messages("CUSTOMER"), ["said all the same"])

    def test_a_hang_ends_when_the_client_gives_up(self):
        customer = self.customer()
        customer.api = client("connectparticipant", self.relevo.url, read_timeout=1)
        rules(self.relevo, {"operation": "SendMessage", "role": "CUSTOMER", "hang": 60000})
        with self.assertRaises(ReadTimeoutError):
            customer.say("into the void")
        rules(self.relevo, {"operation": "SendMessage", "role": "CUSTOMER", "hang": 300})
        with self.assertRaises(ConnectionClosedError):
            customer.say("into the void")
        self.assertEqual(customer.messages("CUSTOMER"), [], "nothing was done")

    def test_latency_is_kept(self):
        customer = self.customer()
        rules(self.relevo, {"operation": "GetTranscript", "latency": [400, 600]})
        began = time.monotonic()
        customer.transcript()
        self.assertGreaterEqual(time.monotonic() - began, 0.4)

    def test_the_websocket_opens_badly_too(self):
        rules(self.relevo, {"operation": "Websocket", "first": 1, "throttle": True})
        customer = Customer(self.relevo.url, "en")
        with self.assertRaisesRegex(Exception, "429"):
            customer.connect()
        customer.connect()
        customer.disconnect_socket()

    def test_a_flow_tries_a_throttled_function_again_and_goes_on_without_a_dead_one(self):
        rules(self.relevo, {"service": "lambda", "first": 1, "throttle": True})
        self.assertTrue(self.customer().greeted())
        rules(self.relevo, {"service": "lambda", "operation": "Invoke", "error": "ResourceNotFoundException"})
        stranded = Customer(self.relevo.url, "en").connect()
        self.addCleanup(stranded.disconnect_socket)
        self.assertEqual(queued(self.relevo.url, stranded.contact_id)["state"], "QUEUED")

    def test_a_bad_file_is_refused_with_line_and_field(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "faults.yaml"
            file.write_text("seed: 1\nrules:\n  - operation: SendMessage\n    error: ConflictException\n")
            command = [str(BINARY), "up", "--port", "0", "--data", f"{folder}/data", "--faults", str(file)]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertIn(f"{file}:3: rules[0].error: ConflictException is never answered here", ended.stderr)
        self.assertIn("ValidationException, InternalServerException, ThrottlingException", ended.stderr)


def greeted(customer):
    """The bot has joined, and its greeting is there or was given up: one that is throttled away does not keep it from answering."""
    wait_for("the bot", lambda: len(customer.events("participant.joined")) > 1)
    end = time.monotonic() + 3
    while not customer.messages("CUSTOM_BOT") and time.monotonic() < end:
        time.sleep(0.05)


class TheBot(unittest.TestCase):
    """Under each set a whole conversation comes to the person, and nothing is lost or said twice."""

    def conversation(self, kind, problems, *arguments, **some):
        relevo, customer = Relevo(arguments=arguments), None
        try:
            if some:
                rules(relevo, **some)
            customer = connected(Customer(relevo.url, "en", attempts=9))
            greeted(customer)
            said = [f"Hey, any news on my parcel {ORDER}? My document is {DOCUMENT}", "I want to talk to a person"]
            reply = customer.ask(said[0])
            if "something failed" in reply:
                # The agent's failure is the customer's to hear; asked again it answers.
                said.insert(0, said[0])
                reply = customer.ask(said[0])
            assert ADDRESS in reply.lower(), reply
            customer.say(said[-1])
            queued(relevo.url, customer.contact_id)
            rules_hit = sum(injected(relevo))
            assert rules_hit > 0, "nothing was injected"
            rules(relevo, set="off")
            person = Person(relevo.url, customer.contact_id).connect()
            customer.say("thank you for coming")
            person.say("how can I help?")
            time.sleep(1)
            mine, bots = customer.messages("CUSTOMER"), customer.messages("CUSTOM_BOT")
            assert mine == [*said, "thank you for coming"], mine
            assert len(bots) == len(set(bots)), f"said twice: {bots}"
            assert len(customer.events("participant.joined")) >= 3
            person.disconnect_socket()
            customer.disconnect_socket()
            last = customer.transcript()[-1]
            assert last["ParticipantRole"] in ("CUSTOMER", "AGENT"), f"the bot spoke after the hand-off: {last}"
        except Exception as error:  # it goes to the test, which runs the others beside it
            problems.append(f"{kind}: {type(error).__name__}: {error}\n{relevo.output()[-1500:]}")
            if customer:
                calls = [(call["operation"], call["status"], call["durationUs"]) for call in customer.inside().get("calls", [])
                         if call["door"] != "wire"]
                problems.append("\n".join(map(str, [*customer.transcript(), *calls])))
        finally:
            relevo.stop()

    def test_each_set(self):
        problems = []
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "bad.yaml"
            file.write_text(
                "seed: 5\nrules:\n  - {service: connectparticipant, role: CUSTOM_BOT, every: 5, error: ThrottlingException}\n"
                "  - {service: connectparticipant, role: CUSTOM_BOT, every: 4, latency: [50, 300], lost: true}\n"
                "  - {service: lambda, first: 1, lost: true}\n"
                "  - {service: bedrock-agent-runtime, at: [1], error: DependencyFailedException}\n"
                "  - {service: sns, every: 3, lost: true}\n"
            )
            conversations = [
                threading.Thread(target=self.conversation, args=(name, problems), kwargs={"set": name})
                for name in ("throttling", "slow", "lost")
            ]
            conversations.append(threading.Thread(target=self.conversation, args=("file", problems, "--faults", str(file))))
            for one in conversations:
                one.start()
            for one in conversations:
                one.join()
        self.assertEqual(problems, [], "\n".join(problems))


class Quotas(unittest.TestCase):
    """`--quotas aws`: the documented rates, and nothing but them."""

    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo(arguments=("--quotas", "aws"))

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def test_a_burst_and_then_the_rate(self):
        customer = connected(Customer(self.relevo.url, "en", attempts=9))
        self.addCleanup(customer.disconnect_socket)
        api = client("connectparticipant", self.relevo.url)
        began, good, codes = time.monotonic(), 0, set()
        while time.monotonic() - began < 3:
            try:
                api.get_transcript(ConnectionToken=customer.token)
                good += 1
            except ClientError as error:
                codes.add((error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]))
        took = time.monotonic() - began
        # GetTranscript has 8 a second and a burst of 12; the bot may have read the transcript as well.
        most = 12 + 8 * took
        # The upper bound is the promise; below it a slow machine may leave some of the rate unused.
        self.assertTrue(most / 2 <= good <= most, f"{good} in {took:.2f} s, of {most:.1f}")
        self.assertEqual(codes, {("ThrottlingException", 429)})

    def test_starts_are_throttled_and_tried_again_and_every_bot_comes(self):
        starts = client("connect", self.relevo.url)
        known = info(self.relevo.url)
        start = {
            "InstanceId": known["instanceId"],
            "ContactFlowId": known["contactFlowId"],
            "ParticipantDetails": {"DisplayName": "Ana"},
        }
        with self.assertRaises(ClientError) as caught:
            for _ in range(60):
                starts.describe_contact(InstanceId=known["instanceId"], ContactId="00000000-0000-4000-8000-000000000099")
        self.assertIn(caught.exception.response["Error"]["Code"], ("ResourceNotFoundException", "ThrottlingException"))
        with self.assertRaises(ClientError) as caught:
            for _ in range(60):
                starts.start_chat_contact(**start)
        self.assertEqual(caught.exception.response["Error"]["Code"], "TooManyRequestsException")
        # More connections than their burst of 9, half of them the bot's: all are made in the end.
        customers = []
        for _ in range(6):
            customers.append(connected(Customer(self.relevo.url, "en", attempts=9)))
        for customer in customers:
            self.addCleanup(customer.disconnect_socket)
            self.assertTrue(customer.greeted())


if __name__ == "__main__":
    unittest.main()
