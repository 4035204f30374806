"""Holds every answer a boto3 client gets against the service's own model, as the bytes stand on the wire.

botocore itself is a lenient reader: it drops members that it does not know, and misses none. So the body is read here a
second time, before botocore parses it: every member known, its type, enumeration, length and pattern right, required ones
there, no null; an error must be one that the operation lists, with the status and the members of its shape.

The events inside an event stream are not read: only their answer's headers are."""

import base64
import binascii
import json
import re
from collections import Counter

from support.offered import NOT_OFFERED

# What the front of every AWS service may answer, whatever the operation lists.
COMMON = {
    "AccessDeniedException", "MethodNotAllowedException", "RequestTooLargeException", "SerializationException",
    "ThrottlingException", "UnknownOperationException", "UnsupportedMediaTypeException",
    "TooManyRequestsException", "MissingAuthenticationTokenException", "UnrecognizedClientException",
    "InvalidSignatureException", "IncompleteSignatureException", "ExpiredTokenException",
}  # fmt: skip
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

# How often each operation was answered well, and how often each refusal was seen.
answered = Counter()
refused = Counter()


class ShapeError(AssertionError):
    """An answer that is not what the service model says."""


def watch(client):
    """From now on a wrong answer to this client fails the call that got it."""
    client.meta.events.register(f"before-parse.{client.meta.service_model.service_id.hyphenize()}", _check)
    return client


def check_plain(operation_model, answer):
    """The same for an answer of `support.plain`, to a request that no SDK would send."""
    _check(operation_model, {"status_code": answer.status, "headers": answer.headers, "body": answer.body})


def _check(operation_model, response_dict, **_):
    status, headers = response_dict["status_code"], response_dict["headers"]
    if status >= 300:
        faults = _error(operation_model, status, headers, response_dict["body"])
    else:
        faults = output(operation_model.output_shape, status, headers, response_dict["body"])
        answered[operation_model.name] += 1
    if faults:
        raise ShapeError(f"{operation_model.name} answered {status} against its model:\n  " + "\n  ".join(faults))


def output(shape, status, headers, body):
    """What is wrong with a good answer."""
    if shape is None:
        return []
    faults, in_body = [], {}
    for name, member in shape.members.items():
        at = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if at is None:
            in_body[name] = member
        elif at == "header":
            value = headers.get(wire_name)
            if value is None and name in shape.required_members:
                faults.append(f"header {wire_name}: required, and not there")
            elif value is not None and member.type_name == "string":
                faults += _string(f"header {wire_name}", member, value)
        elif at == "statusCode" and not 100 <= status < 600:
            faults.append(f"status {status}")
    payload = shape.serialization.get("payload")
    if payload:
        member = shape.members[payload]
        if member.type_name != "structure" or member.serialization.get("eventstream"):
            return faults  # a blob or an event stream: not JSON
        return faults + _json(body, lambda value: validate(payload, member, value))
    return faults + _json(body, lambda value: _structure("", False, in_body, shape.required_members, value))


def _error(operation_model, status, headers, body):
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        return [f"the error's body is not JSON: {body[:200]!r}"]
    code = headers.get("x-amzn-errortype") or (said.get("__type") if isinstance(said, dict) else None)
    if not code:
        return ["an error without a name: neither x-amzn-errortype nor __type"]
    code = code.split("#")[-1].split(":")[0]
    if not isinstance(said, dict):
        return [f"{code}: the body is no structure: {said!r}"]
    message = said.get("Message", said.get("message"))
    if isinstance(message, str) and NOT_OFFERED in message:
        return []
    refused[f"{operation_model.name} {code}"] += 1
    shape = next((it for it in operation_model.error_shapes if it.metadata.get("error", {}).get("code", it.name) == code), None)
    if shape is None:
        if code in COMMON:
            return [] if message else [f"{code}: no message"]
        listed = ", ".join(sorted(it.name for it in operation_model.error_shapes))
        return [f"{code} is no error of the operation; its own are {listed}"]
    faults = []
    wanted = shape.metadata.get("error", {}).get("httpStatusCode")
    if wanted and wanted != status:
        faults.append(f"{code} has status {wanted} in the model")
    said.pop("__type", None)
    return faults + [f"{code}: {fault}" for fault in validate("", shape, said)]


def _json(body, check):
    try:
        value = json.loads(body or b"{}")
    except ValueError as error:
        return [f"the body is not JSON ({error}): {body[:200]!r}"]
    return check(value)


def validate(path, shape, value):
    """What is wrong with a value of a JSON body; nothing when it is as the shape says."""
    if getattr(shape, "is_document_type", False):
        return []
    if value is None:
        return [f"{path}: null, where an absent member is left out"]
    match shape.type_name:
        case "structure":
            return _structure(path, getattr(shape, "is_tagged_union", False), shape.members, shape.required_members, value)
        case "list":
            if not isinstance(value, list):
                return [f"{path}: not a list: {value!r}"]
            faults = _bounds(path, shape, len(value), "members")
            return faults + [it for at, member in enumerate(value) for it in validate(f"{path}[{at}]", shape.member, member)]
        case "map":
            if not isinstance(value, dict):
                return [f"{path}: not a map: {value!r}"]
            faults = _bounds(path, shape, len(value), "entries")
            for key, member in value.items():
                faults += _string(f"{path} key {key!r}", shape.key, key)
                faults += validate(f"{path}.{key}", shape.value, member)
            return faults
        case "string" | "character":
            return _string(path, shape, value)
        case "boolean":
            return [] if isinstance(value, bool) else [f"{path}: not a boolean: {value!r}"]
        case "integer" | "long" | "short" | "byte" | "biginteger":
            if isinstance(value, bool) or not isinstance(value, int):
                return [f"{path}: not an integer: {value!r}"]
            return _bounds(path, shape, value, "")
        case "float" | "double" | "bigdecimal":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return [f"{path}: not a number: {value!r}"]
            return _bounds(path, shape, value, "")
        case "timestamp":
            return _timestamp(path, shape, value)
        case "blob":
            try:
                base64.b64decode(value, validate=True)
            except (TypeError, ValueError, binascii.Error):
                return [f"{path}: not base64: {value!r}"]
            return []
    return [f"{path}: a type that this test does not know: {shape.type_name}"]


def _structure(path, union, members, required, value):
    if not isinstance(value, dict):
        return [f"{path or 'the body'}: not a structure: {value!r}"]
    prefix = f"{path}." if path else ""
    by_wire_name = {member.serialization.get("name", name): (name, member) for name, member in members.items()}
    faults = [f"{prefix}{name}: not in the model" for name in value if name not in by_wire_name]
    for wire_name, (name, member) in by_wire_name.items():
        if wire_name in value:
            faults += validate(prefix + wire_name, member, value[wire_name])
        elif name in required:
            faults.append(f"{prefix}{wire_name}: required, and not there")
    if union and len(value) != 1:
        faults.append(f"{path}: a union has exactly one member, this has {sorted(value)}")
    return faults


def _string(path, shape, value):
    if not isinstance(value, str):
        return [f"{path}: not a string: {value!r}"]
    faults = _bounds(path, shape, len(value), "characters")
    words = shape.metadata.get("enum")
    if words and value not in words:
        faults.append(f"{path}: {value!r} is none of {', '.join(words)}")
    pattern = shape.metadata.get("pattern")
    if pattern:
        try:
            fits = re.search(pattern, value)
        except re.error:
            return faults  # in Java's syntax, and not in Python's
        if not fits:
            faults.append(f"{path}: {value!r} does not match {pattern}")
    return faults


def _timestamp(path, shape, value):
    wanted = shape.serialization.get("timestampFormat", "unixTimestamp")
    if wanted == "unixTimestamp":
        good = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        good = isinstance(value, str) and (wanted != "iso8601" or ISO_TIME.fullmatch(value) is not None)
    return [] if good else [f"{path}: not a time as {wanted}: {value!r}"]


def _bounds(path, shape, size, unit):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        return [f"{path}: {size} {unit} where the model has {least}..{most}".replace("  ", " ")]
    return []
