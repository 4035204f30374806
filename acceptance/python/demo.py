"""The demo of the example bot, from the question to the desk, each step held against what the customer must read."""

import re
import threading
from collections import Counter

from python.test_conversation import ADDRESS, DOCUMENT, ORDER, TICKET
from support.people import Person, queued
from support.relevo import wait_for


def answered_once(customer, said, wanted, seconds):
    """The messages of the bot with these words since the customer's message, when it has said all that it says to it."""
    found = lambda: [text for text in customer.messages("CUSTOM_BOT", said) if re.search(wanted, text, re.IGNORECASE)]
    wait_for(f"the answer {wanted!r} to {customer.contact_id}", found, seconds)
    customer.reply(said)
    return found()


def play(customer, seconds, strike=lambda: None):
    """What went wrong, of which nothing should; `strike` is called before every turn. An answer may take so many seconds."""
    problems = []

    def once(said, wanted):
        found = answered_once(customer, said, wanted, seconds)
        if len(found) != 1:
            problems.append(f"answered {len(found)} times: {found}")
        return found[0]

    strike()
    once(customer.say(f"¿dónde está mi pedido {ORDER}? mi rut es {DOCUMENT}"), ADDRESS)
    strike()
    ticket = once(customer.say(f"abre un ticket por el pedido {ORDER}, rut {DOCUMENT}: llegó roto"), TICKET)
    ticket = re.search(TICKET, ticket)[1]
    strike()
    once(customer.say(f"¿en qué quedó el ticket {ticket}?"), r"abiert|en curso|pendiente")
    strike()
    wish = customer.say("quiero hablar con una persona")
    wait_for("the contact at the desk", lambda: customer.inside()["state"] == "QUEUED", seconds)
    queued(customer.url, customer.contact_id)
    left = [item for item in customer.events("participant.left") if item.get("ParticipantRole") == "CUSTOM_BOT"]
    if len(left) != 1:
        problems.append(f"the bot left {len(left)} times")
    if not customer.attributes().get("functionName"):
        problems.append("nothing was handed over")
    farewell = customer.messages("CUSTOM_BOT", wish)
    strike()
    person = Person(customer.url, customer.contact_id).connect()
    person.say("Hola, yo te ayudo")
    customer.say(f"mi pedido es el {ORDER}, rut {DOCUMENT}")
    threading.Event().wait(2)
    if customer.messages("CUSTOM_BOT", wish) != farewell:
        problems.append(f"said after the hand-off: {customer.messages('CUSTOM_BOT', wish)}")
    twice = [text for text, times in Counter(farewell).items() if times > 1]
    if twice:
        problems.append(f"said twice: {twice}")
    person.leave()
    return problems
