"""Which operations the server offers, asked of it for each operation of botocore's service models."""

import re

import botocore.session

from support.plain import request

SERVICES = ("connect", "connectparticipant")
# What the server says of an operation that it knows by name alone.
NOT_OFFERED = "is not implemented by Relevo"
# What AWS refuses for every chat, or where no flow authenticates a customer.
ALWAYS_REFUSED = {"TransferContact", "GetAuthenticationUrl", "CancelParticipantAuthentication"}


def model(service):
    return botocore.session.get_session().get_service_model(service)


def ask(url, operation, body, token="never"):
    """One request without an SDK, its labels being `x`."""
    path = re.sub(r"\{[^}]+\}", "x", operation.http["requestUri"]).split("?")[0]
    return request(operation.http["method"], url + path, body, {"x-amz-bearer": token})


def offered(url):
    """Name and model of every operation that is not refused as not offered, to an empty body."""
    found = {}
    for service in SERVICES:
        known = model(service)
        for name in known.operation_names:
            operation = known.operation_model(name)
            answer = ask(url, operation, b"{}")
            unknown = answer.error_type in ("UnknownOperationException", "MethodNotAllowedException")
            if not unknown and NOT_OFFERED.encode() not in answer.body:
                found[name] = operation
    return found
