"""A Bedrock that answers `Converse`, `ConverseStream` and `Retrieve` by a script, a Lambda that answers `Invoke`; both remember
who called what.

It understands no language: a word in the customer's message says which tool is called, and what a tool answers is said as it is."""

import json
import re
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

SIGNED = re.compile(r"Credential=local\.([\w-]+)/\d+/[\w-]+/(\w+)/")
CONVERSE = re.compile(r"/model/([^/]+)/(converse|converse-stream)$")
INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations$")
RETRIEVE = re.compile(r"/knowledgebases/([^/]+)/retrieve$")
PERMISSIONS = {"converse": "InvokeModel", "converse-stream": "InvokeModelWithResponseStream"}
ROUTE = "<agent>[undecidable]</agent>"
# What the customer says: the agent, the tool's name at its end.
SCRIPT = [
    ("persona|person|humano", "escalation", "escalate"),
    ("abre un ticket|open a ticket", "tickets", "cutTicket"),
    ("pedido|order", "orders", "getOrderStatus"),
    ("crm", None, "customerValue"),
    ("horario|opening hours", None, "KnowledgeBase__"),
]
ARGUMENTS = {"order_number": r"\b\d{8}\b", "identity_document_number": r"\b\d{7,8}-[\dkK]\b"}


class Bedrock:
    """One that runs until `stop`. `broken`: it answers no question that has this word; `slow`: those with this only after `slow_s`."""

    def __init__(self, broken="fragile", slow="slowly", slow_s=0):
        self.broken, self.slow, self.slow_s = broken, slow, slow_s
        self.calls = set()
        bedrock = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
                try:
                    bedrock.serve(self, unquote(self.path), body)
                except BrokenPipeError:
                    # A slow answer that nobody waits for any more.
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, path, body):
        signed = SIGNED.search(handler.headers.get("authorization") or "")
        if not signed:
            return send(handler, 403, {"message": "not signed by a function"}, error="MissingAuthenticationTokenException")
        function, service = signed.groups()
        if found := RETRIEVE.search(path):
            self.calls.add((function, service, "Retrieve", f"knowledge-base/{found[1]}"))
            passage = {"type": "TEXT", "text": "Abrimos de lunes a viernes. Open Monday to Friday."}
            return send(handler, 200, {"retrievalResults": [{"content": passage}]})
        if found := INVOKE.search(path):
            self.calls.add((function, service, "InvokeFunction", f"function/{found[1]}"))
            return send(handler, 200, function_answer(body))
        if not (found := CONVERSE.search(path)):
            self.calls.add((function, service, f"POST {path}", "*"))
            return send(handler, 404, {"message": path}, error="UnknownOperationException")
        self.calls.add((function, service, PERMISSIONS[found[2]], f"inference-profile/{found[1]}"))
        if guardrail := body.get("guardrailConfig"):
            self.calls.add((function, service, "ApplyGuardrail", f"guardrail/{guardrail['guardrailIdentifier']}"))
        said = last_words(body)
        if self.broken in said:
            return send(handler, 400, {"message": "broken"}, error="ValidationException")
        if self.slow in said and not ROUTE in system(body):
            time.sleep(self.slow_s)
        block = answer(body, said)
        if found[2] == "converse":
            return send(handler, 200, whole(block))
        data = b"".join(streamed(block))
        handler.send_response(200)
        handler.send_header("content-type", "application/vnd.amazon.eventstream")
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)


def function_answer(event):
    """Of a function that executes an action group's."""
    done = {"responseBody": {"TEXT": {"body": "gold member"}}}
    names = {key: event.get(key) for key in ("actionGroup", "function")}
    return {"messageVersion": "1.0", "response": {**names, "functionResponse": done}}


def system(body):
    return "\n".join(block.get("text", "") for block in body.get("system", []))


def last_words(body):
    """The customer's last message."""
    for message in reversed(body["messages"]):
        words = [block["text"] for block in message["content"] if "text" in block]
        if message["role"] == "user" and words:
            return words[-1]
    return ""


def answer(body, said):
    """A block of the answer: a route, a tool's use, or a text."""
    parts = [part for part in SCRIPT if re.search(part[0], said, re.IGNORECASE)]
    if ROUTE in system(body):
        name = next((agent for _, agent, _ in parts if agent), "[undecidable]")
        return {"text": f"<agent>{name}</agent>"}
    results = [block["toolResult"] for block in body["messages"][-1]["content"] if "toolResult" in block]
    if results:
        return {"text": "\n".join(part.get("text", "") for result in results for part in result["content"])}
    tools = [tool["toolSpec"] for tool in body.get("toolConfig", {}).get("tools", []) if "toolSpec" in tool]
    for _, _, name in parts:
        for tool in tools:
            if tool["name"].endswith(name) or tool["name"].startswith(name):
                return {"toolUse": {"toolUseId": f"use{time.monotonic_ns()}", "name": tool["name"], "input": arguments(tool, said)}}
    return {"text": "De acuerdo. All right."}


def arguments(tool, said):
    found = {}
    for name in tool["inputSchema"]["json"].get("properties", {}):
        if name in ARGUMENTS:
            match = re.search(ARGUMENTS[name], said)
            found |= {name: match[0]} if match else {}
        else:
            found[name] = said
    return found


def ending(block):
    return "tool_use" if "toolUse" in block else "end_turn"


def whole(block):
    message = {"role": "assistant", "content": [block]}
    usage = {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}
    return {"output": {"message": message}, "stopReason": ending(block), "usage": usage, "metrics": {"latencyMs": 1}}


def streamed(block):
    yield event("messageStart", {"role": "assistant"})
    if "toolUse" in block:
        use = block["toolUse"]
        yield event("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": {key: use[key] for key in ("toolUseId", "name")}}})
        yield event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"toolUse": {"input": json.dumps(use["input"])}}})
    else:
        yield event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": block["text"]}})
    yield event("contentBlockStop", {"contentBlockIndex": 0})
    yield event("messageStop", {"stopReason": ending(block)})
    yield event("metadata", {"usage": whole(block)["usage"], "metrics": {"latencyMs": 1}})


def event(kind, payload):
    """A message of `application/vnd.amazon.eventstream`: lengths, their checksum, headers, payload, the checksum of all."""
    body = json.dumps(payload).encode()
    headers = b""
    for name, value in ((":message-type", "event"), (":event-type", kind), (":content-type", "application/json")):
        headers += bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def send(handler, status, answer, error=None):
    data = json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("content-type", "application/json")
    if error:
        handler.send_header("x-amzn-errortype", error)
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)
