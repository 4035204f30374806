"""`--credentials` and `--bind`: signatures as boto3 makes them, right, wrong, expired and absent, and who reaches what from outside."""

import datetime
import json
import os
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

import boto3
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from support.people import Customer, Participant, client, info, queued
from support.plain import request
from support.relevo import BINARY, ROOT, Relevo

ORDER, DOCUMENT = "10020030", "12345678-9"
GOOD = ("AKIAEXAMPLE", "a/secret+of=mine", None)
TEMPORARY = ("ASIAEXAMPLE", "temporary", "a session's token")
OVER = ("ASIAOVER", "temporary", "an old token")
FILE = f"""
[default]
aws_access_key_id = {GOOD[0]}
aws_secret_access_key = {GOOD[1]}

[temporary]
aws_access_key_id = {TEMPORARY[0]}
aws_secret_access_key = {TEMPORARY[1]}
aws_session_token = {TEMPORARY[2]}
aws_expiration = 2999-01-01T00:00:00Z

[over]
aws_access_key_id = {OVER[0]}
aws_secret_access_key = {OVER[1]}
aws_session_token = {OVER[2]}
aws_expiration = 2001-01-01T00:00:00Z
"""


def own_address():
    """An address of this machine that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address


def signed(url, method, path, body=b"", minutes=0, region="us-east-1", service="connect", keys=GOOD, sent=None):
    """A request that was signed so many minutes from now, and the answer to it; `sent`: another body than was signed."""
    asked = AWSRequest(method, url + path, data=body, headers={"Content-Type": "application/json", "Host": url.split("//")[1]})
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    asked.context["timestamp"] = time.strftime("%Y%m%dT%H%M%SZ")
    auth = SigV4Auth(Credentials(*keys), service, region)
    auth._modify_request_before_signing(asked)
    to_sign = auth.string_to_sign(asked, auth.canonical_request(asked))
    auth._inject_signature_to_request(asked, auth.signature(to_sign, asked))
    headers = {name: value for name, value in asked.headers.items() if name.lower() != "host"}
    return request(method, url + path, sent or body or None, headers=headers)


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = Path(cls.folder.name) / "credentials"
        cls.file.write_text(FILE)
        cls.address = own_address()
        bind = ("--bind", cls.address, "--allow-host", "relevo.example") if cls.address else ()
        cls.relevo = Relevo(arguments=("--credentials", str(cls.file), *bind))
        cls.url = cls.relevo.url
        cls.known = info(cls.url)

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()
        cls.folder.cleanup()

    def start(self, keys, url=None, **more):
        return client("connect", url or self.url, keys=keys).start_chat_contact(
            InstanceId=self.known["instanceId"], ContactFlowId=self.known["contactFlowId"],
            ParticipantDetails={"DisplayName": "Añä & co"}, **more,
        )  # fmt: skip

    def refused(self, code, call, *arguments, status=403, **named):
        with self.assertRaises(ClientError) as caught:
            call(*arguments, **named)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, status))
        return answer["Error"]["Message"]

    def test_a_url_that_is_signed_in_its_query_is_let_in(self):
        for keys, status in ((GOOD, 200), (TEMPORARY, 200), (OVER, 403), (("AKIAOTHER", "x", None), 403)):
            asked = {"InstanceId": self.known["instanceArn"], "MaxResults": 1}
            url = client("connect", self.url, keys=keys).generate_presigned_url("list_queues", Params=asked, ExpiresIn=60)
            answer = request("GET", url)
            self.assertEqual(answer.status, status, answer)
            if status == 200:
                self.assertEqual(len(answer.json["QueueSummaryList"]), 1)
                changed = request("GET", url.replace("maxResults=1", "maxResults=2"))
                self.assertEqual((changed.status, changed.error_type), (403, "InvalidSignatureException"), changed)

    def test_a_right_signature_is_let_in_at_every_service(self):
        started = self.start(GOOD, Attributes={"language": "en"})
        api = client("connect", self.url, keys=GOOD)
        names = {"InstanceId": self.known["instanceId"], "InitialContactId": started["ContactId"]}
        self.assertEqual(api.get_contact_attributes(**names)["Attributes"]["language"], "en")
        # What is encoded in the path is encoded once more in what is signed.
        arn = self.known["instanceArn"]
        self.assertTrue(api.describe_contact(InstanceId=arn, ContactId=started["ContactId"])["Contact"])
        agents = client("bedrock-agent-runtime", self.url, keys=GOOD)
        answer = agents.invoke_agent(agentId=self.known["agentId"], agentAliasId=self.known["agentAliasId"],
                                     sessionId="s1", inputText="hola, ¿qué tal?")
        self.assertTrue(b"".join(event["chunk"]["bytes"] for event in answer["completion"] if "chunk" in event))
        self.assertTrue(self.start(TEMPORARY)["ContactId"])

    def test_participants_need_no_signature(self):
        participant = Participant(self.url, self.start(GOOD)["ParticipantToken"]).connect()
        participant.say("signed by any key")
        participant.disconnect_socket()

    def test_wrong_unknown_and_expired_keys(self):
        message = self.refused("InvalidSignatureException", self.start, (GOOD[0], "not the secret", None))
        self.assertIn("does not match the signature you provided", message)
        self.refused("UnrecognizedClientException", self.start, ("AKIANOBODY", "any", None))
        self.refused("UnrecognizedClientException", self.start, (TEMPORARY[0], TEMPORARY[1], "another token"))
        self.refused("UnrecognizedClientException", self.start, (TEMPORARY[0], TEMPORARY[1], None))
        self.refused("ExpiredTokenException", self.start, OVER)

    def test_no_signature(self):
        unsigned = boto3.client("connect", endpoint_url=self.url, region_name="us-east-1", config=Config(signature_version=UNSIGNED))
        self.refused("MissingAuthenticationTokenException", unsigned.describe_contact, InstanceId="i", ContactId="c")
        answer = request("PUT", f"{self.url}/contact/chat", {})
        self.assertEqual((answer.status, answer.error_type), (403, "MissingAuthenticationTokenException"))
        self.assertEqual(answer.json, {"message": "Missing Authentication Token"})

    def test_what_was_signed_must_be_what_was_sent(self):
        path, body = "/contact/stop", json.dumps({"InstanceId": "i", "ContactId": "c"}).encode()
        self.assertEqual(signed(self.url, "POST", path, body).error_type, "ResourceNotFoundException")
        changed = json.dumps({"InstanceId": "i", "ContactId": "d"}).encode()
        self.assertEqual(signed(self.url, "POST", path, body, sent=changed).error_type, "InvalidSignatureException")

    def test_the_clocks_may_be_five_minutes_apart(self):
        for minutes, said in [(-4, None), (4, None), (-6, "Signature expired: "), (6, "Signature not yet current: ")]:
            answer = signed(self.url, "GET", "/contacts/i/c", minutes=minutes)
            if said is None:
                self.assertEqual(answer.status, 404, answer)
            else:
                self.assertEqual((answer.status, answer.error_type), (403, "InvalidSignatureException"), answer)
                self.assertTrue(answer.json["message"].startswith(said) and "5 min.)" in answer.json["message"], answer)

    def test_the_scope_must_be_this_service_and_region(self):
        for more in ({"service": "bedrock"}, {"region": "eu-west-1"}):
            answer = signed(self.url, "GET", "/contacts/i/c", **more)
            self.assertEqual(answer.error_type, "InvalidSignatureException", answer)
            self.assertIn("Credential should be scoped to", answer.json["message"])

    def test_a_header_that_is_not_whole(self):
        answer = request("GET", f"{self.url}/contacts/i/c", headers={"Authorization": "AWS4-HMAC-SHA256 Credential=x"})
        self.assertEqual((answer.status, answer.error_type), (403, "IncompleteSignatureException"))

    def test_this_machines_page_may_start_a_chat_and_no_more(self):
        start = {"InstanceId": self.known["instanceId"], "ContactFlowId": self.known["contactFlowId"],
                 "ParticipantDetails": {"DisplayName": "Ana"}}
        page = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(request("PUT", f"{self.url}/contact/chat", start, headers=page).status, 200)
        other = {"Origin": "http://127.0.0.1:1"}
        self.assertEqual(request("PUT", f"{self.url}/contact/chat", start, headers=other).status, 403)
        self.assertEqual(request("POST", f"{self.url}/contact/stop", {}, headers=page).status, 403)

    def test_chat_and_load_sign_with_the_same_file(self):
        wrong = Path(self.folder.name) / "wrong"
        wrong.write_text(FILE.replace(GOOD[1], "another secret"))
        load = ["load", "--customers", "4", "--rate", "20", "--people", "2"]
        for command, said in [(["chat"], "hola\n"), (load, "")]:
            ran = self.run_client(command, said, "--credentials", str(self.file))
            self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)
        self.assertIn("4 of 4 customers", ran.stdout)
        for keys, code in [(["--credentials", str(wrong)], "does not match the signature"), ([], "Missing Authentication Token")]:
            ran = self.run_client(["chat"], "hola\n", *keys)
            self.assertEqual(ran.returncode, 2, ran.stdout)
            self.assertIn(code, ran.stderr)
        plain = ["--instance", self.known["instanceId"], "--flow", self.known["contactFlowId"]]
        ran = self.run_client(load, "", "--credentials", str(self.file), *plain)
        self.assertEqual((ran.returncode, "ARN" in ran.stderr), (2, True), ran.stderr)
        plain[1] = self.known["instanceArn"]
        if self.address:
            # Nothing tells a client from outside where chats begin, and the desk is not there.
            outside = [word for word in load if word not in ("--people", "2")]
            ran = self.run_client(outside, "", "--credentials", str(self.file), *plain, url=f"http://{self.address}:{self.relevo.port}")
            self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)

    def run_client(self, command, said, *more, url=None):
        whole = [str(BINARY), *command, "--endpoint", url or self.url, *more]
        return subprocess.run(whole, input=said, capture_output=True, text=True, timeout=60)

    def test_from_outside_there_is_the_wire_alone(self):
        if not self.address:
            self.skipTest("this machine has no address but loopback")
        outside = f"http://{self.address}:{self.relevo.port}"
        started = self.start(GOOD, outside)
        participant = Participant(outside, started["ParticipantToken"])
        asked = participant.api.create_participant_connection(Type=["WEBSOCKET"], ParticipantToken=participant.participant_token)
        self.assertTrue(asked["Websocket"]["Url"].startswith(f"ws://{self.address}:{self.relevo.port}/"))
        participant.connect().disconnect_socket()
        for path in ("/", "/relevo/info", "/relevo/settings", "/relevo/faults", "/relevo/desk/contacts", "/relevo/inspector/contacts"):
            answer = request("GET", outside + path)
            self.assertEqual((answer.status, answer.error_type), (404, "UnknownOperationException"), path)
        start = {"InstanceId": self.known["instanceId"]}
        for headers in ({}, {"Origin": outside}, {"Origin": self.url}, {"Origin": "http://evil.example"}):
            self.assertEqual(request("PUT", f"{outside}/contact/chat", start, headers=headers).status, 403)
        for host, status in [("evil.example", "AccessDeniedException"), ("relevo.example", "MissingAuthenticationTokenException")]:
            self.assertEqual(request("PUT", f"{outside}/contact/chat", start, headers={"Host": host}).error_type, status)
        # The names of outside are none of this machine's own door.
        self.assertEqual(request("GET", f"{self.url}/relevo/info", headers={"Host": "relevo.example"}).status, 403)

    def test_what_cannot_be_opened_is_said(self):
        bad = Path(self.folder.name) / "bad"
        bad.write_text("[default]\naws_access_key_id = AKIA\n")
        for arguments, said in [
            (["--bind", "192.0.2.7"], "wants --credentials"),
            (["--bind", "0.0.0.0", "--credentials", str(self.file)], "is every address"),
            (["--credentials", str(bad)], f"{bad}: line 1: profile default has no aws_secret_access_key"),
            (["--allow-host", "x"], "--bind"),
        ]:
            command = [str(BINARY), "up", "--port", "0", "--data", f"{self.folder.name}/data", *arguments]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(said, ended.stderr)


class TheFunctions(unittest.TestCase):
    """The deployed binaries sign with keys that are made for them."""

    def test_start_bot_and_chat_bot_are_let_in(self):
        folder = Path(os.environ.get("RELEVO_LAMBDAS_DIR", BINARY.parent))
        if not (folder / "start-bot").exists():
            self.skipTest(f"there is no start-bot in {folder}")
        with tempfile.TemporaryDirectory() as temporary:
            file = Path(temporary) / "credentials"
            file.write_text(FILE)
            relevo = Relevo(arguments=("--credentials", str(file), "--lambdas", "process", "--lambdas-dir", str(folder)))
            try:
                customer = Customer(relevo.url, "en", keys=GOOD).connect()
                customer.greeted()
                self.assertRegex(customer.ask(f"Hey, any news on my parcel {ORDER}? My document is {DOCUMENT}").lower(), "acacias")
                customer.say("I want to talk to a person")
                self.assertEqual(queued(relevo.url, customer.contact_id)["state"], "QUEUED")
                self.refused(relevo, "local")
                customer.disconnect_socket()
            finally:
                relevo.stop()

    def refused(self, relevo, guessed):
        """The secret that such keys have where nothing is verified is none here."""
        answer = signed(relevo.url, "GET", "/contacts/i/c", keys=("local.chat-bot", guessed, "local"))
        self.assertEqual(answer.error_type, "InvalidSignatureException", answer)
        for service, headers, status, code in [
            ("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.GetItem"}, 400, "MissingAuthenticationTokenException"),
            ("sns", {"Content-Type": "application/x-www-form-urlencoded"}, 403, "<Code>MissingAuthenticationToken</Code>"),
        ]:
            answer = request("POST", f"{relevo.url}/", b"Action=Publish", headers=headers)
            self.assertEqual(answer.status, status, answer)
            self.assertIn(code.encode(), answer.body, service)


if __name__ == "__main__":
    unittest.main()
