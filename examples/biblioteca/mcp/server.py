"""The library's MCP server, over standard input and output: one JSON-RPC message a line. Python's standard library alone."""

import datetime
import json
import pathlib
import sys
import unicodedata

DATA = json.loads((pathlib.Path(__file__).parent / "catalogue.json").read_text(encoding="utf-8"))
TEXT = {"type": "string"}
TOOLS = [
    {
        "name": "findBook",
        "description": "Finds a book of the catalogue by its title or author.",
        "inputSchema": {"type": "object", "properties": {"title": TEXT}, "required": ["title"]},
    },
    {
        "name": "renewLoan",
        "description": "Renews a loan for 21 more days.",
        "inputSchema": {"type": "object", "properties": {"loan_number": TEXT}, "required": ["loan_number"]},
    },
]


def plain(text):
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum() or letter == " ")


def find_book(title):
    wanted = set(plain(title).split())
    shares = [(len(wanted & set(plain(f"{book['title']} {book['author']}").split())), book) for book in DATA["books"]]
    share, book = max(shares, key=lambda pair: pair[0])
    return {"found": True, **book} if 2 * share > len(wanted) else {"found": False}


def renew_loan(loan_number):
    loan = next((loan for loan in DATA["loans"] if plain(loan["loan"]) == plain(loan_number)), None)
    if loan is None:
        return {"renewed": False, "reason": "unknown"}
    if loan["renewed"] >= 2:
        return {"renewed": False, "reason": "twice", "due": loan["due"]}
    loan["renewed"] += 1
    loan["due"] = str(datetime.date.fromisoformat(loan["due"]) + datetime.timedelta(days=21))
    return {"renewed": True, "title": loan["title"], "due": loan["due"]}


CALLS = {"findBook": find_book, "renewLoan": renew_loan}


def answer(method, params):
    if method == "initialize":
        version = params.get("protocolVersion", "2025-06-18")
        return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "library", "version": "1"}}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call" and params.get("name") in CALLS:
        result = CALLS[params["name"]](**params.get("arguments", {}))
        return {"content": [{"type": "text", "text": json.dumps(result, ensure_ascii=False)}], "structuredContent": result}
    return {} if method == "ping" else None


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    try:
        result = answer(message["method"], message.get("params") or {})
        error = {"code": -32601, "message": "no such method or tool"} if result is None else None
    except Exception as problem:  # what a client sends must not end the server
        result, error = None, {"code": -32602, "message": str(problem)}
    reply = {"jsonrpc": "2.0", "id": message["id"], **({"error": error} if error else {"result": result})}
    print(json.dumps(reply, ensure_ascii=False), flush=True)
