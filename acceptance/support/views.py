"""What the clients of `relevo load --views` were told, against what is stored."""

import json
from pathlib import Path

from support.plain import request


def read(file):
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]


def stored(url, contact_id):
    """The contact and its whole transcript, also of one that is over: what the disk has."""
    return request("GET", f"{url}/relevo/inspector/contacts/{contact_id}").json


def differences(url, views):
    """Each thing that a client was told and that is stored otherwise, or not at all. Empty: nobody was told anything wrong."""
    found, contacts = [], {}
    for view in views:
        contact_id = view["contactId"]
        if not contact_id:
            continue
        if contact_id not in contacts:
            contacts[contact_id] = stored(url, contact_id)
        contact = contacts[contact_id]
        if "transcript" not in contact:
            found.append(f"{contact_id}: a chat that was started is not there: {contact}")
            continue
        found += [f"{contact_id}: {what}" for what in of_view(view, contact)]
    return found


def of_view(view, contact):
    items = contact["transcript"]
    by_id = {item["Id"]: (place, item) for place, item in enumerate(items)}
    if len(by_id) != len(items):
        yield "an id stands twice"
    messages = [item for item in items if item["Type"] == "MESSAGE" and item["ParticipantRole"] == view["role"]]
    own = [item["Id"] for item in messages]
    for said in view["said"]:
        if said not in by_id:
            yield f"{said} was accepted by SendMessage, and is not stored"
    if view["role"] == "CUSTOMER":
        # A message whose acceptance was never told may be stored only where the customer could not go on.
        if not view["failed"] and own != view["said"]:
            yield f"said {view['said']}, stored {own}"
        if any(item["ParticipantId"] != view["participantId"] for item in messages):
            yield "somebody else's message is the customer's"
    places = []
    for heard in view.get("heard", []):
        place, item = by_id.get(heard["Id"], (None, None))
        if item is None:
            yield f"{heard['Id']} came over the websocket, and is not stored"
        elif any(item.get(member) != heard.get(member) for member in ("Type", "ContentType", "Content", "ParticipantRole", "AbsoluteTime")):
            yield f"{heard['Id']} came as {heard}, and is stored as {item}"
        else:
            places.append(place)
    if places != sorted(set(places)):
        yield f"heard in another order than stored: {places}"
    if places and places != list(range(places[0], places[0] + len(places))):
        yield f"something between what was heard never came: {places}"
    if view.get("left") and contact["state"] != "ENDED":
        yield f"the customer left, and the contact is {contact['state']}"
