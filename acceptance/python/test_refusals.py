"""Refusals: the AWS error for each, and a server that goes on."""

import unittest
import urllib.error

from botocore.exceptions import ClientError

from support.plain import request
from support.people import Customer, client, info
from support.relevo import Relevo, wait_for

NOWHERE = "00000000-0000-4000-8000-000000000000"


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.url = cls.relevo.url
        cls.info = info(cls.url)
        cls.connect = client("connect", cls.url)
        cls.participants = client("connectparticipant", cls.url)

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def tearDown(self):
        self.assertTrue(self.relevo.alive(), self.relevo.output())
        self.assertEqual(request("GET", f"{self.url}/health").status, 200)

    def refused(self, name, status, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (name, status), answer)
        self.assertTrue(answer["Error"]["Message"] or answer.get("Message"), "no message for the client")

    def connected(self):
        customer = Customer(self.url).connect()
        self.addCleanup(customer.disconnect_socket)
        return customer

    # Messages

    def test_a_message_over_the_limit(self):
        customer = self.connected()
        # botocore counts characters and lets these through; the service counts bytes.
        self.refused("ValidationException", 400, self.participants.send_message,
                     ConnectionToken=customer.token, ContentType="text/plain", Content="ñ" * 8193)
        self.assertEqual(customer.messages("CUSTOMER"), [])

    def test_a_message_at_the_limit(self):
        customer = self.connected()
        text = "ñ" * 8192
        customer.say(text)
        self.assertEqual(customer.messages("CUSTOMER"), [text])

    def test_a_message_far_over_the_limit(self):
        customer = self.connected()
        bearer = {"x-amz-bearer": customer.token}
        url = f"{self.url}/participant/message"
        answer = request("POST", url, {"ContentType": "text/plain", "Content": "x" * 900_000}, bearer)
        self.assertEqual((answer.status, answer.error_type), (400, "ValidationException"), answer)
        # Beyond a megabyte the server need not read on: it may answer early and hang up.
        try:
            answer = request("POST", url, {"ContentType": "text/plain", "Content": "x" * 5_000_000}, bearer)
            self.assertIn(answer.status, (400, 413), answer)
        except (urllib.error.URLError, ConnectionError):
            pass

    def test_an_empty_message(self):
        customer = self.connected()
        answer = request("POST", f"{self.url}/participant/message", {"ContentType": "text/plain", "Content": ""}, {"x-amz-bearer": customer.token})
        self.assertEqual((answer.status, answer.error_type), (400, "ValidationException"), answer)

    def test_a_content_type_that_nobody_knows(self):
        customer = self.connected()
        self.refused("ValidationException", 400, self.participants.send_message,
                     ConnectionToken=customer.token, ContentType="image/png", Content="x")

    def test_an_event_that_nobody_knows(self):
        customer = self.connected()
        self.refused("ValidationException", 400, self.participants.send_event,
                     ConnectionToken=customer.token, ContentType="application/vnd.amazonaws.connect.event.party")

    # Tokens

    def test_a_token_that_never_was(self):
        for call, arguments in [
            (self.participants.create_participant_connection, {"ParticipantToken": "never", "Type": ["CONNECTION_CREDENTIALS"]}),
            (self.participants.send_message, {"ConnectionToken": "never", "ContentType": "text/plain", "Content": "x"}),
            (self.participants.send_event, {"ConnectionToken": "never", "ContentType": "application/vnd.amazonaws.connect.event.typing"}),
            (self.participants.get_transcript, {"ConnectionToken": "never"}),
            (self.participants.disconnect_participant, {"ConnectionToken": "never"}),
        ]:
            with self.subTest(call.__name__):
                self.refused("AccessDeniedException", 403, call, **arguments)

    def test_the_other_kind_of_token(self):
        customer = self.connected()
        self.refused("AccessDeniedException", 403, self.participants.send_message,
                     ConnectionToken=customer.participant_token, ContentType="text/plain", Content="x")
        self.refused("AccessDeniedException", 403, self.participants.create_participant_connection,
                     ParticipantToken=customer.token, Type=["CONNECTION_CREDENTIALS"])

    def test_no_token(self):
        answer = request("POST", f"{self.url}/participant/message", {"ContentType": "text/plain", "Content": "x"})
        self.assertEqual((answer.status, answer.error_type), (403, "AccessDeniedException"), answer)

    def test_the_tokens_of_a_chat_that_is_over(self):
        customer = self.connected()
        customer.greeted()
        customer.leave()
        wait_for("the end", lambda: customer.inside()["state"] == "ENDED")
        self.refused("AccessDeniedException", 403, self.participants.send_message,
                     ConnectionToken=customer.token, ContentType="text/plain", Content="x")
        self.refused("AccessDeniedException", 403, self.participants.create_participant_connection,
                     ParticipantToken=customer.participant_token, Type=["CONNECTION_CREDENTIALS"])

    def test_a_websocket_address_that_never_was(self):
        import websocket

        customer = Customer(self.url)
        answer = self.participants.create_participant_connection(ParticipantToken=customer.participant_token, Type=["WEBSOCKET"])
        url = answer["Websocket"]["Url"]
        with self.assertRaises(websocket.WebSocketBadStatusException) as caught:
            websocket.create_connection(url[:-6] + "aaaaaa", timeout=10)
        self.assertIn(caught.exception.status_code, (401, 403))

    # Contacts

    def test_an_unknown_contact(self):
        instance = self.info["instanceId"]
        known = {"InstanceId": instance, "ContactId": NOWHERE}
        initial = {"InstanceId": instance, "InitialContactId": NOWHERE}
        for call, arguments in [
            (self.connect.describe_contact, known),
            (self.connect.get_contact_attributes, initial),
            (self.connect.update_contact_attributes, {**initial, "Attributes": {"a": "b"}}),
            (self.connect.create_participant, {**known, "ParticipantDetails": {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "b"}}),
            (self.connect.start_contact_streaming, {**known, "ClientToken": "t", "ChatStreamingConfiguration": {"StreamingEndpointArn": self.info["topicArn"]}}),
            (self.connect.stop_contact_streaming, {**known, "StreamingId": NOWHERE}),
            (self.connect.start_contact_media_processing, {**known, "ProcessorArn": "start-bot"}),
            (self.connect.stop_contact_media_processing, known),
        ]:
            with self.subTest(call.__name__):
                self.refused("ResourceNotFoundException", 404, call, **arguments)

    def test_stopping_an_unknown_contact(self):
        with self.assertRaises(ClientError) as caught:
            self.connect.stop_contact(InstanceId=self.info["instanceId"], ContactId=NOWHERE)
        self.assertIn(caught.exception.response["Error"]["Code"], ("ContactNotFoundException", "ResourceNotFoundException"))

    def test_an_unknown_flow_and_an_unknown_instance(self):
        for instance, flow in [(self.info["instanceId"], NOWHERE), (NOWHERE, self.info["contactFlowId"])]:
            with self.subTest(flow=flow):
                with self.assertRaises(ClientError) as caught:
                    self.connect.start_chat_contact(InstanceId=instance, ContactFlowId=flow, ParticipantDetails={"DisplayName": "Ana"})
                self.assertIn(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], (400, 404))

    def test_attributes_that_connect_does_not_take(self):
        customer = self.connected()
        for attributes in [{"no spaces": "x"}, {"big": "x" * 32_768}]:
            with self.subTest(list(attributes)[0]):
                with self.assertRaises(ClientError) as caught:
                    self.connect.update_contact_attributes(InstanceId=customer.instance_id, InitialContactId=customer.contact_id, Attributes=attributes)
                self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)

    def test_a_second_bot(self):
        customer = self.connected()
        customer.greeted()
        with self.assertRaises(ClientError) as caught:
            self.connect.create_participant(InstanceId=customer.instance_id, ContactId=customer.contact_id,
                                            ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Second"})
        self.assertIn(caught.exception.response["Error"]["Code"], ("ConflictException", "ServiceQuotaExceededException"))

    def test_the_desk_does_not_accept_what_does_not_wait(self):
        customer = self.connected()
        for contact_id in (customer.contact_id, NOWHERE):
            answer = request("POST", f"{self.url}/relevo/desk/contacts/{contact_id}/accept", {"displayName": "Eva"})
            self.assertIn(answer.status, (404, 409, 410), answer)
            self.assertTrue(answer.json["Message"])

    # Operations

    def test_an_operation_that_is_not_there(self):
        for call, arguments in [
            (self.connect.list_agent_statuses, {"InstanceId": self.info["instanceId"]}),
            (self.connect.create_user, {"InstanceId": self.info["instanceId"], "Username": "a", "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
                                        "SecurityProfileIds": ["a"], "RoutingProfileId": "a"}),
        ]:
            with self.subTest(call.__name__):
                with self.assertRaises(ClientError) as caught:
                    call(**arguments)
                answer = caught.exception.response
                self.assertFalse(answer["Error"]["Code"].isdigit(), answer)
                self.assertIn(answer["ResponseMetadata"]["HTTPStatusCode"], range(400, 502))

    def test_a_path_that_nobody_knows(self):
        answer = request("GET", f"{self.url}/nothing/here")
        self.assertEqual(answer.status, 404)
        self.assertTrue(answer.error_type, answer)


if __name__ == "__main__":
    unittest.main()
