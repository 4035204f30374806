"""Queues of their own: room, figures and agents, by boto3 and the desk's API."""

import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support.people import Customer, client, info, queued
from support.plain import request
from support.relevo import BINARY, ROOT, Relevo, wait_for

DESK = "\ndesk:\n  queues: [Claims]\n  queueCapacity: {%s: 1, Claims: 2}\n"


def bot(queue="BasicQueue"):
    folder = Path(shutil.copytree(ROOT / "examples/envios", Path(tempfile.mkdtemp(prefix="relevo-queues-"), "bot")))
    file = folder / "bot.yaml"
    file.write_text(file.read_text(encoding="utf-8") + DESK % queue, encoding="utf-8")
    return folder


class Queues(unittest.TestCase):
    def setUp(self):
        folder = bot()
        self.addCleanup(shutil.rmtree, folder.parent)
        self.relevo = Relevo(bot=folder)
        self.addCleanup(self.relevo.stop)
        self.url = self.relevo.url
        self.instance = {"InstanceId": info(self.url)["instanceId"]}
        self.api = client("connect", self.url)
        listed = self.api.list_queues(**self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
        self.queues = {queue["Name"]: queue["Id"] for queue in listed}

    def figures(self, *queues, groupings=("QUEUE",)):
        names = ["CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE", "AGENTS_STAFFED", "AGENTS_ON_CONTACT", "SLOTS_ACTIVE"]
        answer = self.api.get_current_metric_data(**self.instance, Filters={"Queues": [self.queues[name] for name in queues]},
                                                  Groupings=list(groupings), CurrentMetrics=[{"Name": name} for name in names])  # fmt: skip
        told = [{it["Metric"]["Name"]: it["Value"] for it in result["Collections"]} for result in answer["MetricResults"]]
        return told[0] if len(told) == 1 else told

    def wants_a_person(self):
        customer = Customer(self.url, "en").connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        customer.say("I want to talk to a person")
        return customer

    def desk(self, method, path, body):
        answer = request(method, f"{self.url}/relevo/desk{path}", body)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_room_figures_and_agents(self):
        described = {name: self.api.describe_queue(**self.instance, QueueId=queue)["Queue"] for name, queue in self.queues.items()}
        self.assertEqual({name: it.get("MaxContacts") for name, it in described.items()}, {"BasicQueue": 1, "Claims": 2})
        self.desk("PUT", "/agents/Eva", {"status": "AVAILABLE", "queues": ["BasicQueue"]})
        self.desk("PUT", "/agents/Luis", {"status": "AVAILABLE", "queues": ["Claims"]})
        first = self.wants_a_person()
        self.assertEqual(queued(self.url, first.contact_id)["queue"], "BasicQueue")
        time.sleep(1.1)
        figures = self.figures("BasicQueue")
        self.assertEqual((figures["CONTACTS_IN_QUEUE"], figures["AGENTS_STAFFED"]), (1, 1))
        self.assertTrue(1 <= figures["OLDEST_CONTACT_AGE"] < 60, figures)
        self.assertGreater(self.figures("BasicQueue", groupings=())["OLDEST_CONTACT_AGE"], 1000)
        self.assertEqual(self.figures("Claims")["CONTACTS_IN_QUEUE"], 0)
        offer = wait_for("the offer", lambda: queued(self.url, first.contact_id).get("offer"))
        self.assertEqual(offer["agent"], "Eva")

        now = time.time()
        found = self.api.search_contacts(**self.instance, TimeRange={"Type": "ENQUEUE_TIMESTAMP", "StartTime": now - 60, "EndTime": now + 60},
                                         SearchCriteria={"QueueIds": [self.queues["BasicQueue"]]})  # fmt: skip
        self.assertEqual([contact["Id"] for contact in found["Contacts"]], [first.contact_id])

        # The queue is full: the flow's own branch for that, which ends the chat with a word.
        second = self.wants_a_person()
        wait_for("the end of the second", lambda: second.inside()["state"] == "ENDED")

        self.desk("POST", f"/contacts/{first.contact_id}/accept", {"displayName": "Eva"})
        self.desk("POST", f"/contacts/{first.contact_id}/transfer", {"to": {"queue": "Claims"}, "note": "a claim"})
        offer = wait_for("the other offer", lambda: queued(self.url, first.contact_id).get("offer"))
        self.assertEqual(offer["agent"], "Luis")
        self.desk("POST", f"/contacts/{first.contact_id}/accept", {"displayName": "Luis"})
        both = self.figures("BasicQueue", "Claims", groupings=())
        self.assertEqual((both["CONTACTS_IN_QUEUE"], both["AGENTS_STAFFED"], both["AGENTS_ON_CONTACT"]), (0, 2, 1))
        self.assertEqual((self.figures("Claims")["SLOTS_ACTIVE"], self.figures("BasicQueue")["SLOTS_ACTIVE"]), (1, 0))
        # A status alone leaves the queues as they are; no queues are all of them.
        self.desk("PUT", "/agents/Luis", {"status": "AVAILABLE"})
        self.assertEqual(self.figures("BasicQueue")["AGENTS_STAFFED"], 1)
        self.desk("PUT", "/agents/Luis", {"status": "AVAILABLE", "queues": []})
        self.assertEqual(self.figures("BasicQueue")["AGENTS_STAFFED"], 2)
        refused = request("PUT", f"{self.url}/relevo/desk/agents/Luis", {"status": "BUSY", "queues": ["Nowhere"]})
        self.assertEqual((refused.status, "BasicQueue, Claims" in refused.json["Message"]), (404, True), refused)


class WrongQueues(unittest.TestCase):
    def test_a_capacity_of_no_queue_is_said(self):
        folder = bot("Nowhere")
        self.addCleanup(shutil.rmtree, folder.parent)
        command = [str(BINARY), "up", "--port", "0", "--data", str(folder.parent / "data"), "--bot", str(folder)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
        self.assertNotEqual(ended.returncode, 0)
        self.assertRegex(ended.stderr, r"bot\.yaml:\d+:\d+: there is no queue `Nowhere` \(known here: BasicQueue, Claims\)")


if __name__ == "__main__":
    unittest.main()
