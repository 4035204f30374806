"""Starts and stops `relevo up` as its user would: by its command line, reading the address it prints."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("RELEVO_BIN", ROOT / "target/release/relevo"))
START_S = 20
# A function that messages could go through, for suites in which none does.
PROCESSOR = {"functions": {"processor": {"endpoint": "http://127.0.0.1:9"}}}
URL = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Relevo:
    """One running `relevo up`. Its output is kept, so that a failure can be read."""

    def __init__(self, data=None, port=0, bot=None, arguments=(), environment=None, endpoints=None):
        """`endpoints`: functions and subscribers of somebody else's, as in the file of `--endpoints`."""
        self.own_data = data is None
        self.data = Path(data) if data else Path(tempfile.mkdtemp(prefix="relevo-data-"))
        command = [str(BINARY), "up", "--port", str(port), "--data", str(self.data)]
        if bot:
            command += ["--bot", str(bot)]
        self.endpoints = None
        if endpoints:
            self.endpoints = tempfile.NamedTemporaryFile("w", prefix="relevo-endpoints-", suffix=".yaml")
            json.dump(endpoints, self.endpoints)  # JSON is YAML
            self.endpoints.flush()
            command += ["--endpoints", self.endpoints.name]
        self.out, self.err = [], []
        started = time.monotonic()
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.printed = threading.Event()
        self.port = None
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.out), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.err), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        if not self.printed.wait(START_S):
            self.kill()
            raise AssertionError(f"relevo up printed no address within {START_S} s\n{self.output()}")
        self.ready_s = time.monotonic() - started
        if self.port is None:
            raise AssertionError(f"relevo up stopped with {self.process.wait(5)}\n{self.output()}")
        self.url = f"http://127.0.0.1:{self.port}"

    def _read(self, stream, lines):
        for line in stream:
            lines.append(line)
            if lines is self.out and self.port is None and (found := URL.search(line)):
                self.port = int(found[1])
                self.printed.set()
        if lines is self.out:
            self.printed.set()

    def output(self):
        return "stdout:\n" + "".join(self.out) + "stderr:\n" + "".join(self.err[-60:])

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        """`kill -9`: nothing is written, nothing is said."""
        if self.alive():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self):
        """The polite way, then the other; the data goes too when it was made here."""
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        for reader in self._readers:
            reader.join(2)
        if self.endpoints:
            self.endpoints.close()
        if self.own_data:
            shutil.rmtree(self.data, ignore_errors=True)


def bot_with_hours():
    """The example's folder with hours of operation beside it, which are always; whoever asks for it removes it."""
    folder = Path(tempfile.mkdtemp(prefix="relevo-bot-"))
    shutil.copytree(ROOT / "examples/envios", folder, dirs_exist_ok=True)
    every_day = 'monday-sunday: ["00:00-24:00"]'
    (folder / "hours.yaml").write_text(f"- id: always\n  timeZone: Europe/Madrid\n  open: {{{every_day}}}\n", encoding="utf-8")
    return folder


def wait_for(what, check, seconds=20, every=0.05):
    """The first true answer of `check`; fails with `what` after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for: {what}")
        time.sleep(every)
