"""A batch of several records against the real `chat-bot`, by Lambda's Runtime API: what fails is named on the wire, and what is
beside it is not."""

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.relevo import BINARY, ROOT

FOLDER = Path(os.environ.get("RELEVO_LAMBDAS_DIR") or BINARY.parent)
# `sam build` has a folder for each function, and calls every binary the same.
CHAT_BOT = next((path for path in (FOLDER / "ChatBot/bootstrap", FOLDER / "chat-bot") if path.exists()), FOLDER / "chat-bot")
# Less than a turn needs: a record that fails is not tried again by the invocation itself.
TIME_S = 12
RUNTIME = "/2018-06-01/runtime/"
# A contact whose session the table does not give.
BROKEN = "contact-with-a-broken-table"


class Around:
    """Lambda's Runtime API, and a table: it knows no session, and fails for one contact."""

    def __init__(self):
        self.events, self.answers = queue.Queue(), queue.Queue()
        around = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                event = around.events.get()
                deadline = str(int((time.time() + TIME_S) * 1000))
                arn = "arn:aws:lambda:us-east-1:123456789012:function:chat-bot"
                self.answer(200, event, {"Lambda-Runtime-Aws-Request-Id": "r1", "Lambda-Runtime-Deadline-Ms": deadline,
                                         "Lambda-Runtime-Invoked-Function-Arn": arn})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.path.startswith(RUNTIME):
                    around.answers.put((self.path.rsplit("/", 1)[-1], json.loads(body)))
                    return self.answer(202, {"status": "OK"})
                kind = "com.amazonaws.dynamodb.v20120810#"
                if BROKEN in body.decode():
                    return self.answer(500, {"__type": kind + "InternalServerError"})
                if self.headers["x-amz-target"].endswith("GetItem"):
                    return self.answer(200, {})
                self.answer(400, {"__type": kind + "ConditionalCheckFailedException"})

            def answer(self, status, value, more=()):
                data = json.dumps(value).encode()
                self.send_response(status)
                for name, text in {"content-type": "application/json", "content-length": str(len(data)), **dict(more)}.items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def record(number, contact_id, raw=True):
    item = {
        "AbsoluteTime": "2026-01-01T00:00:00.000Z", "Content": "hello", "ContentType": "text/plain", "Id": f"item-{number}",
        "Type": "MESSAGE", "ParticipantRole": "CUSTOMER", "InitialContactId": contact_id, "ContactId": contact_id,
    }  # fmt: skip
    body = json.dumps(item)
    if not raw:
        body = json.dumps({"Type": "Notification", "MessageId": "m", "TopicArn": "arn", "Message": body})
    return {"messageId": f"record-{number}", "receiptHandle": "h", "body": body, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:deliveries", "awsRegion": "us-east-1"}  # fmt: skip


class Batch(unittest.TestCase):
    def setUp(self):
        self.around = Around()
        self.addCleanup(self.around.server.server_close)
        self.addCleanup(self.around.server.shutdown)
        self.log = tempfile.TemporaryFile()
        self.addCleanup(self.log.close)
        told = {
            "AWS_LAMBDA_RUNTIME_API": self.around.address, "AWS_ENDPOINT_URL": f"http://{self.around.address}",
            "AWS_LAMBDA_FUNCTION_NAME": "chat-bot", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_REGION": "us-east-1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
            "INSTANCE_ID": "i", "TABLE_NAME": "t", "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:t",
            "AGENT_ID": "ABCDEFGHIJ", "RELEVO_BOT": str(ROOT / "examples/envios"),
        }  # fmt: skip
        child = subprocess.Popen([CHAT_BOT], env=told, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.addCleanup(child.wait, 10)
        self.addCleanup(child.kill)

    def invoked(self, *records):
        self.around.events.put({"Records": list(records)})
        try:
            kind, answer = self.around.answers.get(timeout=TIME_S + 5)
        except queue.Empty:
            self.log.seek(0)
            self.fail(self.log.read().decode())
        self.assertEqual("response", kind, answer)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def test_what_fails_is_named_and_comes_again_alone(self):
        malformed = {**record(3, "c3"), "body": "{"}
        batch = [record(1, "c1"), record(2, BROKEN), malformed, record(4, "c4", raw=False), record(5, BROKEN, raw=False)]
        self.assertEqual(["record-2", "record-5"], self.invoked(*batch))
        # The same child goes on.
        self.assertEqual([], self.invoked(record(6, "c6"), record(7, "c7")))
        self.assertEqual(["record-8"], self.invoked(record(8, BROKEN)))


if __name__ == "__main__":
    unittest.main()
