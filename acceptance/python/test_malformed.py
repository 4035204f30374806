"""Bodies no SDK would send, on every route that takes one: the AWS error each time, and a server that goes on."""

import unittest

from support.plain import request
from support.people import Customer, info
from support.relevo import Relevo

BODIES = {
    "not JSON": b"{",
    "nothing": b"",
    "a list": b"[]",
    "a number": b"42",
    "a text": b'"x"',
    "null": b"null",
    "not UTF-8": b'{"Content": "\xff\xfe"}',
    "a NUL": b"\x00",
    "two documents": b"{}{}",
    "too deep": b"[" * 100_000,
    "wrong types": b'{"InstanceId": 5, "ContactId": [], "ContactFlowId": {}, "ParticipantDetails": "x", "Type": "x", "ContentType": 1,'
    b' "Content": {}, "ClientToken": 7, "MaxResults": "x", "Attributes": [], "inputText": 5, "displayName": [], "InitialContactId": 1,'
    b' "StreamingId": 3, "ChatStreamingConfiguration": 1, "AttachmentIds": 4, "AttachmentId": [], "AttachmentName": 1, "AttachmentSizeInBytes": "x", "sessionState": 1, "enableTrace": "yes", "instruction": 4}',
}
# An empty body, `{}` in effect, is a good request to these.
EMPTY_IS_FINE = {"/participant/transcript", "/participant/disconnect"}


class Malformed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.url = cls.relevo.url
        cls.customer = Customer(cls.url).connect()
        cls.customer.greeted()
        known = info(cls.url)
        token, participant = cls.customer.token, cls.customer.participant_token
        agent = f"/agents/{known['agentId']}/agentAliases/{known['agentAliasId']}/sessions/malformed/text"
        cls.routes = [
            ("PUT", "/contact/chat", None),
            ("POST", "/contact/create-participant", None),
            ("POST", "/contact/start-streaming", None),
            ("POST", "/contact/stop-streaming", None),
            ("POST", "/contact/attributes", None),
            ("POST", "/contact/stop", None),
            ("POST", "/participant/connection", participant),
            ("POST", "/participant/message", token),
            ("POST", "/participant/event", token),
            ("POST", "/participant/transcript", token),
            ("POST", "/participant/disconnect", token),
            ("POST", agent, None),
            ("POST", f"/relevo/desk/contacts/{cls.customer.contact_id}/accept", None),
        ]

    @classmethod
    def tearDownClass(cls):
        cls.customer.disconnect_socket()
        cls.relevo.stop()

    def test_every_route(self):
        for kind, body in BODIES.items():
            for method, path, bearer in self.routes:
                if kind in ("nothing", "wrong types") and path in EMPTY_IS_FINE:
                    continue
                with self.subTest(f"{kind} to {method} {path}"):
                    answer = request(method, self.url + path, body, {"x-amz-bearer": bearer} if bearer else {})
                    self.assertEqual(answer.status, 400, answer)
                    self.assertTrue(answer.error_type, f"no AWS error name: {answer}")
                    self.assertIsInstance(answer.json, dict)
                    self.assertTrue(self.relevo.alive(), self.relevo.output())
        # And the chat of before is as it was.
        self.assertTrue(self.customer.ask("hola"))

    def test_methods_that_a_route_does_not_have(self):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            answer = request(method, f"{self.url}/participant/message", {})
            self.assertIn(answer.status, (403, 404, 405), answer)

    def test_strange_paths(self):
        for path in ("/contacts/%2e%2e/%00", "/contacts/a/b%2fc", "/relevo/inspector/contacts/%ff", "/../../etc/passwd", "/%2e%2e/Cargo.toml", "//"):
            with self.subTest(path):
                answer = request("GET", self.url + path)
                self.assertIn(answer.status, (400, 403, 404), answer)


if __name__ == "__main__":
    unittest.main()
