"""A bot of another team beside this contact centre: Lambda functions in Python by AWS's own runtime client, functions behind
the Invoke API, and HTTP endpoints that are subscribed to the message stream."""

import json
import sys
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.people import Customer, Person, client, info, queued
from support.relevo import ROOT, Relevo, wait_for

BOT = ROOT / "acceptance/other-bot"
CUSTOMERS = {"ParticipantRole": ["CUSTOMER"], "Type": ["MESSAGE"]}


def python(handler, **more):
    return {"command": [sys.executable, "-m", "awslambdaric", f"bot.{handler}"], "directory": str(BOT), **more}


class Server:
    """A team's own server, on loopback."""

    def __init__(self, test, answer=lambda path, headers, body: (200, b"")):
        got = self.got = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                got.append((self.path, dict(self.headers), json.loads(body)))
                status, text = answer(*got[-1])
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


class Endpoints(unittest.TestCase):
    def relevo(self, functions=None, subscribers=None, arguments=()):
        relevo = Relevo(endpoints={"functions": functions or {}, "subscribers": subscribers or []}, arguments=arguments)
        self.addCleanup(relevo.stop)
        return relevo

    def customer(self, relevo):
        customer = Customer(relevo.url, "en").connect()
        self.addCleanup(customer.disconnect_socket)
        return customer

    def heard(self, customer):
        return customer.messages("CUSTOM_BOT")

    def conversation(self, relevo):
        """Greeting, answers in order, hand-off, a person; nothing of Relevo's own bot."""
        customer = self.customer(relevo)
        wait_for("the greeting", lambda: self.heard(customer) == ["Hello from Python."], 30)
        for words in ("one", "two", "three"):
            customer.say(words)
            wait_for(words, lambda words=words: self.heard(customer)[-1] == f"You said: {words}", 30)
        customer.say("a person, please")
        queued(relevo.url, customer.contact_id)
        person = Person(relevo.url, customer.contact_id).connect()
        person.say("Here I am")
        customer.say("thank you")
        wait_for("the person", lambda: customer.messages("AGENT"))
        wanted = ["Hello from Python.", "You said: one", "You said: two", "You said: three", "A person will be with you."]
        self.assertEqual(self.heard(customer), wanted)
        self.assertEqual(customer.attributes()["lastWords"], "a person, please")
        person.leave()

    def test_a_python_bot_by_awss_runtime_client(self):
        relevo = self.relevo(
            {"start-bot": python("start"), "chat-bot": python("chat")},
            [{"function": "chat-bot", "filterPolicy": CUSTOMERS}],
        )
        self.conversation(relevo)
        self.assertIn("took 1 records", relevo.output())

    def test_the_python_bot_over_a_chaotic_stream(self):
        relevo = self.relevo(
            {"start-bot": python("start"), "chat-bot": python("chat")},
            [{"function": "chat-bot", "filterPolicy": CUSTOMERS}],
            ["--stream", "chaotic"],
        )
        self.conversation(relevo)

    def test_a_processor_in_python_sees_messages_before_anybody_else(self):
        relevo = self.relevo({"redact": python("redact")})
        names, connect = info(relevo.url), client("connect", relevo.url)
        customer = self.customer(relevo)
        wait_for("the greeting", lambda: self.heard(customer), 30)
        contact = {"InstanceId": names["instanceId"], "ContactId": customer.contact_id}
        with self.assertRaises(connect.exceptions.ResourceNotFoundException):
            connect.start_contact_media_processing(**contact, ProcessorArn="arn:aws:lambda:us-east-1:123456789012:function:nobody")
        redact = "arn:aws:lambda:us-east-1:123456789012:function:redact"
        connect.start_contact_media_processing(**contact, ProcessorArn=redact, FailureMode="DO_NOT_DELIVER_UNPROCESSED_MESSAGE")

        def say(words):
            return customer.api.send_message(ContentType="text/plain", Content=words, ConnectionToken=customer.token)

        def mine():
            said = [it for it in customer.transcript() if it["Type"] == "MESSAGE" and it["ParticipantRole"] == "CUSTOMER"]
            return [(it["Content"], it.get("MessageMetadata", {}).get("MessageProcessingStatus")) for it in said]

        sent = say("I want to talk to a person about 4111 1111 1111 1111")
        self.assertEqual(sent["MessageMetadata"], {"MessageProcessingStatus": "PROCESSING"})
        redacted = ("I want to talk to a person about [CARD]", None)
        wait_for("the redaction", lambda: mine() == [redacted], 30)
        queued(relevo.url, customer.contact_id)
        person = Person(relevo.url, customer.contact_id).connect()
        say("damn")
        say("oops")
        refused = [redacted, ("damn", "REJECTED"), ("oops", "FAILED")]
        wait_for("what is not delivered", lambda: mine() == refused, 30)
        self.assertEqual(person.messages("CUSTOMER"), [redacted[0]])
        connect.stop_contact_media_processing(**contact)
        self.assertNotIn("MessageMetadata", say("4111"))
        self.assertEqual(person.messages("CUSTOMER"), [redacted[0], "4111"])
        person.leave()

    def test_functions_behind_the_invoke_api_get_connects_and_snss_events(self):
        def answer(path, _headers, event):
            if path.endswith("/start-bot/invocations") and event["Details"]["Parameters"]:
                return 200, b'{"status": "left"}'
            if path.endswith("/start-bot/invocations"):
                names = info(relevo.url)
                client("connect", relevo.url).start_contact_streaming(
                    InstanceId=names["instanceId"],
                    ContactId=event["Details"]["ContactData"]["ContactId"],
                    ChatStreamingConfiguration={"StreamingEndpointArn": names["topicArn"]},
                    ClientToken="streaming",
                )
                return 200, b'{"status": "success"}'
            # Once not able to, and then well.
            return (500 if len(server.got) == 3 else 200), b"null"

        server = Server(self, answer)
        relevo = self.relevo(
            {"start-bot": {"endpoint": server.url}, "chat-bot": {"endpoint": server.url}},
            [{"function": "chat-bot", "filterPolicy": CUSTOMERS}],
        )
        customer = self.customer(relevo)
        (path, _, event) = wait_for("the flow's call", lambda: server.got and server.got[0])
        self.assertEqual((path, event["Name"]), ("/2015-03-31/functions/start-bot/invocations", "ContactFlowEvent"))
        self.assertEqual(event["Details"]["ContactData"]["ContactId"], customer.contact_id)
        wait_for("the flow's going on", lambda: "bot-already-gone" in [step["identifier"] for step in customer.inside()["path"]])
        # It has not joined, so the flow goes on without it, and says so.
        wait_for("the flow's call to leave", lambda: len(server.got) == 2)
        self.assertEqual(server.got[1][2]["Details"]["Parameters"], {"bot": "leave"})
        customer.say("hello")
        wait_for("a second try", lambda: len(server.got) == 4)
        for path, _, event in server.got[2:]:
            self.assertEqual(path, "/2015-03-31/functions/chat-bot/invocations")
            self.assertEqual([json.loads(record["Sns"]["Message"])["Content"] for record in event["Records"]], ["hello"])
        self.assertEqual(self.heard(customer), [], "the bot is the other team's")

    def test_http_endpoints_hear_what_their_policies_let_through(self):
        plain = Server(self)
        first = [503]

        def flaky(_path, headers, _body):
            return (first.pop(), b"") if first and headers["x-amz-sns-message-type"] == "Notification" else (200, b"")

        raw = Server(self, flaky)
        relevo = self.relevo(
            subscribers=[
                {"url": f"{plain.url}/all"},
                {"url": f"{raw.url}/customers", "rawMessageDelivery": True, "filterPolicy": CUSTOMERS},
            ]
        )
        (path, headers, confirmation) = wait_for("the confirmation", lambda: plain.got and plain.got[0])
        self.assertEqual((path, headers["x-amz-sns-message-type"]), ("/all", "SubscriptionConfirmation"))
        with urllib.request.urlopen(confirmation["SubscribeURL"]) as answer:
            self.assertIn(b"<SubscriptionArn>" + confirmation["TopicArn"].encode(), answer.read())
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(confirmation["SubscribeURL"].replace(confirmation["Token"], "other"))
        self.assertEqual(refused.exception.code, 400)

        # Relevo's own bot answers beside them.
        customer = self.customer(relevo)
        customer.greeted()
        customer.say("hello there")

        def notifications(server):
            return [(headers, body) for _, headers, body in server.got if headers["x-amz-sns-message-type"] == "Notification"]

        def heard_by_both():
            return len(notifications(raw)) > 1 and any("hello there" in body["Message"] for _, body in notifications(plain))

        wait_for("both have heard it", heard_by_both)
        headers, message = notifications(raw)[-1]
        self.assertEqual(headers["x-amz-sns-rawdelivery"], "true")
        self.assertEqual((message["Content"], message["ParticipantRole"]), ("hello there", "CUSTOMER"))
        self.assertEqual({body["Content"] for _, body in notifications(raw)}, {"hello there"}, "tried again after a 503")
        headers, body = notifications(plain)[-1]
        self.assertEqual(headers["x-amz-sns-topic-arn"], body["TopicArn"])
        self.assertTrue(headers["x-amz-sns-subscription-arn"].startswith(body["TopicArn"]))
        roles = {body["MessageAttributes"].get("ParticipantRole", {}).get("Value") for _, body in notifications(plain)}
        self.assertTrue({"CUSTOMER", "CUSTOM_BOT"} <= roles, roles)
        wait_for("the bot's answer", lambda: len(customer.messages("CUSTOM_BOT")) > 1)

    def test_a_broken_subscriber_holds_nobody_up(self):
        broken = Server(self, lambda *_: (400, b""))
        relevo = self.relevo(
            {"start-bot": python("start"), "chat-bot": python("chat"), "broken": {"endpoint": "http://127.0.0.1:9"}},
            [{"url": broken.url}, {"function": "broken"}, {"function": "chat-bot", "filterPolicy": CUSTOMERS}],
        )
        self.conversation(relevo)


if __name__ == "__main__":
    unittest.main()
