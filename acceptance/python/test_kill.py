"""`kill -9` in the middle, and a start on the same data: what a client was told is done is done."""

import shutil
import tempfile
import unittest
from pathlib import Path

from support.people import Customer, Participant, Person, at_the_desk, queued
from support.plain import request
from support.relevo import Relevo, wait_for


class Kill(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="relevo-kill-")
        self.addCleanup(shutil.rmtree, self.data, True)
        self.relevo = Relevo(self.data)
        self.addCleanup(lambda: self.relevo.stop())
        self.url = self.relevo.url

    def again(self):
        self.relevo.kill()
        self.relevo = Relevo(self.data, port=self.relevo.port)
        self.assertEqual(self.relevo.url, self.url)

    def customer(self, language="es"):
        customer = Customer(self.url, language).connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        return customer

    def back(self, participant):
        """The participant after the restart: a new connection with the token it has had all along."""
        participant.disconnect_socket()
        return participant.connect()

    def state(self, participant, contact_id):
        inside = self.inside(contact_id)
        return {
            "transcript": participant.transcript(),
            "attributes": inside["attributes"],
            "state": inside["state"],
            "path": inside["path"],
            "participants": inside["participants"],
        }

    def inside(self, contact_id):
        return request("GET", f"{self.url}/relevo/inspector/contacts/{contact_id}").json

    def same(self, before, after):
        """As before, but for who has joined anew since."""
        known = {item["Id"] for item in before["transcript"]}
        self.assertEqual([item for item in after["transcript"] if item["Id"] in known], before["transcript"])
        for part in ("attributes", "state", "path"):
            self.assertEqual(after[part], before[part], part)

    def test_with_a_file_on_its_way(self):
        customer = self.customer("en")
        begun = customer.api.start_attachment_upload(
            ConnectionToken=customer.token, ContentType="text/plain", AttachmentSizeInBytes=6, AttachmentName="bill.txt", ClientToken="t"
        )
        upload, attachment = begun["UploadMetadata"], begun["AttachmentId"]
        self.again()
        # The signature is good over the death of who signed, and what was put there stays.
        self.assertEqual(request("PUT", upload["Url"], b"12 EUR", upload["HeadersToInclude"]).status, 200)
        self.again()
        self.back(customer)
        customer.api.complete_attachment_upload(ConnectionToken=customer.token, AttachmentIds=[attachment], ClientToken="c")
        # The scanner was not done yet.
        self.again()
        self.back(customer)
        customer.api.complete_attachment_upload(ConnectionToken=customer.token, AttachmentIds=[attachment], ClientToken="c")
        wait_for("the scanner", lambda: customer.status(attachment) == "APPROVED")
        given = customer.api.get_attachment(ConnectionToken=customer.token, AttachmentId=attachment)
        self.again()
        self.assertEqual(request("GET", given["Url"]).body, b"12 EUR")
        self.back(customer)
        self.assertEqual(customer.fetch(attachment), b"12 EUR")
        self.assertEqual([file.read_bytes() for file in Path(self.data, "attachments").iterdir()], [b"12 EUR"])

    def test_between_question_and_answer(self):
        customer = self.customer()
        customer.ask("quiero saber de mi pedido 10020030")
        before = self.state(customer, customer.contact_id)
        self.again()
        self.back(customer)
        self.same(before, self.state(customer, customer.contact_id))
        self.assertIn("acacias", customer.ask("12345678-9").lower())

    def test_the_old_connection_token_is_still_good(self):
        customer = self.customer()
        self.again()
        self.assertTrue(customer.say("hola"))

    def test_right_after_a_message_was_taken(self):
        for _ in range(5):
            customer = self.customer()
            said = customer.say("hola, ¿dónde está mi pedido 10020030? mi rut es 12345678-9")
            self.again()
            self.back(customer)
            self.assertIn(said, [item["Id"] for item in customer.transcript()])
            wait_for("the answer to the message", lambda: any("acacias" in text.lower() for text in customer.messages("CUSTOM_BOT", said)), 60)
            # Once, too.
            self.assertIn("acacias", customer.reply(said).lower())
            answers = [text for text in customer.messages("CUSTOM_BOT", said) if "acacias" in text.lower()]
            self.assertEqual(len(answers), 1, answers)
            customer.leave()

    def test_while_waiting_for_a_person(self):
        customer = self.customer()
        customer.say("quiero hablar con una persona")
        queued(self.url, customer.contact_id)
        before = self.state(customer, customer.contact_id)
        self.again()
        contact = at_the_desk(self.url, customer.contact_id)
        self.assertEqual(contact["state"], "QUEUED")
        self.back(customer)
        self.same(before, self.state(customer, customer.contact_id))
        person = Person(self.url, customer.contact_id).connect()
        person.say("Aquí estoy")
        wait_for("the person's words", lambda: "Aquí estoy" in customer.messages("AGENT"))
        person.leave()

    def test_with_a_person(self):
        customer = self.customer("en")
        customer.say("I want to talk to a person")
        queued(self.url, customer.contact_id)
        person = Person(self.url, customer.contact_id).connect()
        said = person.say("Hello, I am Enrique")
        self.again()
        self.assertEqual(at_the_desk(self.url, customer.contact_id)["state"], "ACTIVE")
        person = Participant(self.url, person.participant_token, connect_participant=True).connect()
        self.back(customer)
        customer.say("are you still there?")
        wait_for("the customer's words", lambda: "are you still there?" in person.messages("CUSTOMER", said))
        self.assertEqual(customer.messages("CUSTOM_BOT", said), [])
        person.leave()
        wait_for("the end", lambda: self.inside(customer.contact_id)["state"] == "ENDED")

    def test_a_ticket_outlives_it(self):
        customer = self.customer()
        made = customer.ask_until(
            "abre un ticket por el pedido 10020030, rut 12345678-9, vino roto",
            r"(?<!\d)(\d{9,})(?!\d)",
            [(r"rut|documento|identi", "12345678-9"), (r"problema|descri|pas[oó]", "vino roto"), (r"pedido", "10020030")],
        )
        self.again()
        self.back(customer)
        customer.ask_until(f"¿y el ticket {made[1]}?", r"abiert|open|en curso", [(r"rut|documento|identi", "12345678-9"), (r"ticket", made[1])])

    def test_killed_many_times(self):
        customer = self.customer()
        ids = []
        for number in range(4):
            ids.append(customer.say(f"hola {number}"))
            self.again()
            self.back(customer)
        texts = [item["Id"] for item in customer.transcript() if item.get("ParticipantRole") == "CUSTOMER" and item["Type"] == "MESSAGE"]
        self.assertEqual(texts, ids)


if __name__ == "__main__":
    unittest.main()
