"""The functions behind `cargo lambda watch`: the demo over a chaotic stream.

The suite starts the binaries that are there already, as somebody's debugger would. With RELEVO_WATCH_COMPILES=1 it is
cargo-lambda that compiles and starts them, which takes minutes from nothing: Cargo's features for the functions alone are not those of the workspace.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from python import demo
from support.people import Customer, info
from support.relevo import ROOT, Relevo

CARGO_LAMBDA = shutil.which("cargo-lambda")
COMPILES = bool(os.environ.get("RELEVO_WATCH_COMPILES"))
LAMBDAS = Path(os.environ.get("RELEVO_LAMBDAS_DIR", ROOT / "target/debug"))
FUNCTIONS = ("start-bot", "chat-bot")
# As the deployed template subscribes the bot.
FILTER = {"ParticipantRole": [{"anything-but": ["CUSTOM_BOT", "SYSTEM"]}, {"exists": False}]}
# A function that nobody has called is compiled first.
FIRST_S = 500 if COMPILES else 60
LISTENS_S = 60


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@unittest.skipUnless(CARGO_LAMBDA, "there is no cargo-lambda")
class Watched(unittest.TestCase):
    def setUp(self):
        self.address = f"http://127.0.0.1:{free_port()}"
        functions = {name: {"endpoint": self.address} for name in FUNCTIONS}
        subscribers = [{"function": "chat-bot", "filterPolicy": FILTER}]
        endpoints = {"functions": functions, "subscribers": subscribers}
        self.relevo = Relevo(endpoints=endpoints, arguments=["--stream", "chaotic"])
        self.addCleanup(self.relevo.stop)
        self.watch()

    def watch(self):
        """`cargo lambda watch`, told where everything is."""
        names = info(self.relevo.url)
        told = {
            "AWS_ENDPOINT_URL": self.relevo.url,
            "AWS_REGION": names["region"],
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "INSTANCE_ID": names["instanceId"],
            "TOPIC_ARN": names["topicArn"],
            "TABLE_NAME": "relevo-sessions",
            "RELEVO_BOT": str(ROOT / "examples/envios"),
            "AGENT_ID": names["agentId"],
            "AGENT_ALIAS_ID": names["agentAliasId"],
        }
        self.folder = tempfile.TemporaryDirectory(prefix="relevo-watch-")
        self.addCleanup(self.folder.cleanup)
        self.log = open(os.path.join(self.folder.name, "log"), "w+", encoding="utf-8")
        self.addCleanup(self.log.close)
        variables = os.path.join(self.folder.name, "variables")
        with open(variables, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in told.items())
        port = self.address.rsplit(":", 1)[1]
        how = ["--ignore-changes", "--env-file", variables] if COMPILES else ["--only-lambda-apis"]
        command = [CARGO_LAMBDA, "lambda", "watch", "--invoke-address", "127.0.0.1", "--invoke-port", port, *how]
        self.watched = self.process(command, {})
        self.processes = [self.watched]
        # A function whose Runtime API is not there ends at once, and nobody starts it again.
        self.listening()
        for function in () if COMPILES else FUNCTIONS:
            lambdas_own = {
                "AWS_LAMBDA_RUNTIME_API": f"{self.address}/.rt/{function}",
                "AWS_LAMBDA_FUNCTION_NAME": function,
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            }
            self.processes.append(self.process([self.binary(function)], told | lambdas_own))

    def listening(self):
        """Waits until cargo-lambda can be called; how long it takes to start is the machine's affair."""
        at = ("127.0.0.1", int(self.address.rsplit(":", 1)[1]))
        end = time.monotonic() + LISTENS_S
        while time.monotonic() < end:
            self.all_run()
            try:
                socket.create_connection(at, timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.fail(f"cargo-lambda does not listen\n{self.output()}")

    def all_run(self):
        for process in self.processes:
            if process.poll() is not None:
                self.fail(f"{process.args[0]} ended with {process.returncode}\n{self.output()}")

    def binary(self, function):
        """By its name, or as `sam build` leaves it."""
        named = LAMBDAS / function
        return named if named.exists() else LAMBDAS / function.title().replace("-", "") / "bootstrap"

    def process(self, command, environment):
        """In a group of its own, for cargo-lambda's children are functions."""
        process = subprocess.Popen(
            command,
            cwd=ROOT / "crates/lambdas",
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

        def end():
            # The second time for whoever of the group is left.
            for how in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, how)
                    process.wait(10)

        self.addCleanup(end)
        return process

    def output(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            return file.read()[-20000:] + self.relevo.output()

    def begin(self, function):
        """Invokes the function until it has answered anything: a flow does not wait while it is compiled."""
        request = urllib.request.Request(
            f"{self.address}/2015-03-31/functions/{function}/invocations", json.dumps({"Records": []}).encode(), method="POST"
        )
        # Without a function cargo-lambda keeps the caller waiting, so whether it is there is asked in between.
        wait_s = FIRST_S if COMPILES else 5
        end = time.monotonic() + FIRST_S
        while time.monotonic() < end:
            self.all_run()
            try:
                with urllib.request.urlopen(request, timeout=wait_s) as answer:
                    return answer.read()
            except urllib.error.HTTPError:
                return None  # it was there to say that this is no event of its
            except OSError:
                time.sleep(0.2)
        self.fail(f"{function} did not answer\n{self.output()}")

    def test_the_demo_over_a_chaotic_stream(self):
        for function in FUNCTIONS:
            self.begin(function)
        customer = Customer(self.relevo.url, "es").connect()
        self.addCleanup(customer.disconnect_socket)
        try:
            customer.greeted()
            problems = demo.play(customer, 60)
        except AssertionError as error:
            self.fail(f"{error}\n{self.output()}")
        self.assertEqual([], problems, self.output())


if __name__ == "__main__":
    unittest.main()
