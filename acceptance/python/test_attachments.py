"""Attachments as boto3 sends and fetches them: from the customer to the person at the desk and back, and what is refused."""

import unittest

from botocore.exceptions import ClientError
from support.people import Customer, Participant, Person, client, queued
from support.plain import request
from support.relevo import Relevo, wait_for

# The test file of the virus scanners, in two halves: a scanner must not take this one for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Attachments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.url = cls.relevo.url

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def customer(self):
        customer = Customer(self.url, "en").connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        return customer

    def refused(self, code, status, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, status), answer)

    def test_to_a_person_and_back(self):
        customer = self.customer()
        before = customer.transcript()[-1]["Id"]
        content = bytes(range(256)) * 1000
        bill = customer.attach("bill.pdf", content, "application/pdf")
        self.assertEqual(customer.fetch(bill), content)
        # The bot says that it cannot read files, and the conversation goes on.
        self.assertTrue(customer.reply(before))
        self.assertIn("ACACIAS", customer.ask("where is order 10020030? my document is 12345678-9").upper())

        customer.say("I want to talk to a person")
        queued(self.url, customer.contact_id)
        person = Person(self.url, customer.contact_id).connect()
        self.addCleanup(person.disconnect_socket)
        # The person has the whole conversation's files, and can show them as well as save them.
        self.assertEqual(person.fetch(bill), content)
        given = person.api.get_attachment(ConnectionToken=person.token, AttachmentId=bill, UrlExpiryInSeconds=5, UrlContentDisposition="INLINE")
        shown = request("GET", given["Url"])
        self.assertEqual((shown.headers["content-disposition"].split(";")[0], shown.headers["x-content-type-options"]), ("inline", "nosniff"))
        self.assertIn("sandbox", shown.headers["content-security-policy"])
        leaflet = person.attach("leaflet.txt", b"how to complain", "text/plain")
        self.assertEqual(customer.fetch(leaflet), b"how to complain")
        # Its time is over.
        wait_for("the URL's end", lambda: request("GET", given["Url"]).status == 403, 8, 0.5)
        person.leave()

    def test_what_the_scanner_rejects_nobody_gets(self):
        customer = self.customer()
        virus = customer.attach("eicar.txt", EICAR, "text/plain", wanted="REJECTED")
        self.refused("ValidationException", 400, customer.api.get_attachment, ConnectionToken=customer.token, AttachmentId=virus)

    def test_a_bot_may_not_read_them(self):
        customer = Customer(self.url, "en")
        contact = {"InstanceId": customer.instance_id, "ContactId": customer.contact_id}
        bot = customer.connect_api.create_participant(**contact, ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"})
        bot = Participant(self.url, bot["ParticipantCredentials"]["ParticipantToken"], socket=False).connect()
        customer.connect()
        self.addCleanup(customer.disconnect_socket)
        bill = customer.attach("bill.txt", b"12 EUR", "text/plain")
        self.refused("AccessDeniedException", 403, bot.api.get_attachment, ConnectionToken=bot.token, AttachmentId=bill)

    def test_refusals(self):
        customer, other = self.customer(), self.customer()
        api, token = customer.api, {"ConnectionToken": customer.token}
        start = {**token, "ContentType": "text/plain", "AttachmentSizeInBytes": 3, "AttachmentName": "a.txt"}
        for wrong in ({"ContentType": "text/html"}, {"AttachmentName": "a.exe"}, {"AttachmentSizeInBytes": 20 * 1024 * 1024 + 1}):
            with self.subTest(wrong):
                self.refused("ValidationException", 400, api.start_attachment_upload, **{**start, **wrong})
        begun = api.start_attachment_upload(**start, ClientToken="once")
        self.assertEqual(api.start_attachment_upload(**start, ClientToken="once")["AttachmentId"], begun["AttachmentId"])
        url, headers = begun["UploadMetadata"]["Url"], begun["UploadMetadata"]["HeadersToInclude"]
        complete = {**token, "AttachmentIds": [begun["AttachmentId"]]}
        self.refused("ValidationException", 400, api.complete_attachment_upload, **complete)
        for body, more, address in ((b"four", {}, url), (b"abc", {"Content-Type": "text/html"}, url), (b"abc", {}, url[:-1] + ("0" if url[-1] != "0" else "1"))):
            sent = {**headers, "Content-Length": str(len(body)), **more}
            self.assertEqual(request("PUT", address, body, sent).status, 403)
        self.assertEqual(request("PUT", url, b"abc", headers).status, 200)
        self.refused("ValidationException", 400, other.api.complete_attachment_upload, **{**complete, "ConnectionToken": other.token})
        api.complete_attachment_upload(**complete, ClientToken="done")
        api.complete_attachment_upload(**complete, ClientToken="done")
        self.refused("ConflictException", 409, api.complete_attachment_upload, **complete)
        self.assertEqual(request("PUT", url, b"abc", headers).status, 409)
        for _ in range(34):
            api.start_attachment_upload(**start)
        self.refused("ServiceQuotaExceededException", 402, api.start_attachment_upload, **start)
        self.refused("AccessDeniedException", 403, client("connectparticipant", self.url).get_attachment, ConnectionToken="x", AttachmentId="a")
