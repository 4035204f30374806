"""The calls of `chat-bot` with boto3, one after another, as a Lambda function in Python makes them.

A yardstick of the benchmark: it asks AWS for the same things in the same order, and leaves out all that makes the bot
safe (duplicates, leases, retries). The loop over the Runtime API is as small as can be.
"""

import http.client
import json
import os
import uuid

import boto3
from botocore.config import Config

ONCE = Config(retries={"total_max_attempts": 1})
DYNAMODB = boto3.client("dynamodb", config=ONCE)
PARTICIPANT = boto3.client("connectparticipant", config=ONCE)
AGENT = boto3.client("bedrock-agent-runtime", config=ONCE)

TABLE = os.environ["TABLE_NAME"]
AGENT_ID = os.environ["AGENT_ID"]
ALIAS_ID = os.environ.get("AGENT_ALIAS_ID", "TSTALIASID")
TYPING = "application/vnd.amazonaws.connect.event.typing"


def write(contact_id, changes, values):
    """One conditional write of the contact's item; the item as it is then."""
    names = {"#version": "version"}
    values = {":one": {"N": "1"}, **values}
    answer = DYNAMODB.update_item(
        TableName=TABLE,
        Key={"contactId": {"S": contact_id}},
        UpdateExpression="SET #version = #version + :one, " + changes,
        ConditionExpression="attribute_exists(#version)",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    return answer["Attributes"]


def answer_message(item):
    """One turn."""
    contact_id = item["InitialContactId"]
    message_ids = {":ids": {"L": [{"S": item["Id"]}]}}
    stored = write(contact_id, "seen = list_append(seen, :ids)", message_ids)
    token = stored["session"]["M"]["connectionToken"]["S"]
    PARTICIPANT.send_event(ContentType=TYPING, ConnectionToken=token)
    asked = AGENT.invoke_agent(
        agentId=AGENT_ID,
        agentAliasId=ALIAS_ID,
        sessionId=contact_id,
        inputText=item["Content"],
        streamingConfigurations={"streamFinalResponse": True},
    )
    chunks = [event["chunk"]["bytes"] for event in asked["completion"] if "chunk" in event]
    text = b"".join(chunks).decode("utf-8")
    session = {":session": {"M": {**stored["session"]["M"], "answer": {"S": text}}}}
    write(contact_id, "session = :session", session)
    PARTICIPANT.send_message(
        ContentType="text/plain", Content=text, ConnectionToken=token, ClientToken=str(uuid.uuid4())
    )
    write(contact_id, "session = :session", {":session": stored["session"]})


def main():
    """Takes events, one by one."""
    runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    invocation = "/2018-06-01/runtime/invocation"
    while True:
        runtime.request("GET", f"{invocation}/next")
        response = runtime.getresponse()
        request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.loads(response.read())
        try:
            for record in event["Records"]:
                answer_message(json.loads(record["Sns"]["Message"]))
            path, answer = f"{invocation}/{request_id}/response", {}
        except Exception as error:  # pylint: disable=broad-except  # the Runtime API wants every error
            path, answer = f"{invocation}/{request_id}/error", {"errorMessage": repr(error)}
        runtime.request("POST", path, json.dumps(answer))
        runtime.getresponse().read()


main()
