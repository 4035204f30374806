"""The whole conversation with boto3, in both languages, in words that the bot's definition does not hold."""

import re
import unittest

from support.people import Customer, Person, at_the_desk, client, info, queued
from support.relevo import Relevo, wait_for

# The sample's two orders, and what only the holder of the identity document may hear.
ORDER, DOCUMENT = "10020030", "12345678-9"
OTHER_ORDER, OTHER_DOCUMENT = "10020040", "44444444-4"
ADDRESS = "acacias"
# A ticket number is no order number: it is told apart by its length.
TICKET = r"(?<!\d)(\d{9,})(?!\d)"

ASKS_DOCUMENT = r"rut|documento|identi|document"
ASKS_ORDER = r"pedido|orden|order"
ASKS_TICKET = r"ticket|caso"


def answers(order, document, problem=None, ticket=None):
    known = [(ASKS_DOCUMENT, document), (ASKS_ORDER, order)]
    if ticket:
        known.insert(0, (ASKS_TICKET, ticket))
    if problem:
        known.insert(0, (r"problema|descri|cu[eé]nta|pas[oó]|problem|happened|wrong|tell", problem))
    return known


class Conversation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.url = cls.relevo.url

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def customer(self, language, **more):
        customer = Customer(self.url, language, **more).connect()
        self.addCleanup(customer.disconnect_socket)
        self.greeting = customer.greeted()
        return customer

    # Looking up an order

    def test_es_order_and_document_in_one_message(self):
        customer = self.customer("es")
        self.assertRegex(customer.ask(f"Oye, ¿me cuentas por dónde anda mi encomienda {ORDER}? Mi rut es {DOCUMENT}").lower(), ADDRESS)

    def test_es_document_before_the_order(self):
        customer = self.customer("es")
        self.assertRegex(customer.ask(f"mi rut es {OTHER_DOCUMENT} y quisiera saber de la compra {OTHER_ORDER}").lower(), ADDRESS)

    def test_es_order_then_document(self):
        customer = self.customer("es")
        first = customer.ask(f"buenas tardes, sigo esperando el pedido {ORDER}")
        self.assertNotRegex(first.lower(), ADDRESS, "told without an identity document")
        self.assertRegex(first.lower(), ASKS_DOCUMENT)
        self.assertRegex(customer.ask(DOCUMENT).lower(), ADDRESS)

    def test_es_document_then_order(self):
        customer = self.customer("es")
        customer.ask_until(f"soy {OTHER_DOCUMENT}, quiero saber cuándo llega mi paquete", ADDRESS, answers(OTHER_ORDER, OTHER_DOCUMENT))

    def test_es_nothing_known_at_first(self):
        customer = self.customer("es")
        customer.ask_until("¿y mi compra cuándo llega?", ADDRESS, answers(f"el {ORDER}", f"es el {DOCUMENT}"))

    def test_es_typos_in_ordinary_words(self):
        customer = self.customer("es")
        customer.ask_until(f"ola kiero saver el estdo de mi peddo {OTHER_ORDER} rut {OTHER_DOCUMENT}", ADDRESS, answers(OTHER_ORDER, OTHER_DOCUMENT))

    def test_en_order_and_document_in_one_message(self):
        customer = self.customer("en")
        self.assertRegex(customer.ask(f"Hey, any news on my parcel {ORDER}? My document is {DOCUMENT}").lower(), ADDRESS)

    def test_en_order_then_document(self):
        customer = self.customer("en")
        first = customer.ask(f"I am still waiting for order {OTHER_ORDER}")
        self.assertNotRegex(first.lower(), ADDRESS, "told without an identity document")
        self.assertRegex(first.lower(), ASKS_DOCUMENT)
        self.assertRegex(customer.ask(f"sure, it's {OTHER_DOCUMENT}").lower(), ADDRESS)

    def test_en_document_before_the_order(self):
        customer = self.customer("en")
        self.assertRegex(customer.ask(f"{DOCUMENT} is my ID and {ORDER} is the order I'm after").lower(), ADDRESS)

    def test_en_typos_in_ordinary_words(self):
        customer = self.customer("en")
        customer.ask_until(f"helo, whre is my ordr {ORDER}, my documnt is {DOCUMENT}", ADDRESS, answers(ORDER, DOCUMENT))

    def test_the_answer_is_in_the_customers_language(self):
        spanish, greeting_es = self.customer("es"), self.greeting
        english, greeting_en = self.customer("en"), self.greeting
        self.assertNotEqual(greeting_es, greeting_en)
        said = f"{ORDER} {DOCUMENT}"
        es, en = spanish.ask(f"pedido {said}"), english.ask(f"order {said}")
        self.assertNotEqual(es, en)

    def test_a_wrong_document_tells_nothing_and_not_which_was_wrong(self):
        def refused(order, document):
            reply = self.customer("es").ask(f"¿dónde está mi pedido {order}? mi rut es {document}")
            self.assertNotRegex(reply.lower(), ADDRESS)
            return re.sub(r"[\d-]+", "#", reply)

        self.assertEqual(refused(ORDER, OTHER_DOCUMENT), refused("99999999", DOCUMENT))

    # Tickets

    def test_es_ticket_and_its_status(self):
        customer = self.customer("es")
        problem = "la caja llegó mojada y falta la mitad"
        made = customer.ask_until(
            f"quiero poner un reclamo por el pedido {ORDER}, rut {DOCUMENT}: {problem}", TICKET, answers(ORDER, DOCUMENT, problem)
        )
        ticket = made[1]
        customer.ask_until(
            f"¿en qué quedó el ticket {ticket}?", r"abiert|open|en curso|pendiente", answers(ORDER, DOCUMENT, ticket=ticket)
        )

    def test_en_ticket_and_its_status(self):
        customer = self.customer("en")
        problem = "the box came soaked and half of it is missing"
        made = customer.ask_until(
            f"I'd like to file a complaint about order {ORDER}, document {DOCUMENT}: {problem}", TICKET, answers(ORDER, DOCUMENT, problem)
        )
        ticket = made[1]
        customer.ask_until(f"what is going on with ticket {ticket}?", r"open|progress|pending", answers(ORDER, DOCUMENT, ticket=ticket))

    def test_tickets_in_the_same_minute_have_their_own_numbers(self):
        numbers = set()
        for order, document in [(ORDER, DOCUMENT), (OTHER_ORDER, OTHER_DOCUMENT)]:
            customer = self.customer("es")
            made = customer.ask_until(
                f"abre un ticket para el pedido {order} con rut {document}, vino roto", TICKET, answers(order, document, "vino roto")
            )
            numbers.add(made[1])
        self.assertEqual(len(numbers), 2, numbers)

    def test_a_ticket_is_not_told_to_somebody_else(self):
        customer = self.customer("es")
        made = customer.ask_until(
            f"abre un ticket para el pedido {ORDER} con rut {DOCUMENT}, vino roto", TICKET, answers(ORDER, DOCUMENT, "vino roto")
        )
        other = self.customer("es")
        said = other.ask(f"dime el estado del ticket {made[1]}, mi rut es {OTHER_DOCUMENT}")
        self.assertNotRegex(said.lower(), "vino roto|abierto")

    # The hand-off and the person

    def check_handed_over(self, customer, ask):
        """From the wish for a person to the end of the chat by the person."""
        before = customer.attributes()
        customer.say(ask)
        contact = queued(self.url, customer.contact_id)
        self.assertEqual(contact["customerDisplayName"], "Ana")
        self.assertGreaterEqual(contact["waitingMs"], 0)
        self.assertGreater(len(contact["attributes"]), len(before), "the bot hands nothing over")
        self.assertEqual(contact["attributes"], customer.attributes())
        for key, value in contact["attributes"].items():
            self.assertRegex(key, r"^[A-Za-z0-9_-]+$")
            self.assertNotRegex(value, r"^(None|\{')", "Python's words in an attribute")
        wait_for("the bot has left", lambda: any(item.get("ParticipantRole") == "CUSTOM_BOT" for item in customer.events("participant.left")))
        self.assertTrue(customer.messages("SYSTEM"), "the flow says nothing")

        person = Person(self.url, customer.contact_id).connect()
        self.addCleanup(person.disconnect_socket)
        self.assertEqual(at_the_desk(self.url, customer.contact_id)["state"], "ACTIVE")
        seen = [item["Id"] for item in person.transcript() if item["Type"] == "MESSAGE"]
        self.assertEqual(seen, [item["Id"] for item in customer.transcript() if item["Type"] == "MESSAGE"])
        joined = wait_for("the person in the chat", lambda: [item for item in customer.events("participant.joined") if item["ParticipantRole"] == "AGENT"])
        self.assertEqual(joined[0]["DisplayName"], "Enrique")

        first = person.say("Hola, yo te ayudo")
        wait_for("the person's words", lambda: "Hola, yo te ayudo" in customer.messages("AGENT"))
        customer.say(f"mi pedido {ORDER} con rut {DOCUMENT} no llega")
        wait_for("the customer's words", lambda: any(ORDER in text for text in person.messages("CUSTOMER", first)))
        person.say("Lo reviso ahora")
        wait_for("the person's next words", lambda: "Lo reviso ahora" in customer.messages("AGENT"))
        self.assertEqual(customer.messages("CUSTOM_BOT", first), [], "the bot spoke after the hand-off")

        person.leave()
        wait_for("the end", lambda: customer.inside()["state"] == "ENDED")
        self.assertIsNone(at_the_desk(self.url, customer.contact_id))
        described = customer.connect_api.describe_contact(InstanceId=customer.instance_id, ContactId=customer.contact_id)["Contact"]
        self.assertIn("DisconnectTimestamp", described)

    def test_es_person_after_an_order(self):
        customer = self.customer("es")
        customer.ask(f"¿qué pasa con la orden {ORDER}? rut {DOCUMENT}")
        self.check_handed_over(customer, "mejor pásame con alguien de carne y hueso, por favor")

    def test_en_person_after_a_ticket(self):
        customer = self.customer("en")
        customer.ask_until(
            f"please open a ticket for order {OTHER_ORDER}, document {OTHER_DOCUMENT}, nothing arrived",
            TICKET,
            answers(OTHER_ORDER, OTHER_DOCUMENT, "nothing arrived"),
        )
        self.check_handed_over(customer, "could I talk to a real human instead?")

    def test_person_with_the_very_first_words_and_no_document(self):
        customer = self.customer("es")
        self.check_handed_over(customer, "quiero hablar con una persona")

    def test_the_customer_who_leaves_the_queue_leaves_the_desk(self):
        customer = self.customer("en")
        customer.say("I want to speak with an agent")
        queued(self.url, customer.contact_id)
        customer.leave()
        wait_for("an empty desk", lambda: at_the_desk(self.url, customer.contact_id) is None)

    def test_only_one_person_gets_the_contact(self):
        customer = self.customer("en")
        customer.say("let me talk to a person")
        queued(self.url, customer.contact_id)
        Person(self.url, customer.contact_id)
        with self.assertRaisesRegex(AssertionError, "409|ConflictException"):
            Person(self.url, customer.contact_id, "Berta")

    # The wire

    def test_two_messages_at_once_are_answered_one_after_the_other(self):
        customer = self.customer("es")
        customer.say(f"mi pedido es {ORDER}")
        last = customer.say(f"y mi rut {DOCUMENT}")
        wait_for("the answer to both", lambda: any(ADDRESS in text.lower() for text in customer.messages("CUSTOM_BOT", last)))

    def test_the_same_client_token_is_said_once(self):
        customer = self.customer("es")
        first = customer.say("hola", client_token="one-and-the-same")
        self.assertEqual(customer.say("hola", client_token="one-and-the-same"), first)
        self.assertEqual(customer.messages("CUSTOMER").count("hola"), 1)

    def test_pages_of_the_transcript_are_the_transcript(self):
        customer = self.customer("es")
        customer.ask("hola")
        whole = [item["Id"] for item in customer.transcript()]
        forward, token = [], None
        while True:
            more = {"NextToken": token} if token else {"StartPosition": {"Id": whole[0]}}
            page = customer.api.get_transcript(ConnectionToken=customer.token, MaxResults=2, ScanDirection="FORWARD", SortOrder="ASCENDING", **more)
            forward += [item["Id"] for item in page["Transcript"]]
            token = page.get("NextToken")
            if not token:
                break
        self.assertEqual(forward, whole)
        self.assertEqual(len(set(whole)), len(whole))
        newest = customer.api.get_transcript(ConnectionToken=customer.token, MaxResults=1)["Transcript"]
        self.assertEqual([item["Id"] for item in newest], whole[-1:])

    def test_a_customer_without_a_websocket(self):
        customer = Customer(self.url, "es", socket=False)
        known = info(self.url)
        client("connect", self.url).start_contact_streaming(
            InstanceId=customer.instance_id,
            ContactId=customer.contact_id,
            ChatStreamingConfiguration={"StreamingEndpointArn": known["topicArn"]},
            ClientToken="acceptance",
        )
        customer.connect_participant = True
        customer.connect()
        customer.greeted()
        self.assertRegex(customer.ask(f"pedido {ORDER}, rut {DOCUMENT}").lower(), ADDRESS)

    def test_attributes_set_from_outside_are_there(self):
        customer = self.customer("es")
        customer.connect_api.update_contact_attributes(
            InstanceId=customer.instance_id, InitialContactId=customer.contact_id, Attributes={"campaign": "spring"}
        )
        self.assertEqual(customer.attributes()["campaign"], "spring")
        self.assertEqual(customer.attributes()["language"], "es")

    def test_stop_contact_ends_the_chat(self):
        customer = self.customer("es")
        customer.connect_api.stop_contact(InstanceId=customer.instance_id, ContactId=customer.contact_id)
        wait_for("the end", lambda: customer.inside()["state"] == "ENDED")


if __name__ == "__main__":
    unittest.main()
