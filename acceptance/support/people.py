"""A customer and a person at the desk, each with boto3 alone (and a websocket, which is how a customer connects)."""

import json
import re
import time

import boto3
import websocket
from botocore.config import Config

from support import shapes
from support.plain import request
from support.relevo import wait_for

EVENT = "application/vnd.amazonaws.connect.event."
# A reply may come in several parts: it is over when nothing has come for so long.
QUIET_S = 0.7
REPLY_S = 20


def client(service, url, attempts=0, read_timeout=30, keys=("any", "any", None)):
    """A boto3 client that knows nothing of Relevo but its address; every answer is held against the service's model.

    `attempts`: how often boto3 may try again by itself."""
    return shapes.watch(
        boto3.client(
            service,
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=keys[0],
            aws_secret_access_key=keys[1],
            aws_session_token=keys[2],
            config=Config(connect_timeout=5, read_timeout=read_timeout, retries={"max_attempts": attempts}),
        )
    )


def info(url):
    return request("GET", f"{url}/relevo/info").json


class Participant:
    """Anybody in the chat, by the participant service."""

    def __init__(self, url, participant_token, connect_participant=False, socket=True, attempts=0):
        self.url = url
        self.participant_token = participant_token
        self.connect_participant = connect_participant
        self.want_socket = socket
        self.api = client("connectparticipant", url, attempts)
        self.socket = None

    def connect(self):
        asked = {"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"], "ParticipantToken": self.participant_token}
        if self.connect_participant:
            asked["ConnectParticipant"] = True
        answer = self.api.create_participant_connection(**asked)
        self.token = answer["ConnectionCredentials"]["ConnectionToken"]
        if self.want_socket:
            self.socket = websocket.create_connection(answer["Websocket"]["Url"], timeout=10)
            self.socket.send(json.dumps({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}))
            frame = json.loads(self.socket.recv())
            assert frame == {"topic": "aws/subscribe", "content": {"status": "success", "topics": ["aws/chat"]}}, frame
        return self

    def disconnect_socket(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def say(self, text, client_token=None):
        more = {"ClientToken": client_token} if client_token else {}
        return self.api.send_message(ContentType="text/plain", Content=text, ConnectionToken=self.token, **more)["Id"]

    def transcript(self):
        """The whole of it, oldest first, by pages."""
        pages, token = [], None
        while True:
            more = {"NextToken": token} if token else {}
            answer = self.api.get_transcript(
                ConnectionToken=self.token, MaxResults=100, ScanDirection="BACKWARD", SortOrder="ASCENDING", **more
            )
            pages.insert(0, answer["Transcript"])
            token = answer.get("NextToken")
            if not token:
                return [item for page in pages for item in page]

    def messages(self, role, after=None):
        """What a role has said, after the item with this id."""
        items = self.transcript()
        if after is not None:
            at = next(index for index, item in enumerate(items) if item["Id"] == after)
            items = items[at + 1 :]
        return [item["Content"] for item in items if item["Type"] == "MESSAGE" and item.get("ParticipantRole") == role]

    def events(self, name):
        return [item for item in self.transcript() if item.get("ContentType") == EVENT + name]

    def attach(self, name, content, content_type, wanted="APPROVED"):
        """Sends a file in the three steps of the API; the attachment, once the scanner has said what is wanted."""
        begun = self.api.start_attachment_upload(
            ConnectionToken=self.token, ContentType=content_type, AttachmentSizeInBytes=len(content), AttachmentName=name
        )
        put = request("PUT", begun["UploadMetadata"]["Url"], content, begun["UploadMetadata"]["HeadersToInclude"])
        assert put.status == 200, put
        self.api.complete_attachment_upload(ConnectionToken=self.token, AttachmentIds=[begun["AttachmentId"]])
        wait_for(f"{name} to be {wanted}", lambda: self.status(begun["AttachmentId"]) == wanted)
        return begun["AttachmentId"]

    def status(self, attachment_id):
        files = [file for item in self.transcript() if item["Type"] == "ATTACHMENT" for file in item["Attachments"]]
        return next(file["Status"] for file in files if file["AttachmentId"] == attachment_id)

    def fetch(self, attachment_id):
        given = self.api.get_attachment(ConnectionToken=self.token, AttachmentId=attachment_id)
        content = request("GET", given["Url"]).body
        assert len(content) == given["AttachmentSizeInBytes"], given
        return content

    def leave(self):
        self.api.disconnect_participant(ConnectionToken=self.token)
        self.disconnect_socket()


class Customer(Participant):
    """A customer in a new chat, or in one whose participant token is given."""

    def __init__(self, url, language="es", name="Ana", socket=True, attempts=0, keys=("any", "any", None)):
        self.connect_api = client("connect", url, attempts, keys=keys)
        known = info(url)
        self.instance_id = known["instanceId"]
        started = self.connect_api.start_chat_contact(
            InstanceId=self.instance_id,
            ContactFlowId=known["contactFlowId"],
            Attributes={"language": language},
            ParticipantDetails={"DisplayName": name},
        )
        self.contact_id = started["ContactId"]
        self.participant_id = started["ParticipantId"]
        super().__init__(url, started["ParticipantToken"], socket=socket, attempts=attempts)

    def attributes(self):
        return self.connect_api.get_contact_attributes(InstanceId=self.instance_id, InitialContactId=self.contact_id)["Attributes"]

    def inside(self):
        return request("GET", f"{self.url}/relevo/inspector/contacts/{self.contact_id}").json

    def greeted(self):
        """Waits until the bot is there and has said its first words; they are the answer."""
        return "\n".join(wait_for("the bot's greeting", lambda: self.messages("CUSTOM_BOT"), REPLY_S))

    def reply(self, after):
        """The bot's whole reply to the message with this id."""
        wait_for("a reply of the bot", lambda: self.messages("CUSTOM_BOT", after), REPLY_S)
        said, since = [], time.monotonic()
        while time.monotonic() - since < QUIET_S:
            now = self.messages("CUSTOM_BOT", after)
            if now != said:
                said, since = now, time.monotonic()
            time.sleep(0.1)
        return "\n".join(said)

    def ask(self, text):
        return self.reply(self.say(text))

    def ask_until(self, text, wanted, answers, rounds=4):
        """Asks, then answers what the bot asks back, as a person would, until its words contain what is wanted.

        `answers`: pairs of a pattern of the bot's question and what the customer then says; each is said once."""
        said = [f"> {text}"]
        reply = self.ask(text)
        left = list(answers)
        for _ in range(rounds):
            said.append(reply)
            if found := re.search(wanted, reply, re.IGNORECASE):
                return found
            answer = next((pair for pair in left if re.search(pair[0], reply, re.IGNORECASE)), None)
            if answer is None:
                break
            left.remove(answer)
            said.append(f"> {answer[1]}")
            reply = self.ask(answer[1])
        said.append(reply)
        if found := re.search(wanted, reply, re.IGNORECASE):
            return found
        raise AssertionError(f"the bot did not come to {wanted!r}:\n" + "\n".join(said))


class Person(Participant):
    """Somebody at the desk who has accepted a contact."""

    def __init__(self, url, contact_id, name="Enrique"):
        answer = request("POST", f"{url}/relevo/desk/contacts/{contact_id}/accept", {"displayName": name})
        assert answer.status == 200, answer
        self.participant_id = answer.json["participantId"]
        super().__init__(url, answer.json["participantToken"], connect_participant=True)


def at_the_desk(url, contact_id):
    """The contact as the desk shows it, or nothing."""
    contacts = request("GET", f"{url}/relevo/desk/contacts").json["contacts"]
    return next((contact for contact in contacts if contact["contactId"] == contact_id), None)


def queued(url, contact_id):
    """Waits until the contact waits at the desk."""

    def check():
        contact = at_the_desk(url, contact_id)
        return contact if contact and contact["state"] == "QUEUED" else None

    return wait_for("the contact at the desk", check, REPLY_S)
