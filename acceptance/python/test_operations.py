"""The operations around a chat, by boto3: finding one's way, contacts' data, flows made over the API, persistent chats."""

import json
import shutil
import tempfile
import unittest

from botocore.exceptions import ClientError

from support.people import EVENT, Participant, Person, client, info, queued
from support.plain import request
from support.relevo import Relevo, bot_with_hours, wait_for

NOWHERE = "00000000-0000-4000-8000-00000000dead"


def action(identifier, kind, parameters, then=None, errors=("NoMatchingError",)):
    transitions = {"NextAction": then, "Errors": [{"NextAction": then, "ErrorType": error} for error in errors]} if then else {}
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def flow(*actions):
    return json.dumps({"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": list(actions)})


def says(text):
    """A flow that says something and waits for an hour."""
    return flow(
        action("say", "MessageParticipant", {"Text": text}, "wait"),
        {
            "Identifier": "wait", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "3600"},
            "Transitions": {
                "NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
                "Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}],
            },
        },
        action("end", "DisconnectParticipant", {}),
    )  # fmt: skip


class Operations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data, cls.bot = tempfile.mkdtemp(prefix="relevo-operations-"), bot_with_hours()
        cls.begin()

    @classmethod
    def begin(cls):
        cls.relevo = Relevo(data=cls.data, bot=cls.bot)
        cls.url = cls.relevo.url
        cls.info = info(cls.url)
        cls.instance = {"InstanceId": cls.info["instanceId"]}
        cls.api = client("connect", cls.url)

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()
        for folder in (cls.data, cls.bot):
            shutil.rmtree(folder, ignore_errors=True)

    def refused(self, error, call, *positional, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(*positional, **arguments)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], error, answer)
        return answer

    def made(self, name, content, **more):
        more = {"Type": "CONTACT_FLOW", **more}
        return self.api.create_contact_flow(**self.instance, Name=name, Content=content, **more)["ContactFlowId"]

    def to_people(self):
        """A flow that goes straight to the queue; made once."""
        known = {it["Name"]: it["Id"] for it in self.api.list_contact_flows(**self.instance)["ContactFlowSummaryList"]}
        if "To people" in known:
            return known["To people"]
        queue = self.api.list_queues(**self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Arn"]
        return self.made("To people", flow(
            action("target", "UpdateContactTargetQueue", {"QueueId": queue}, "queue"),
            action("queue", "TransferContactToQueue", {}, "end", ("QueueAtCapacity", "NoMatchingError")),
            action("end", "DisconnectParticipant", {}),
        ))  # fmt: skip

    def chat(self, flow_id, socket=True, **more):
        started = self.api.start_chat_contact(
            **self.instance, ContactFlowId=flow_id, ParticipantDetails={"DisplayName": "Ana"}, **more
        )
        customer = Participant(self.url, started["ParticipantToken"], socket=socket)
        customer.contact_id, customer.started = started["ContactId"], started
        self.addCleanup(customer.disconnect_socket)
        return customer

    def described(self, contact_id):
        return self.api.describe_contact(**self.instance, ContactId=contact_id)["Contact"]

    # Finding one's way

    def test_the_instance(self):
        [listed] = self.api.list_instances()["InstanceSummaryList"]
        described = self.api.describe_instance(**self.instance)["Instance"]
        self.assertEqual((listed["Id"], listed["Arn"]), (described["Id"], described["Arn"]))
        self.assertEqual(described["InstanceStatus"], "ACTIVE")
        self.refused("ResourceNotFoundException", self.api.describe_instance, InstanceId=NOWHERE)
        self.refused("InvalidRequestException", self.api.list_instances, NextToken="2")

    def test_queues_and_people(self):
        for name in ("Eva", "Luis"):
            answer = request("PUT", f"{self.url}/relevo/desk/agents/{name}", {"status": "AVAILABLE", "maxChats": 1})
            self.assertLess(answer.status, 300, answer)
            self.addCleanup(request, "PUT", f"{self.url}/relevo/desk/agents/{name}", {"status": "OFFLINE", "maxChats": 1})
        pages = list(self.api.get_paginator("list_queues").paginate(**self.instance, PaginationConfig={"PageSize": 1}))
        queues = [queue for page in pages for queue in page["QueueSummaryList"]]
        self.assertGreaterEqual(len(pages), 3)
        self.assertEqual(len({queue["Id"] for queue in queues}), len(queues))
        of_agents = self.api.list_queues(**self.instance, QueueTypes=["AGENT"])["QueueSummaryList"]
        self.assertEqual({queue["QueueType"] for queue in of_agents}, {"AGENT"})
        standard = next(queue for queue in queues if queue["QueueType"] == "STANDARD")
        for named in (standard["Id"], standard["Arn"]):
            self.assertEqual(self.api.describe_queue(**self.instance, QueueId=named)["Queue"]["Name"], standard["Name"])
        self.refused("ResourceNotFoundException", self.api.describe_queue, **self.instance, QueueId=NOWHERE)

        users = {user["Username"]: user for user in self.api.list_users(**self.instance)["UserSummaryList"]}
        self.assertLessEqual({"Eva", "Luis"}, set(users))
        eva = self.api.describe_user(**self.instance, UserId=users["Eva"]["Id"])["User"]
        [profile] = self.api.list_routing_profiles(**self.instance)["RoutingProfileSummaryList"]
        self.assertEqual(eva["RoutingProfileId"], profile["Id"])
        self.refused("ResourceNotFoundException", self.api.describe_user, **self.instance, UserId=NOWHERE)

    def test_tokens_of_pages_and_their_size(self):
        first = self.api.list_queues(**self.instance, MaxResults=1)
        if token := first.get("NextToken"):
            self.refused("InvalidParameterException", self.api.list_users, **self.instance, NextToken=token)
        self.refused("InvalidParameterException", self.api.list_queues, **self.instance, NextToken="1")
        answer = request("GET", f"{self.url}/queues-summary/{self.info['instanceId']}?maxResults=1001")
        self.assertEqual((answer.status, answer.error_type), (400, "InvalidParameterException"), answer)

    def test_functions_and_hours(self):
        functions = self.api.list_lambda_functions(**self.instance)["LambdaFunctions"]
        self.assertTrue(any(":function:" in arn for arn in functions), functions)
        [hours] = self.api.list_hours_of_operations(**self.instance)["HoursOfOperationSummaryList"]
        for named in (hours["Id"], hours["Arn"]):
            described = self.api.describe_hours_of_operation(**self.instance, HoursOfOperationId=named)["HoursOfOperation"]
            self.assertEqual((described["Name"], described["TimeZone"], len(described["Config"])), (hours["Name"], "Europe/Madrid", 7))
        queue = self.api.list_queues(**self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"][0]["Id"]
        self.assertEqual(self.api.describe_queue(**self.instance, QueueId=queue)["Queue"]["HoursOfOperationId"], "always")
        self.refused("ResourceNotFoundException", self.api.describe_hours_of_operation, **self.instance, HoursOfOperationId=NOWHERE)

    # Flows

    def test_the_bots_own_flow_is_described_and_left_to_its_file(self):
        own = {**self.instance, "ContactFlowId": self.info["contactFlowId"]}
        described = self.api.describe_contact_flow(**own)["ContactFlow"]
        self.assertEqual(json.loads(described["Content"])["Version"], "2019-10-30")
        self.assertEqual((described["Type"], described["Status"]), ("CONTACT_FLOW", "PUBLISHED"))
        self.refused("InvalidRequestException", self.api.update_contact_flow_content, **own, Content=says("x"))

    def test_a_flow_is_made_run_changed_and_survives_a_restart(self):
        flow_id = self.made("Greeter", says("Good morning"), Description="says good morning", Tags={"team": "a"})
        self.assertIn("Good morning", self.heard(flow_id))
        self.refused("DuplicateResourceException", self.made, "Greeter", says("x"))
        one = {**self.instance, "ContactFlowId": flow_id}

        draft = {**self.instance, "ContactFlowId": flow_id + ":$SAVED"}
        self.api.update_contact_flow_content(**draft, Content=says("Good evening"))
        self.assertIn("Good morning", self.heard(flow_id))
        self.assertIn("Good evening", self.api.describe_contact_flow(**draft)["ContactFlow"]["Content"])
        self.assertEqual(self.api.describe_contact_flow(**draft)["ContactFlow"]["Status"], "SAVED")
        self.assertEqual(self.api.describe_contact_flow(**one)["ContactFlow"]["Content"], says("Good morning"))
        self.api.update_contact_flow_content(**one, Content=says("Good night"))
        self.assertIn("Good night", self.heard(flow_id))

        self.api.update_contact_flow_name(**one, Name="Night greeter")
        self.api.update_contact_flow_metadata(**one, Description="says good night", ContactFlowState="ARCHIVED")
        only_saved = self.made("Draft", "{", Status="SAVED")
        self.refused("ContactFlowNotPublishedException", self.api.describe_contact_flow, **self.instance, ContactFlowId=only_saved)
        self.refused("ResourceNotFoundException", self.chat, only_saved)

        self.relevo.kill()
        type(self).begin()
        described = self.api.describe_contact_flow(**one)["ContactFlow"]
        self.assertEqual(
            (described["Name"], described["Description"], described["State"], described["Tags"], described["Content"]),
            ("Night greeter", "says good night", "ARCHIVED", {"team": "a"}, says("Good night")),
        )
        self.assertIn("Good night", self.heard(flow_id))

    def heard(self, flow_id):
        customer = self.chat(flow_id).connect()
        said = wait_for("the flow's words", lambda: customer.messages("SYSTEM"))
        customer.leave()
        return said

    def test_a_flow_that_is_wrong_tells_all_its_problems(self):
        wrong = flow(action("say", "MessageParticipant", {"Text": "x"}, "nowhere"), action("end", "Dance", {}))
        answer = self.refused("InvalidContactFlowException", self.made, "Wrong", wrong)
        problems = [problem["message"] for problem in answer["problems"]]
        self.assertTrue(any("nowhere" in problem for problem in problems), problems)
        self.assertTrue(any("Dance" in problem for problem in problems), problems)
        flow_id = self.made("Right", says("x"))
        self.refused("InvalidContactFlowException", self.api.update_contact_flow_content, **self.instance, ContactFlowId=flow_id, Content=wrong)
        self.refused("ResourceNotFoundException", self.api.update_contact_flow_content, **self.instance, ContactFlowId=NOWHERE, Content=says("x"))

    def test_flows_are_listed_by_type_and_page(self):
        self.made("While you wait", flow(action("say", "MessageParticipant", {"Text": "x"}, "end"), action("end", "EndFlowExecution", {})),
                  Type="CUSTOMER_QUEUE")  # fmt: skip
        of_queues = self.api.list_contact_flows(**self.instance, ContactFlowTypes=["CUSTOMER_QUEUE"])["ContactFlowSummaryList"]
        self.assertEqual([it["Name"] for it in of_queues], ["While you wait"])
        pages = self.api.get_paginator("list_contact_flows").paginate(**self.instance, PaginationConfig={"PageSize": 1})
        names = [it["Name"] for page in pages for it in page["ContactFlowSummaryList"]]
        self.assertEqual(len(set(names)), len(names))
        self.assertIn("While you wait", names)

        def found(**criteria):
            return [it["Name"] for it in self.api.search_contact_flows(**self.instance, SearchCriteria=criteria)["ContactFlows"]]

        named = {"StringCondition": {"FieldName": "name", "Value": "while", "ComparisonType": "STARTS_WITH"}}
        self.assertEqual(found(**named), ["While you wait"])
        self.assertEqual(found(AndConditions=[named, {"TypeCondition": "CUSTOMER_QUEUE"}]), ["While you wait"])
        self.assertEqual(found(AndConditions=[named, {"TypeCondition": "CAMPAIGN"}]), [])
        queues = self.api.search_queues(**self.instance, SearchCriteria={"QueueTypeCondition": "STANDARD"})["Queues"]
        self.assertEqual(len(queues), len(self.api.list_queues(**self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"]))

    # Contacts

    def test_a_contacts_data_tags_and_references(self):
        customer = self.chat(self.to_people())
        contact = {**self.instance, "ContactId": customer.contact_id}
        self.api.update_contact(**contact, Name="A late parcel", Description="It is late.", SegmentAttributes={"kind": {"ValueString": "late"}},
                                References={"order": {"Type": "URL", "Value": "https://example.com/1"}, "n": {"Type": "NUMBER", "Value": "1"}})  # fmt: skip
        self.api.tag_contact(**contact, Tags={"team": "a", "cost/center": "b"})
        self.api.untag_contact(**contact, TagKeys=["cost/center", "never"])
        described = self.described(customer.contact_id)
        self.assertEqual((described["Name"], described["Tags"]), ("A late parcel", {"team": "a"}))
        self.assertEqual(described["SegmentAttributes"]["kind"], {"ValueString": "late"})
        listed = self.api.list_contact_references(**contact, ReferenceTypes=["URL", "ATTACHMENT"])["ReferenceSummaryList"]
        self.assertEqual(listed, [{"Url": {"Name": "order", "Value": "https://example.com/1"}}])
        self.refused("InvalidRequestException", self.api.update_contact, **contact)
        self.refused("InvalidRequestException", self.api.update_contact, **contact, QueueInfo={"Id": "q"})
        self.refused("InvalidRequestException", self.api.tag_contact, **contact, Tags={letter: "x" for letter in "abcdef"})
        self.refused("InvalidParameterException", self.api.tag_contact, **contact, Tags={"aws:x": "x"})
        self.refused("InvalidRequestException", self.api.transfer_contact, **contact, ContactFlowId="f", QueueId="q")
        self.api.stop_contact(**contact)
        self.api.update_contact(**contact, Name="It came")
        self.api.tag_contact(**contact, Tags={"done": "yes"})
        self.assertEqual(self.described(customer.contact_id)["Tags"], {"team": "a", "done": "yes"})
        for call, more in [(self.api.update_contact, {"Name": "x"}), (self.api.tag_contact, {"Tags": {"a": "b"}}),
                           (self.api.untag_contact, {"TagKeys": ["a"]}), (self.api.update_contact_routing_data, {"QueuePriority": 1}),
                           (self.api.transfer_contact, {"ContactFlowId": "f", "QueueId": "q"})]:  # fmt: skip
            self.refused("ResourceNotFoundException", call, **self.instance, ContactId=NOWHERE, **more)

    def test_the_queue_goes_by_priority_and_age(self):
        waiting = []
        for _ in range(3):
            customer = self.chat(self.to_people()).connect()
            queued(self.url, customer.contact_id)
            waiting.append(customer.contact_id)

        def order():
            shown = request("GET", f"{self.url}/relevo/desk/contacts").json["contacts"]
            return [waiting.index(it["contactId"]) for it in shown if it["contactId"] in waiting]

        contact = lambda n: {**self.instance, "ContactId": waiting[n]}
        self.assertEqual(order(), [0, 1, 2])
        self.api.update_contact_routing_data(**contact(2), QueueTimeAdjustmentSeconds=600)
        self.assertEqual(order(), [2, 0, 1])
        self.api.update_contact_routing_data(**contact(1), QueuePriority=1)
        self.assertEqual(order(), [1, 2, 0])
        described = self.described(waiting[1])
        self.assertEqual((described["QueuePriority"], described["QueueTimeAdjustmentSeconds"]), (1, 0))
        self.refused("InvalidParameterException", self.api.update_contact_routing_data, **contact(0))
        self.refused("InvalidParameterException", self.api.update_contact_routing_data, **contact(0), QueuePriority=1, QueueTimeAdjustmentSeconds=1)
        for n in range(3):
            self.api.stop_contact(**contact(n))

    def test_chat_timers(self):
        customer = self.chat(self.to_people()).connect()

        def timers(*timers):
            made = [{"ParticipantRole": role, "TimerType": kind, "TimerValue": value} for role, kind, value in timers]
            return {**self.instance, "ContactId": customer.contact_id, "ChannelConfiguration": {"Chat": {"ParticipantTimerConfigList": made}}}

        long = {"ParticipantTimerDurationInMinutes": 480}
        self.api.update_participant_role_config(**timers(("CUSTOMER", "IDLE", long), ("CUSTOMER", "DISCONNECT_NONCUSTOMER", long)))
        self.api.update_participant_role_config(**timers(("CUSTOMER", "IDLE", {"ParticipantTimerAction": "Unset"})))
        twice = timers(("AGENT", "IDLE", long), ("AGENT", "IDLE", long))
        self.refused("InvalidParameterException", self.api.update_participant_role_config, **twice)
        customer.leave()
        wait_for("the end", lambda: "DisconnectTimestamp" in self.described(customer.contact_id))
        over = timers(("AGENT", "IDLE", long))
        self.refused("ResourceNotFoundException", self.api.update_participant_role_config, **over)

    def test_an_agent_is_a_user(self):
        customer = self.chat(self.to_people()).connect()
        queued(self.url, customer.contact_id)
        request("PUT", f"{self.url}/relevo/desk/agents/Eva", {"status": "BUSY", "maxChats": 1})
        person = Person(self.url, customer.contact_id, "Eva").connect()
        self.addCleanup(person.disconnect_socket)
        agent = self.described(customer.contact_id)["AgentInfo"]["Id"]
        self.assertEqual(self.api.describe_user(**self.instance, UserId=agent)["User"]["Username"], "Eva")
        person.leave()

    # Persistent chats

    def test_a_chat_goes_on_from_one_that_is_over(self):
        first = self.chat(self.to_people()).connect()
        first.say("my parcel is late")
        first.leave()
        wait_for("the end", lambda: "DisconnectTimestamp" in self.described(first.contact_id))
        past = {"RehydrationType": "FROM_SEGMENT", "SourceContactId": first.contact_id}
        second = self.chat(self.to_people(), PersistentChat=past, ClientToken="again")
        self.assertEqual(second.started["ContinuedFromContactId"], first.contact_id)
        repeated = self.chat(self.to_people(), PersistentChat=past, ClientToken="again").started
        self.assertEqual((repeated["ContactId"], repeated["ContinuedFromContactId"]), (second.contact_id, first.contact_id))
        second.connect()
        frame = json.loads(second.socket.recv())
        self.assertEqual(json.loads(frame["content"])["ContentType"], EVENT + "chat.rehydrated")
        second.say("any news?")
        items = second.transcript()
        said = [(it["Content"], it.get("RelatedContactId"), it.get("ContactId")) for it in items if it["Type"] == "MESSAGE"]
        self.assertEqual(said, [("my parcel is late", first.contact_id, None), ("any news?", None, second.contact_id)])
        described = self.described(second.contact_id)
        self.assertEqual((described["RelatedContactId"], described["ContactAssociationId"]), (first.contact_id, first.contact_id))
        self.refused("InvalidRequestException", self.chat, self.to_people(), PersistentChat={**past, "SourceContactId": second.contact_id})
        second.leave()
        wait_for("the end", lambda: "DisconnectTimestamp" in self.described(second.contact_id))

        third = self.chat(self.to_people(), PersistentChat={"RehydrationType": "ENTIRE_PAST_SESSION", "SourceContactId": second.contact_id}).connect()
        said = [(it["Content"], it.get("RelatedContactId")) for it in third.transcript() if it["Type"] == "MESSAGE"]
        self.assertEqual(said, [("my parcel is late", first.contact_id), ("any news?", second.contact_id)])
        self.assertEqual(self.described(third.contact_id)["ContactAssociationId"], first.contact_id)
        third.leave()

    def test_persistent_chats_that_cannot_be(self):
        both = {"PersistentChat": {"RehydrationType": "FROM_SEGMENT", "SourceContactId": NOWHERE}, "RelatedContactId": NOWHERE}
        self.refused("InvalidRequestException", self.chat, self.to_people(), **both)
        self.refused("ResourceNotFoundException", self.chat, self.to_people(), PersistentChat=both["PersistentChat"])
        self.refused("InvalidParameterException", self.chat, self.to_people(), PersistentChat={"SourceContactId": NOWHERE})


if __name__ == "__main__":
    unittest.main()
