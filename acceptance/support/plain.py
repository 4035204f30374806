"""Plain HTTP, for what no SDK has a call for, and for what no SDK would send."""

import json
import urllib.error
import urllib.request


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error_type(self):
        """The AWS error's name: from the header, or from the body's `__type`."""
        name = self.headers.get("x-amzn-errortype")
        if name is None:
            try:
                name = self.json.get("__type")
            except (ValueError, AttributeError):
                name = None
        return name.split("#")[-1].split(":")[0] if name else None

    def __repr__(self):
        return f"{self.status} {self.error_type} {self.body[:300]!r}"


def request(method, url, body=None, headers=None, seconds=20):
    """`body`: bytes as they are, anything else as JSON."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    asked = urllib.request.Request(url, data=data, method=method, headers={"content-type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())
