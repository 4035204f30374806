"""An AWS account that stands in for the real one: moto for what moto knows, recorded shapes for Connect and Bedrock, and a
chat that a running `relevo up` holds. And a `sam` that deploys a template to it, without what moto does not know."""

import http.client
import http.server
import json
import re
import subprocess
import sys
import textwrap
import threading
import time
import urllib.parse

# The names of the contact centre that `relevo up` is with the demo bot: a chat is held with it.
INSTANCE = "00000000-0000-4000-8000-000000000001"
QUEUE = "00000000-0000-4000-8000-000000000010"
FLOW = "00000000-0000-4000-8000-000000000020"
ACCOUNT = "123456789012"
REGION = "us-east-1"
MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"

# What moto cannot make, by the first words of its type.
UNKNOWN = ("AWS::Connect::", "AWS::Bedrock::", "AWS::CloudWatch::Dashboard", "AWS::Lambda::EventInvokeConfig")


class Cloud:
    """The account. `calls` are those to Connect and Bedrock, in their order."""

    def __init__(self, moto_port, relevo=None):
        self.moto_port, self.relevo = moto_port, relevo
        self.calls, self.queues = [], [("BasicQueue", QUEUE, "STANDARD"), ("agent", QUEUE[::-1], "AGENT")]
        self.functions, self.flow, self.serves, self.denied = [], None, True, set()
        self.model = {"authorizationStatus": "AUTHORIZED", "entitlementAvailability": "AVAILABLE",
                      "regionAvailability": "AVAILABLE", "modelId": MODEL, "agreementAvailability": {"status": "AVAILABLE"}}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()

    def recorded(self, method, path, query):
        """An answer in the shape of Connect's or Bedrock's, or none."""
        rules = [
            ("DescribeInstance", "GET", r"/instance/([^/]+)", self.describe_instance),
            ("ListQueues", "GET", r"/queues-summary/([^/]+)", lambda _: self.list_queues(query)),
            ("DescribeQueue", "GET", r"/queues/[^/]+/([^/]+)", lambda _: (200, {"Queue": {}})),
            ("ListLambdaFunctions", "GET", r"/instance/([^/]+)/lambda-functions",
             lambda _: (200, {"LambdaFunctions": self.functions})),
            ("DescribeContactFlow", "GET", r"/contact-flows/[^/]+/([^/]+)",
             lambda _: (200, {"ContactFlow": {"State": "ACTIVE", "Content": self.flow or ""}})),
            ("ListRoutingProfiles", "GET", r"/routing-profiles-summary/([^/]+)",
             lambda _: (200, {"RoutingProfileSummaryList": [{"Id": "profile", "Name": "Basic"}]})),
            ("ListRoutingProfileQueues", "GET", r"/routing-profiles/[^/]+/([^/]+)/queues",
             lambda _: (200, {"RoutingProfileQueueConfigSummaryList":
                              [{"QueueId": QUEUE, "Channel": "CHAT" if self.serves else "VOICE"}]})),
            ("GetAccountSettings", "GET", r"/2016-08-19/account-settings/?",
             lambda _: (200, {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}})),
            ("GetInferenceProfile", "GET", r"/inference-profiles/([^/]+)",
             lambda _: (200, {"inferenceProfileId": "p", "status": "ACTIVE", "models": []})),
            ("GetFoundationModelAvailability", "GET", r"/foundation-model-availability/([^/]+)", lambda _: (200, self.model)),
        ]
        for name, verb, pattern, answer in rules:
            if method == verb and (found := re.fullmatch(pattern, path)):
                self.calls.append(name)
                if name in self.denied:
                    return 403, {"message": f"User is not authorized to perform: {name}", "__type": "AccessDeniedException"}
                return answer(found[found.re.groups])
        return None

    def describe_instance(self, instance):
        if instance != INSTANCE:
            return 404, {"Message": "Instance not found", "__type": "ResourceNotFoundException"}
        return 200, {"Instance": {"Id": INSTANCE, "InstanceStatus": "ACTIVE"}}

    def list_queues(self, query):
        wanted = query.get("queueTypes", [])
        queues = [{"Name": name, "Id": id, "QueueType": kind} for name, id, kind in self.queues if kind in wanted or not wanted]
        # Two pages, for whoever reads one only.
        at = int(query.get("nextToken", ["0"])[0])
        page = {"QueueSummaryList": queues[at : at + 1]}
        if at + 1 < len(queues):
            page["NextToken"] = str(at + 1)
        return 200, page

    def handler(cloud):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else b""
                parsed = urllib.parse.urlsplit(self.path)
                path = urllib.parse.unquote(parsed.path)
                if self.headers.get("X-Amz-Target", "").endswith(".ListServiceQuotas"):
                    quotas = {"Quotas": [{"QuotaName": "Concurrent active chats per instance", "Value": 500.0}]}
                    return self.answer(200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(quotas).encode())
                recorded = cloud.recorded(self.command, path, urllib.parse.parse_qs(parsed.query))
                if recorded:
                    status, value = recorded
                    text = json.dumps(value).encode()
                    headers = {"Content-Type": "application/json"}
                    if "__type" in value:
                        headers["x-amzn-ErrorType"] = value["__type"]
                    return self.answer(status, headers, text)
                chat = path.startswith(("/participant", "/contact/chat", "/contact/start-streaming"))
                host = cloud.relevo.port if chat and cloud.relevo else cloud.moto_port
                connection = http.client.HTTPConnection("127.0.0.1", host, timeout=60)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "content-length")}
                headers["Host"] = f"127.0.0.1:{host}"
                connection.request(self.command, self.path, body=body, headers=headers)
                response = connection.getresponse()
                text = response.read()
                skip = ("connection", "content-length", "transfer-encoding", "date", "server")
                self.answer(response.status, {k: v for k, v in response.getheaders() if k.lower() not in skip}, text)

            def answer(self, status, headers, text):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = serve

        return Handler


def moto(python, log):
    """Starts moto's server on a free port of its own choice."""
    import socket

    for _ in range(5):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen([str(python.parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
                                   stdout=log, stderr=subprocess.STDOUT)
        for _ in range(150):
            if process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                connection.request("GET", "/moto-api/")
                connection.getresponse().read()
                return process, port
            except OSError:
                time.sleep(0.2)
        process.kill()
    raise AssertionError("moto does not start")


def sam(python, folder):
    """A `sam` whose `deploy` and `delete` go to the stand-in; its `build` is the real one's."""
    program = folder / "sam"
    program.write_text(f"#!{python}\nimport sys\n" + textwrap.dedent(f"""
        import os
        real = {str(python.parent / 'sam')!r}
        if sys.argv[1] in ("build", "--version", "validate"):
            os.environ.pop("AWS_ENDPOINT_URL", None)
            os.execv(real, [real, *sys.argv[1:]])
        sys.path.insert(0, {str(__file__).rsplit('/', 2)[0]!r})
        from support import cloud
        sys.exit(cloud.stand_in_sam(sys.argv[1:]))
        """))
    program.chmod(0o755)
    return program


def aws(python, folder):
    """The real `aws`, told its endpoint by an argument: for SQS the first version of it does not read the variable."""
    program = folder / "aws"
    real = python.parent / "aws"
    program.write_text(f'#!/bin/sh\nexec "{real}" "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n')
    program.chmod(0o755)


def stand_in_sam(arguments):
    """`sam deploy` and `sam delete`, as far as moto goes. Runs in the Python that has boto3."""
    import boto3
    from cfnlint.decode import cfn_yaml

    options = {}
    for at, argument in enumerate(arguments):
        if argument.startswith("--"):
            values = []
            for value in arguments[at + 1 :]:
                if value.startswith("--"):
                    break
                values.append(value)
            options[argument] = values
    client = boto3.client("cloudformation")
    [name] = options["--stack-name"]
    if arguments[0] == "delete":
        client.delete_stack(StackName=name)
        return 0
    template = json.loads(json.dumps(cfn_yaml.load(options["--template-file"][0])))
    for id, resource in list(template["Resources"].items()):
        if resource["Type"].startswith(UNKNOWN):
            del template["Resources"][id]
        elif resource["Type"] == "AWS::KMS::Key":
            # moto keeps it as it comes, and reads it as text.
            policy = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
            resource["Properties"]["KeyPolicy"] = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
        elif resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"ZipFile": "bm90aGluZw=="}  # an update reads it as base64
        elif "DependsOn" in resource and resource["DependsOn"] not in template["Resources"]:
            del resource["DependsOn"]
    gone = ("Flow", "Dashboard")
    arn = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{INSTANCE}/contact-flow/{FLOW}"
    for id, output in template["Outputs"].items():
        if any(f'"{it}' in json.dumps(output["Value"]) or "${" + it + "}" in json.dumps(output["Value"]) for it in gone):
            output["Value"] = arn if id == "FlowArn" else id
    given = [value.split("=", 1) for value in options.get("--parameter-overrides", [])]
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given]
    if os_fault():
        print("Error: Failed to create/update the stack", file=sys.stderr)
        return 1
    try:
        client.describe_stacks(StackName=name)
        call = client.update_stack
    except client.exceptions.ClientError:
        call = client.create_stack
    call(StackName=name, TemplateBody=json.dumps(template), Parameters=parameters, Capabilities=["CAPABILITY_IAM"])
    stream(client, name, template, boto3.client("sns"))
    return 0


def stream(client, name, template, sns):
    """Of the topic moto makes no more than its name: its policy and its subscription, as the template has them."""
    ids = {it.get("LogicalResourceId"): it.get("PhysicalResourceId") for it in
           client.describe_stack_resources(StackName=name)["StackResources"]}
    text = json.dumps(template["Resources"]["MessagesPolicy"]["Properties"]["PolicyDocument"])
    known = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "instanceId": INSTANCE}
    for key, value in known.items():
        text = text.replace("${" + key + "}", value).replace(json.dumps({"Ref": key}), json.dumps(value))
    policy = json.loads(re.sub(r'{"Fn::Sub": ("[^"]*")}', r"\1", text).replace('{"Ref": "Messages"}', json.dumps(ids["Messages"])))
    sns.set_topic_attributes(TopicArn=ids["Messages"], AttributeName="Policy", AttributeValue=json.dumps(policy))
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{ids['Deliveries'].rsplit('/', 1)[1]}"
    sns.subscribe(TopicArn=ids["Messages"], Protocol="sqs", Endpoint=queue)


def os_fault():
    import os

    return os.environ.get("STAND_IN_FAULT") == "deploy"
