"""`relevo synth`, `deploy`, `destroy` and `doctor` by the real AWS and SAM command lines, against an account that stands in
for AWS; and the template by other people's checkers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import cloud
from support.cloud import INSTANCE, QUEUE, Cloud
from support.relevo import BINARY, ROOT, Relevo

PYTHON = Path(sys.executable)
EXAMPLES = ["envios", "operadora", "vuelos"]


def run(command, **more):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=240, cwd=ROOT, **more)


class Template(unittest.TestCase):
    def synth(self, example):
        done = run([BINARY, "synth", "--bot", f"examples/{example}"])
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = Path(tempfile.mkdtemp(prefix="relevo-synth-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "template.yaml").write_text(done.stdout)
        return folder / "template.yaml"

    def test_cfn_lint_finds_nothing(self):
        for example in EXAMPLES:
            with self.subTest(example):
                # W3002: the code is a local folder until it is packaged. I: actions against their resource types.
                done = run([PYTHON.parent / "cfn-lint", "-i", "W3002", "-c", "I", "--", self.synth(example)])
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_linter_sees_permissions(self):
        path = self.synth("envios")
        path.write_text(path.read_text().replace("connect:CreateParticipant,", "connect:CreateParticipants,"))
        done = run([PYTHON.parent / "cfn-lint", "-i", "W3002", "-c", "I", "--", path])
        self.assertIn("W3037", done.stdout)

    def test_checkov_finds_nothing(self):
        for example in EXAMPLES:
            with self.subTest(example):
                done = run([PYTHON.parent / "checkov", "--framework", "cloudformation", "--compact", "--quiet", "--skip-download",
                            "-o", "json", "-f", self.synth(example)])
                summary = json.loads(done.stdout)["summary"]
                self.assertEqual((summary["failed"], summary["parsing_errors"]), (0, 0), done.stdout[-3000:])
                self.assertGreater(summary["passed"], 30)


class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="relevo-deploy-"))
        cls.log = open(cls.folder / "moto.log", "w")
        cls.moto, port = cloud.moto(PYTHON, cls.log)
        cls.relevo = Relevo()
        cls.cloud = Cloud(port, cls.relevo)
        bin = cls.folder / "bin"
        bin.mkdir()
        cloud.sam(PYTHON, bin)
        cloud.aws(PYTHON, bin)
        binaries = cls.folder / "binaries"
        for name in ("start-bot", "chat-bot"):
            (binaries / name).mkdir(parents=True)
            (binaries / name / "bootstrap").write_text("nothing that runs\n")
        cls.environment = {
            **os.environ,
            "PATH": f"{bin}:{PYTHON.parent}:{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": cls.cloud.url,
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": cloud.REGION,
            "AWS_REGION": cloud.REGION,
            "AWS_MAX_ATTEMPTS": "1",
        }

    @classmethod
    def tearDownClass(cls):
        cls.relevo.kill()
        cls.cloud.close()
        cls.moto.kill()
        cls.moto.wait()
        cls.log.close()
        shutil.rmtree(cls.folder)

    def relevo_cli(self, *arguments, **variables):
        return run([BINARY, *arguments], env={**self.environment, **variables})

    def deploy(self, *more, parameters=(f"instanceId={INSTANCE}",), **variables):
        arguments = ["deploy", "--yes", "--binaries", self.folder / "binaries", "--work", self.folder / "work", *more]
        if parameters:
            arguments += ["--parameters", *parameters]
        return self.relevo_cli(*arguments, **variables)

    def stack(self):
        done = run([PYTHON.parent / "aws", "cloudformation", "describe-stacks", "--stack-name", "relevo-envios"], env=self.environment)
        return json.loads(done.stdout)["Stacks"][0] if done.returncode == 0 else None

    def test_there_and_back(self):
        # What is missing comes at once, and nothing is made.
        self.cloud.model["entitlementAvailability"] = "NOT_AVAILABLE"
        self.cloud.denied = {"DescribeInstance"}
        done = self.deploy()
        self.cloud.denied = set()
        self.cloud.model["entitlementAvailability"] = "AVAILABLE"
        self.assertEqual(done.returncode, 1)
        self.assertIn("you may not connect:DescribeInstance", done.stderr)
        self.assertIn("is not enabled (entitlementAvailability is NOT_AVAILABLE)", done.stderr)
        self.assertIsNone(self.stack())

        done = self.deploy(parameters=(f"instanceId={QUEUE}",))
        self.assertIn("there is no such instance in this account and region", done.stderr)
        done = self.deploy(parameters=(f"instanceId={INSTANCE}", "queue=Nobody"))
        self.assertIn("there are: BasicQueue", done.stderr)
        self.cloud.queues.append(("BasicQueue", "44444444-4444-4444-8444-444444444444", "STANDARD"))
        done = self.deploy()
        self.assertIn("2 queues have this name", done.stderr, "the second is on another page")
        self.cloud.queues.pop()

        # A step that fails says so, and the same command goes on.
        done = self.deploy(STAND_IN_FAULT="deploy")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sam deploy failed", done.stderr)

        self.cloud.calls.clear()
        done = self.deploy(parameters=(f"instanceId={INSTANCE}", "maxConcurrentTurns=7"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.cloud.calls,
                         ["DescribeInstance", "ListQueues", "GetInferenceProfile", "GetFoundationModelAvailability",
                          "GetAccountSettings"])
        stack = self.stack()
        parameters = {it["ParameterKey"]: it["ParameterValue"] for it in stack["Parameters"]}
        self.assertEqual((parameters["queueId"], parameters["maxConcurrentTurns"]), (QUEUE, "7"))
        build = self.folder / "work/relevo-envios/build"
        for function in ("StartBot", "ChatBot"):
            self.assertTrue((build / function / "bootstrap").is_file())
            self.assertTrue((build / function / "bot/bot.yaml").is_file())
            self.assertTrue((build / function / "bot/data/orders.csv").is_file())
            self.assertFalse((build / function / "bot/conversations").exists())

        # Again is an update, and keeps what is not said again.
        done = self.deploy(parameters=("turnSeconds=240",))
        self.assertEqual(done.returncode, 0, done.stderr)
        parameters = {it["ParameterKey"]: it["ParameterValue"] for it in self.stack()["Parameters"]}
        self.assertEqual((parameters["turnSeconds"], parameters["maxConcurrentTurns"]), ("240", "7"))

        # The doctor: what is well, and what somebody broke.
        outputs = {it["OutputKey"]: it["OutputValue"] for it in self.stack()["Outputs"]}
        self.cloud.functions, self.cloud.flow = [outputs["StartBotArn"]], f"{outputs['StartBotArn']} /queue/{QUEUE}"
        done = self.relevo_cli("doctor")
        found = {line.split("  ", 1)[1].strip().split(":")[0]: line.split()[0] for line in done.stdout.splitlines()}
        for what in ("stack", "the instance knows start-bot", "the flow calls start-bot", "people answer from the queue",
                     "the instance may publish to the topic", "the key is in use", "the topic delivers to the bot",
                     "chat-bot reads the queue", "no dead letters", "start-bot is ready", "chat-bot is ready",
                     "the instance may call start-bot", "no alarm", "turns at once"):
            self.assertEqual(found.get(what), "ok", f"{what}\n{done.stdout}")
        self.cloud.functions, self.cloud.serves = [], False
        # A chat all the same, which a contact centre of this machine holds.
        done = self.relevo_cli("doctor", "--live", "--patience", "20")
        self.assertEqual(done.returncode, 1)
        self.assertIn("WRONG    the instance knows start-bot", done.stdout)
        self.assertIn("no routing profile has queue", done.stdout)
        self.assertIn("ok       a chat is answered", done.stdout)

        done = self.relevo_cli("destroy", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the key that the data was encrypted with", done.stderr)
        self.assertIsNone(self.stack())
        done = self.relevo_cli("destroy", "--yes")
        self.assertIn("nothing to remove", done.stderr)


if __name__ == "__main__":
    unittest.main()
