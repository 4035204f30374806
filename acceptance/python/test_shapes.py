"""Every operation that is offered, held against its service model: none is left out, and the check itself can fail."""

import datetime
import json
import shutil
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

from botocore.exceptions import ClientError

from python.test_malformed import BODIES
from support import shapes
from support.offered import ALWAYS_REFUSED, SERVICES, ask, offered
from support.people import EVENT, Customer, Participant, Person, client, info, queued
from support.plain import request
from support.relevo import PROCESSOR, ROOT, Relevo, bot_with_hours, wait_for

INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"


class EveryOperation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bot = bot_with_hours()
        cls.relevo = Relevo(bot=cls.bot, endpoints=PROCESSOR)
        cls.url = cls.relevo.url
        cls.info = info(cls.url)

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()
        shutil.rmtree(cls.bot, ignore_errors=True)

    def test_refusals_of_what_no_sdk_sends_are_in_the_model_too(self):
        customer = Customer(self.url).connect()
        self.addCleanup(customer.disconnect_socket)
        for name, operation in offered(self.url).items():
            if name == "DisconnectParticipant":
                continue  # some of these bodies are good enough for it, and the chat would be over
            token = customer.participant_token if name == "CreateParticipantConnection" else customer.token
            for kind, body in {**BODIES, "empty": b"{}"}.items():
                with self.subTest(f"{kind} to {name}"):
                    shapes.check_plain(operation, ask(self.url, operation, body, token))

    def test_every_offered_operation_is_answered_as_its_model_says(self):
        shapes.answered.clear()
        self.drive()
        driven = shapes.answered.keys() | ALWAYS_REFUSED
        self.assertEqual(offered(self.url).keys() - driven, set(), "offered, and not driven here: add a call to `drive`")
        for name in ALWAYS_REFUSED:
            self.assertTrue(any(seen.startswith(name + " ") for seen in shapes.refused), f"{name}: not driven here")

    def drive(self):
        """A chat that asks for all that each operation can answer. A wrong answer fails the call that got it."""
        known, api = self.info, client("connect", self.url)
        instance, stream = {"InstanceId": known["instanceId"]}, {"StreamingEndpointArn": known["topicArn"]}
        whole = api.start_chat_contact(
            **instance,
            ContactFlowId=known["contactFlowId"],
            ParticipantDetails={"DisplayName": "Ana"},
            InitialMessage={"ContentType": "text/plain", "Content": "hola"},
            SegmentAttributes={"connect:Subtype": {"ValueString": "connect:Guide"}},
            SupportedMessagingContentTypes=["text/plain", "text/markdown", INTERACTIVE, f"{INTERACTIVE}.response"],
            ConnectionTypes=["WEBSOCKET", "CONNECTION_CREDENTIALS"],
            ChatStreamingConfiguration=stream,
            CustomerId="c-1",
        )
        self.assertLessEqual({"Websocket", "ConnectionCredentials", "StreamingId"}, set(whole))
        api.stop_contact_streaming(**instance, ContactId=whole["ContactId"], StreamingId=whole["StreamingId"])
        processing = {**instance, "ContactId": whole["ContactId"]}
        api.start_contact_media_processing(**processing, ProcessorArn="processor")
        api.stop_contact_media_processing(**processing)
        self.described(api, instance, whole["ContactId"])
        # Not connected, so that the flow has not brought its own bot.
        api.create_participant(**instance, ContactId=whole["ContactId"],
                               ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"})
        api.stop_contact(**instance, ContactId=whole["ContactId"])
        self.described(api, instance, whole["ContactId"])

        self.over_a_line(api, instance)
        self.find_the_way(api, instance)
        self.make_flows(api, instance)

        customer = Customer(self.url, "en").connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        contact = {**instance, "ContactId": customer.contact_id}
        api.start_contact_streaming(**contact, ChatStreamingConfiguration=stream, ClientToken="shapes")
        api.update_contact_attributes(**instance, InitialContactId=customer.contact_id, Attributes={"campaign": "spring"})
        customer.attributes()
        self.change(api, contact)
        for call, more in [
            (api.transfer_contact, {**contact, "ContactFlowId": known["contactFlowId"], "QueueId": "q"}),
            (customer.api.get_authentication_url, {"SessionId": "0" * 36, "RedirectUri": "https://example.com", "ConnectionToken": customer.token}),
            (customer.api.cancel_participant_authentication, {"SessionId": "0" * 36, "ConnectionToken": customer.token}),
        ]:
            with self.assertRaises(ClientError):
                call(**more)
        customer.api.send_event(ConnectionToken=customer.token, ContentType=EVENT + "typing")
        bill = customer.attach("bill.txt", b"12 EUR", "text/plain")
        customer.fetch(bill)
        customer.say("could I talk to a person?")
        queued(self.url, customer.contact_id)
        self.described(api, instance, customer.contact_id)
        person = Person(self.url, customer.contact_id).connect()
        self.addCleanup(person.disconnect_socket)
        person.say("Hello, I am Enrique")
        customer.say("Thank you")
        person.say("You are welcome")
        accepted = self.described(api, instance, customer.contact_id)
        self.read(customer, person)
        person.leave()
        wait_for("the end", lambda: customer.inside()["state"] == "ENDED")
        ended = self.described(api, instance, customer.contact_id)
        self.assertLessEqual({"DisconnectTimestamp", "ConnectedToSystemTimestamp"}, set(ended))
        self.assertEqual(ended["AgentInfo"], accepted["AgentInfo"])
        self.assertIn("ConnectedToAgentTimestamp", ended["AgentInfo"])
        self.assertEqual(request("POST", f"{self.url}/relevo/desk/contacts/{customer.contact_id}/close").status, 200)
        closed = self.described(api, instance, customer.contact_id)
        work = {"AfterContactWorkStartTimestamp", "AfterContactWorkEndTimestamp", "AfterContactWorkDuration"}
        self.assertLessEqual(work, set(closed["AgentInfo"]))
        for name, shape in api.meta.service_model.shape_for("ChatMetrics").members.items():
            self.assertEqual(set(closed["ChatMetrics"][name]), set(shape.members), name)
        past = {"RehydrationType": "ENTIRE_PAST_SESSION", "SourceContactId": customer.contact_id}
        again = api.start_chat_contact(**instance, ContactFlowId=known["contactFlowId"], ParticipantDetails={"DisplayName": "Ana"},
                                       PersistentChat=past, ConnectionTypes=["CONNECTION_CREDENTIALS"])  # fmt: skip
        self.assertEqual(again["ContinuedFromContactId"], customer.contact_id)
        token = again["ConnectionCredentials"]["ConnectionToken"]
        items = customer.api.get_transcript(ConnectionToken=token, MaxResults=100)["Transcript"]
        self.assertIn(customer.contact_id, {item.get("RelatedContactId") for item in items})
        self.described(api, instance, again["ContactId"])
        api.stop_contact(**instance, ContactId=again["ContactId"])

    def over_a_line(self, api, instance):
        """A chat by SMS: the centre begins it, the phone answers and hangs up."""
        number, phone = "arn:aws:connect:us-east-1:123456789012:phone-number/1", "+34600000000"
        sms = {"connect:Subtype": {"ValueString": "connect:SMS"}}
        contact = api.start_outbound_chat_contact(
            **instance,
            ContactFlowId=self.info["contactFlowId"],
            SourceEndpoint={"Type": "CONNECT_PHONENUMBER_ARN", "Address": number},
            DestinationEndpoint={"Type": "TELEPHONE_NUMBER", "Address": phone},
            SegmentAttributes=sms,
            InitialSystemMessage={"ContentType": "text/plain", "Content": "Your parcel waits"},
        )["ContactId"]
        ends = {"SourceId": phone, "DestinationId": number, "Subtype": "connect:SMS"}
        message = {"Type": "MESSAGE", "ContentType": "text/plain", "Content": "when?"}
        self.assertEqual(api.send_chat_integration_event(**ends, Event=message)["InitialContactId"], contact)
        described = self.described(api, instance, contact)
        self.assertEqual((described["CustomerEndpoint"]["Address"], described["SystemEndpoint"]["Address"]), (phone, number))
        api.send_chat_integration_event(**ends, Event={"Type": "DISCONNECT"})
        self.assertNotIn("InitialContactId", api.send_chat_integration_event(**ends, Event={"Type": "DISCONNECT"}))

    def find_the_way(self, api, instance):
        """Every list, and of each the first thing described."""
        request("PUT", f"{self.url}/relevo/desk/agents/Eva", b'{"status": "BUSY", "maxChats": 2}', {})
        api.list_instances(MaxResults=1)
        api.describe_instance(**instance)
        for listing, key, describing, name in [
            (api.list_queues, "QueueSummaryList", api.describe_queue, "QueueId"),
            (api.list_contact_flows, "ContactFlowSummaryList", api.describe_contact_flow, "ContactFlowId"),
            (api.list_users, "UserSummaryList", api.describe_user, "UserId"),
            (api.list_hours_of_operations, "HoursOfOperationSummaryList", api.describe_hours_of_operation, "HoursOfOperationId"),
        ]:
            for entry in listing(**instance)[key]:
                describing(**instance, **{name: entry["Id"]})
        queues = [queue["Id"] for queue in api.list_queues(**instance, QueueTypes=["STANDARD"])["QueueSummaryList"]]
        counted = [name for name in api.meta.service_model.shape_for("CurrentMetricName").enum if name not in ("OLDEST_CONTACT_AGE", "ESTIMATED_WAIT_TIME")]
        metrics = [{"Name": "OLDEST_CONTACT_AGE", "Unit": "SECONDS"}] + [{"Name": name, "Unit": "COUNT"} for name in counted]
        for groupings in ([], ["QUEUE"], ["QUEUE", "CHANNEL"]):
            told = api.get_current_metric_data(**instance, Filters={"Queues": queues, "Channels": ["CHAT"]}, Groupings=groupings,
                                               CurrentMetrics=metrics)["MetricResults"]  # fmt: skip
            self.assertEqual((len(told), len(told[0]["Collections"])), (len(queues) if groupings else 1, len(metrics)))
        hour = datetime.timedelta(hours=1)
        now = datetime.datetime.now(datetime.timezone.utc)
        found = api.search_contacts(**instance, TimeRange={"Type": "DISCONNECT_TIMESTAMP", "StartTime": now - hour, "EndTime": now + hour},
                                    SearchCriteria={"Channels": ["CHAT"]}, Sort={"FieldName": "DISCONNECT_TIMESTAMP", "Order": "DESCENDING"})  # fmt: skip
        self.assertEqual((found["TotalCount"], found["Contacts"][0]["Channel"]), (len(found["Contacts"]), "CHAT"))
        text = {"StringCondition": {"FieldName": "name", "Value": "e", "ComparisonType": "CONTAINS"}}
        api.search_queues(**instance, SearchCriteria={"OrConditions": [text, {"QueueTypeCondition": "STANDARD"}]})
        api.search_contact_flows(**instance, SearchCriteria={"TypeCondition": "CONTACT_FLOW"})
        api.list_routing_profiles(**instance)
        api.list_lambda_functions(**instance)

    def make_flows(self, api, instance):
        own = api.describe_contact_flow(**instance, ContactFlowId=self.info["contactFlowId"])["ContactFlow"]
        made = api.create_contact_flow(**instance, Name="A copy", Type="CONTACT_FLOW", Content=own["Content"], Description="d", Tags={"a": "b"})
        flow = {**instance, "ContactFlowId": made["ContactFlowId"]}
        api.update_contact_flow_content(**flow, Content=own["Content"])
        api.update_contact_flow_name(**flow, Name="Another copy")
        api.update_contact_flow_metadata(**flow, ContactFlowState="ARCHIVED")
        api.describe_contact_flow(**flow)

    def change(self, api, contact):
        references = {"order": {"Type": "URL", "Value": "https://example.com/1"}}
        api.update_contact(**contact, Name="A late parcel", References=references, SegmentAttributes={"kind": {"ValueString": "late"}})
        api.list_contact_references(**contact, ReferenceTypes=["URL", "EMAIL"])
        api.tag_contact(**contact, Tags={"team": "a", "shift": "b"})
        api.untag_contact(**contact, TagKeys=["shift"])
        api.update_contact_routing_data(**contact, QueueTimeAdjustmentSeconds=-5)
        timers = [{"ParticipantRole": "CUSTOMER", "TimerType": "IDLE", "TimerValue": {"ParticipantTimerDurationInMinutes": 2}},
                  {"ParticipantRole": "AGENT", "TimerType": "IDLE", "TimerValue": {"ParticipantTimerAction": "Unset"}}]  # fmt: skip
        api.update_participant_role_config(**contact, ChannelConfiguration={"Chat": {"ParticipantTimerConfigList": timers}})

        self.view()

    def view(self):
        """A bot of its own: the flow of the example shows no view."""
        with tempfile.TemporaryDirectory(prefix="relevo-view-") as folder:
            bot = Path(shutil.copytree(ROOT / "examples/envios", Path(folder, "bot")))
            flow = json.loads((bot / "flow.json").read_text())
            error = [{"NextAction": flow["StartAction"], "ErrorType": kind} for kind in ("NoMatchingCondition", "NoMatchingError", "TimeLimitExceeded")]
            done = [{"NextAction": flow["StartAction"], "Condition": {"Operator": "Equals", "Operands": ["Next"]}}]
            show = {"ViewResource": {"Id": "arn:aws:connect:us-east-1:aws:view/form", "Version": "1"}, "InvocationTimeLimitSeconds": "60"}
            flow["Actions"].append({"Identifier": "view", "Type": "ShowView", "Parameters": show, "Transitions": {"Errors": error, "Conditions": done}})
            flow["StartAction"] = "view"
            (bot / "flow.json").write_text(json.dumps(flow))
            relevo = Relevo(bot=bot)
            self.addCleanup(relevo.stop)
            known = info(relevo.url)
            interactive = "application/vnd.amazonaws.connect.message.interactive"
            started = client("connect", relevo.url).start_chat_contact(
                InstanceId=known["instanceId"],
                ContactFlowId=known["contactFlowId"],
                ParticipantDetails={"DisplayName": "Ana"},
                SupportedMessagingContentTypes=["text/plain", interactive],
            )
            customer = Participant(relevo.url, started["ParticipantToken"]).connect()
            self.addCleanup(customer.disconnect_socket)
            shown = wait_for("the view", lambda: next((item for item in customer.transcript() if item["ContentType"] == interactive), None))
            token = json.loads(shown["Content"])["data"]["content"]["viewToken"]
            view = customer.api.describe_view(ConnectionToken=customer.token, ViewToken=token)["View"]
            self.assertEqual((view["Name"], view["Version"], view["Content"]["Actions"]), ("Form", 1, ["Next"]))

    def read(self, customer, person):
        """Each reads the other's last words and says so; the transcript has it."""
        for reader, role in ((customer, "AGENT"), (person, "CUSTOMER")):
            said = [item for item in reader.transcript() if item.get("ParticipantRole") == role and item["Type"] == "MESSAGE"][-1]
            for word in ("delivered", "read"):
                reader.api.send_event(ConnectionToken=reader.token, ContentType=EVENT + "message." + word, Content=json.dumps({"messageId": said["Id"]}))
            again = next(item for item in reader.transcript() if item["Id"] == said["Id"])
            [receipt] = again["MessageMetadata"]["Receipts"]
            self.assertLessEqual({"DeliveredTimestamp", "ReadTimestamp", "RecipientParticipantId"}, set(receipt))

    def described(self, api, instance, contact_id):
        return api.describe_contact(**instance, ContactId=contact_id)["Contact"]


class TheCheckItself(unittest.TestCase):
    """What botocore lets through must fail here."""

    @classmethod
    def setUpClass(cls):
        # Nobody listens there, and nobody is called.
        cls.models = {service: client(service, "http://127.0.0.1:9").meta.service_model for service in SERVICES}

    def faults(self, service, operation, body, status=200, error=None):
        model = self.models[service].operation_model(operation)
        headers = {"x-amzn-errortype": error} if error else {}
        try:
            shapes._check(model, {"status_code": status, "headers": headers, "body": body})
        except shapes.ShapeError as wrong:
            return str(wrong)
        return ""

    def test_wrong_answers(self):
        transcript = b'{"Transcript":[{"Id":"1","Type":"%s","AbsoluteTime":"2021-09-08T13:28:24.656Z"}]}'
        for service, operation, body, wanted in [
            ("connectparticipant", "SendMessage", b'{"Id":"1","AbsoluteTime":"2021-09-08T13:28:24.656Z"}', ""),
            ("connectparticipant", "SendMessage", b'{"Id":"1","Absolutetime":"x"}', "Absolutetime: not in the model"),
            ("connectparticipant", "SendMessage", b'{"Id":1}', "Id: not a string"),
            ("connectparticipant", "SendMessage", b'{"Id":null}', "Id: null"),
            ("connectparticipant", "SendMessage", b"[]", "not a structure"),
            ("connectparticipant", "SendMessage", b"<html>", "not JSON"),
            ("connectparticipant", "GetTranscript", transcript % b"MESSAGE", ""),
            ("connectparticipant", "GetTranscript", transcript % b"SHOUT", "Transcript[0].Type: 'SHOUT' is none of"),
            ("connect", "StartContactStreaming", b'{"StreamingId":"1"}', ""),
            ("connect", "StartContactStreaming", b"{}", "StreamingId: required"),
            ("connect", "StartContactStreaming", b'{"StreamingId":"%s"}' % (b"x" * 101), "101 characters"),
            ("connect", "DescribeContact", b'{"Contact":{"InitiationTimestamp":1631107704.656}}', ""),
            ("connect", "DescribeContact", b'{"Contact":{"InitiationTimestamp":"2021-09-08T13:28:24Z"}}', "not a time as unixTimestamp"),
        ]:
            with self.subTest(operation, body=body[:60]):
                said = self.faults(service, operation, body)
                self.assertIn(wanted, said)
                self.assertEqual(bool(said), bool(wanted), said)

    def test_wrong_errors(self):
        for operation, status, error, body, wanted in [
            ("CreateParticipant", 409, "ConflictException", b'{"Message":"x"}', ""),
            ("CreateParticipant", 400, "ConflictException", b'{"Message":"x"}', "has status 409 in the model"),
            ("CreateParticipant", 400, "InvalidParameterException", b'{"Message":"x"}', "is no error of the operation"),
            ("CreateParticipant", 409, "ConflictException", b'{"Msg":"x"}', "Msg: not in the model"),
            ("CreateParticipant", 403, "AccessDeniedException", b"{}", "no message"),
            ("CreateParticipant", 500, None, b'{"Message":"x"}', "without a name"),
        ]:
            with self.subTest(error=error, body=body):
                said = self.faults("connect", operation, body, status, error)
                self.assertIn(wanted, said)
                self.assertEqual(bool(said), bool(wanted), said)

    def test_a_union_has_one_member(self):
        member = SimpleNamespace(type_name="boolean", serialization={}, metadata={})
        union = SimpleNamespace(type_name="structure", is_tagged_union=True, members={"A": member, "B": member}, required_members=[])
        self.assertEqual(shapes.validate("it", union, {"A": True}), [])
        self.assertIn("exactly one member", shapes.validate("it", union, {"A": True, "B": False})[0])


if __name__ == "__main__":
    unittest.main()
