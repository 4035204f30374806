"""The AWS command line against every operation that is offered: `aws connect …`, `aws connectparticipant …`.

Which these are, the server is asked (`support.offered`); one that no command here has reached fails the test."""

import datetime
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from botocore import xform_name

from support.offered import ALWAYS_REFUSED, offered
from support.plain import request
from support.relevo import PROCESSOR, Relevo, bot_with_hours, wait_for

AWS = Path(sys.executable).parent / "aws"
EVENT = "application/vnd.amazonaws.connect.event."
INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"
NUMBER, PHONE = "arn:aws:connect:us-east-1:123456789012:phone-number/1", "+34600000000"
OF_PARTICIPANTS = {
    "CreateParticipantConnection", "SendMessage", "SendEvent", "GetTranscript", "DisconnectParticipant", "DescribeView",
    "GetAuthenticationUrl", "CancelParticipantAuthentication", "StartAttachmentUpload", "CompleteAttachmentUpload", "GetAttachment",
}  # fmt: skip


class Refused(Exception):
    """A command that AWS's client ended with an error of the service."""


def flow(queue):
    """Shows a view, and goes to the queue."""

    def action(identifier, kind, parameters, then, errors, conditions=()):
        return {
            "Identifier": identifier, "Type": kind, "Parameters": parameters,
            "Transitions": {
                "NextAction": then, "Errors": [{"NextAction": then, "ErrorType": error} for error in errors],
                "Conditions": [{"NextAction": then, "Condition": {"Operator": "Equals", "Operands": [it]}} for it in conditions],
            },
        }  # fmt: skip

    show = {"ViewResource": {"Id": "arn:aws:connect:us-east-1:aws:view/form", "Version": "1"}, "InvocationTimeLimitSeconds": "60"}
    shown = action("view", "ShowView", show, "target", ["NoMatchingCondition", "NoMatchingError", "TimeLimitExceeded"], ["Next"])
    del shown["Transitions"]["NextAction"]
    return json.dumps({"Version": "2019-10-30", "StartAction": "view", "Actions": [
        shown,
        action("target", "UpdateContactTargetQueue", {"QueueId": queue}, "queue", ["NoMatchingError"]),
        action("queue", "TransferContactToQueue", {}, "end", ["QueueAtCapacity", "NoMatchingError"]),
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]})  # fmt: skip


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo(bot=bot_with_hours(), endpoints=PROCESSOR)
        cls.url = cls.relevo.url
        cls.info = request("GET", f"{cls.url}/relevo/info").json
        cls.instance = {"InstanceId": cls.info["instanceId"]}
        cls.topic = {"StreamingEndpointArn": cls.info["topicArn"]}
        cls.answered, cls.refused = set(), set()
        cls.environment = {
            **os.environ, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "1",
        }  # fmt: skip

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def aws(self, operation, *more, **parameters):
        """One command. Parameters are written as a person would: words as they are, all else as JSON."""
        service = "connectparticipant" if operation in OF_PARTICIPANTS else "connect"
        command = [AWS, service, xform_name(operation, "-"), "--endpoint-url", self.url, "--output", "json", *more]
        for name, value in parameters.items():
            option = "--" + xform_name(name, "-")
            if isinstance(value, bool):
                command.append(option if value else option.replace("--", "--no-"))
            else:
                command += [option, value if isinstance(value, str) else json.dumps(value)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        if done.returncode:
            self.refused.add(operation)
            raise Refused(done.stderr.strip())
        self.answered.add(operation)
        return json.loads(done.stdout or "{}")

    def fails(self, error, operation, **parameters):
        with self.assertRaises(Refused) as caught:
            self.aws(operation, **parameters)
        self.assertIn(f"({error}) when calling the {operation} operation", str(caught.exception))

    def test_every_operation_that_is_offered(self):
        wanted = offered(self.url).keys()
        self.find()
        flow_id = self.flows()
        self.chat(flow_id)
        self.line(flow_id)
        self.assertEqual(wanted - self.answered - ALWAYS_REFUSED, set(), "offered, and reached by no command here")
        self.assertLessEqual(ALWAYS_REFUSED, self.refused)
        self.assertEqual(self.answered & ALWAYS_REFUSED, set())
        self.assertLessEqual(self.answered, wanted)

    def find(self):
        put = request("PUT", f"{self.url}/relevo/desk/agents/Eva", {"status": "BUSY", "maxChats": 1})
        self.assertLess(put.status, 300, put)
        self.assertEqual(len(self.aws("ListInstances")["InstanceSummaryList"]), 1)
        self.assertEqual(self.aws("DescribeInstance", **self.instance)["Instance"]["Id"], self.info["instanceId"])
        # Pages of the server's, and pages of the command line's.
        every = self.aws("ListQueues", "--page-size", "1", **self.instance)["QueueSummaryList"]
        self.assertGreaterEqual(len(every), 2)
        first = self.aws("ListQueues", "--max-items", "1", **self.instance)
        rest = self.aws("ListQueues", "--starting-token", first["NextToken"], **self.instance)
        self.assertEqual(first["QueueSummaryList"] + rest["QueueSummaryList"], every)
        self.queue = next(queue for queue in every if queue["QueueType"] == "STANDARD")
        described = self.aws("DescribeQueue", **self.instance, QueueId=self.queue["Id"])["Queue"]
        self.assertEqual(described["Name"], self.queue["Name"])
        self.aws("SearchQueues", **self.instance, SearchCriteria={"QueueTypeCondition": "STANDARD"})
        [user] = self.aws("ListUsers", **self.instance)["UserSummaryList"]
        self.assertEqual(self.aws("DescribeUser", **self.instance, UserId=user["Id"])["User"]["Username"], "Eva")
        self.aws("ListRoutingProfiles", **self.instance)
        [hours] = self.aws("ListHoursOfOperations", **self.instance)["HoursOfOperationSummaryList"]
        self.aws("DescribeHoursOfOperation", **self.instance, HoursOfOperationId=hours["Id"])
        self.assertTrue(self.aws("ListLambdaFunctions", **self.instance)["LambdaFunctions"])
        figures = self.aws("GetCurrentMetricData", **self.instance, Filters={"Queues": [self.queue["Id"]], "Channels": ["CHAT"]},
                           Groupings=["QUEUE"], CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}])  # fmt: skip
        self.assertEqual(figures["MetricResults"][0]["Collections"][0]["Value"], 0.0)

    def flows(self):
        content = flow(self.queue["Arn"])
        made = self.aws("CreateContactFlow", **self.instance, Name="By hand", Type="CONTACT_FLOW", Content=content)["ContactFlowId"]
        one = {**self.instance, "ContactFlowId": made}
        self.aws("UpdateContactFlowContent", **one, Content=content)
        self.aws("UpdateContactFlowName", **one, Name="By the command line")
        self.aws("UpdateContactFlowMetadata", **one, Description="for this test")
        described = self.aws("DescribeContactFlow", **one)["ContactFlow"]
        self.assertEqual((described["Name"], described["Description"]), ("By the command line", "for this test"))
        self.assertIn(made, [it["Id"] for it in self.aws("ListContactFlows", **self.instance)["ContactFlowSummaryList"]])
        named = {"StringCondition": {"FieldName": "name", "Value": "by the", "ComparisonType": "STARTS_WITH"}}
        self.assertEqual([it["Id"] for it in self.aws("SearchContactFlows", **self.instance, SearchCriteria=named)["ContactFlows"]], [made])
        return made

    def chat(self, flow_id):
        started = self.aws("StartChatContact", **self.instance, ContactFlowId=flow_id, ParticipantDetails={"DisplayName": "Ana"},
                           SupportedMessagingContentTypes=["text/plain", INTERACTIVE], DisconnectOnCustomerExit=["AGENT"])  # fmt: skip
        contact = {**self.instance, "ContactId": started["ContactId"]}
        stream = self.aws("StartContactStreaming", **contact, ChatStreamingConfiguration=self.topic)
        self.aws("CreateParticipant", **contact, ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"})
        connection = self.aws("CreateParticipantConnection", ParticipantToken=started["ParticipantToken"],
                              Type=["CONNECTION_CREDENTIALS"], ConnectParticipant=True)  # fmt: skip
        me = {"ConnectionToken": connection["ConnectionCredentials"]["ConnectionToken"]}
        said = self.aws("SendMessage", **me, ContentType="text/plain", Content="hola")
        self.aws("SendEvent", **me, ContentType=EVENT + "typing")
        self.fails("ValidationException", "SendEvent", **me, ContentType=EVENT + "message.read", Content=json.dumps({"messageId": "none"}))
        items = self.aws("GetTranscript", **me, MaxResults=100, SortOrder="ASCENDING")["Transcript"]
        self.assertIn(said["Id"], [item["Id"] for item in items])
        shown = next(item for item in items if item["ContentType"] == INTERACTIVE)
        view = self.aws("DescribeView", **me, ViewToken=json.loads(shown["Content"])["data"]["content"]["viewToken"])["View"]
        self.assertEqual(view["Content"]["Actions"], ["Next"])
        self.attach(me)
        session = {"SessionId": "0" * 36}
        self.fails("ValidationException", "GetAuthenticationUrl", **me, **session, RedirectUri="app://signed-in")  # `aws` fetches what begins with https:
        self.fails("ValidationException", "CancelParticipantAuthentication", **me, **session)
        self.change(contact)
        self.fails("InvalidRequestException", "TransferContact", **contact, ContactFlowId=flow_id, QueueId=self.queue["Id"])
        self.aws("StartContactMediaProcessing", **contact, ProcessorArn="processor", FailureMode="DELIVER_UNPROCESSED_MESSAGE")
        self.aws("StopContactMediaProcessing", **contact)
        self.aws("StopContactStreaming", **contact, StreamingId=stream["StreamingId"])
        self.aws("DisconnectParticipant", **me)
        self.fails("AccessDeniedException", "SendMessage", **me, ContentType="text/plain", Content="late")
        reason = self.aws("DescribeContact", **contact)["Contact"]["DisconnectReason"]
        self.assertEqual(reason, "CUSTOMER_DISCONNECT")

    def attach(self, me):
        begun = self.aws("StartAttachmentUpload", **me, ContentType="text/plain", AttachmentSizeInBytes=6, AttachmentName="bill.txt")
        put = request("PUT", begun["UploadMetadata"]["Url"], b"12 EUR", begun["UploadMetadata"]["HeadersToInclude"])
        self.assertEqual(put.status, 200, put)
        self.aws("CompleteAttachmentUpload", **me, AttachmentIds=[begun["AttachmentId"]])

        def scanned():
            try:
                return self.aws("GetAttachment", **me, AttachmentId=begun["AttachmentId"])
            except Refused:
                return None

        self.assertEqual(request("GET", wait_for("the scan", scanned)["Url"]).body, b"12 EUR")

    def change(self, contact):
        self.aws("UpdateContactAttributes", **self.instance, InitialContactId=contact["ContactId"], Attributes={"campaign": "spring"})
        read = self.aws("GetContactAttributes", **self.instance, InitialContactId=contact["ContactId"])
        self.assertEqual(read["Attributes"]["campaign"], "spring")
        self.aws("UpdateContact", **contact, Name="A late parcel", References={"order": {"Type": "URL", "Value": "https://example.com/1"}})
        listed = self.aws("ListContactReferences", **contact, ReferenceTypes=["URL"])["ReferenceSummaryList"]
        self.assertEqual(listed[0]["Url"]["Name"], "order")
        self.aws("TagContact", **contact, Tags={"team": "a", "shift": "b"})
        self.aws("UntagContact", **contact, TagKeys=["shift"])
        self.aws("UpdateContactRoutingData", **contact, QueuePriority=2)
        timer = {"ParticipantRole": "CUSTOMER", "TimerType": "IDLE", "TimerValue": {"ParticipantTimerDurationInMinutes": 2}}
        self.aws("UpdateParticipantRoleConfig", **contact, ChannelConfiguration={"Chat": {"ParticipantTimerConfigList": [timer]}})
        described = self.aws("DescribeContact", **contact)["Contact"]
        self.assertEqual((described["Name"], described["Tags"], described["QueuePriority"]), ("A late parcel", {"team": "a"}, 2))
        now, hour = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(hours=1)
        around = {"Type": "INITIATION_TIMESTAMP", "StartTime": (now - hour).isoformat(), "EndTime": (now + hour).isoformat()}
        found = self.aws("SearchContacts", **self.instance, TimeRange=around)["Contacts"]
        self.assertIn(contact["ContactId"], [it["Id"] for it in found])

    def line(self, flow_id):
        contact = self.aws(
            "StartOutboundChatContact", **self.instance, ContactFlowId=flow_id,
            SourceEndpoint={"Type": "CONNECT_PHONENUMBER_ARN", "Address": NUMBER},
            DestinationEndpoint={"Type": "TELEPHONE_NUMBER", "Address": PHONE},
            SegmentAttributes={"connect:Subtype": {"ValueString": "connect:SMS"}},
        )["ContactId"]  # fmt: skip
        message = {"Type": "MESSAGE", "ContentType": "text/plain", "Content": "when?"}
        answer = self.aws("SendChatIntegrationEvent", SourceId=PHONE, DestinationId=NUMBER, Subtype="connect:SMS", Event=message)
        self.assertEqual((answer["InitialContactId"], answer["NewChatCreated"]), (contact, False))
        self.aws("StopContact", **self.instance, ContactId=contact)
        self.fails("ContactNotFoundException", "StopContact", **self.instance, ContactId=contact)


if __name__ == "__main__":
    unittest.main()
