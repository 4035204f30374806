"""A bot of another team, in another language: two Lambda functions that know boto3 and nothing of Relevo.

It repeats what the customer says, and leaves when a person is wanted.
"""

import json
import os
import re

import boto3
from botocore.exceptions import ClientError

INSTANCE = os.environ["INSTANCE_ID"]
connect, participant, table = boto3.client("connect"), boto3.client("connectparticipant"), boto3.client("dynamodb")


def key(contact_id):
    return {"TableName": os.environ["TABLE_NAME"], "Key": {"contactId": {"S": contact_id}}}


def start(event, _context):
    """What the flow calls."""
    contact_id = event["Details"]["ContactData"]["ContactId"]
    bot = connect.create_participant(
        InstanceId=INSTANCE,
        ContactId=contact_id,
        ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Echo"},
        ClientToken=f"{contact_id}-bot",
    )
    streaming = connect.start_contact_streaming(
        InstanceId=INSTANCE,
        ContactId=contact_id,
        ChatStreamingConfiguration={"StreamingEndpointArn": os.environ["TOPIC_ARN"]},
        ClientToken=f"{contact_id}-streaming",
    )
    connection = participant.create_participant_connection(
        Type=["CONNECTION_CREDENTIALS"],
        ConnectParticipant=True,
        ParticipantToken=bot["ParticipantCredentials"]["ParticipantToken"],
    )
    token = connection["ConnectionCredentials"]["ConnectionToken"]
    session = {"contactId": contact_id, "token": token, "streaming": streaming["StreamingId"]}
    table.put_item(TableName=os.environ["TABLE_NAME"], Item={name: {"S": value} for name, value in session.items()})
    say(token, "Hello from Python.", f"{contact_id}-hello")
    return {"status": "success"}


def chat(event, _context):
    """What the topic's messages invoke."""
    for record in event["Records"]:
        message = json.loads(record["Sns"]["Message"])
        if message.get("Type") != "MESSAGE" or message.get("ParticipantRole") != "CUSTOMER":
            continue
        session = table.get_item(**key(message["InitialContactId"]), ConsistentRead=True).get("Item")
        if session and first_time(message):
            answer(message, session["token"]["S"], session["streaming"]["S"])
    print(f"took {len(event['Records'])} records")


def redact(event, _context):
    """What participants say comes by here first."""
    content = event["chatContent"]
    if content["content"] == "damn":
        return {"status": "REJECTED"}
    if content["content"] == "oops":
        raise ValueError("it cannot")
    words = re.sub(r"\b(?:\d[ -]?){12,18}\d\b", "[CARD]", content["content"])
    return {"status": "PROCESSED", "result": {"processedChatContent": {"content": words, "contentType": content["contentType"]}}}


def answer(message, token, streaming):
    contact_id, words = message["InitialContactId"], message["Content"]
    if "person" not in words.lower():
        say(token, f"You said: {words}", message["Id"])
        return
    say(token, "A person will be with you.", message["Id"])
    connect.update_contact_attributes(
        InstanceId=INSTANCE, InitialContactId=contact_id, Attributes={"functionName": "escalate", "lastWords": words}
    )
    connect.stop_contact_streaming(InstanceId=INSTANCE, ContactId=contact_id, StreamingId=streaming)
    participant.disconnect_participant(ConnectionToken=token)


def say(token, words, client_token):
    participant.send_message(ConnectionToken=token, ContentType="text/plain", Content=words, ClientToken=client_token)


def first_time(message):
    """A topic may deliver a message twice."""
    try:
        table.put_item(
            TableName=os.environ["TABLE_NAME"],
            Item={"contactId": {"S": f"seen#{message['Id']}"}},
            ConditionExpression="attribute_not_exists(contactId)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True
