"""The child processes of a running `relevo up`, and an enemy of theirs."""

import os
import random
import signal
import sys
import threading
from pathlib import Path


def of(relevo, name):
    """The process ids of a function's children (read off /proc, so on Linux alone)."""
    return of_process(relevo.process.pid, name)


def of_process(parent, name):
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            status = (entry / "stat").read_text()
            program = (entry / "exe").readlink()
        except OSError:
            continue
        rest = status[status.rindex(")") + 2 :].split()
        if is_function(program, name) and int(rest[1]) == parent and rest[0] != "Z":
            found.append(int(entry.name))
    return found


def is_function(program, name):
    """Whether the file is this function's: `chat-bot`, or `ChatBot/bootstrap` as `sam build` leaves it."""
    return program.name == name or program.parts[-2:] == (name.title().replace("-", ""), "bootstrap")


def kill(pids):
    killed = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            pass
    return killed


class Enemy:
    """Kills a function's children at random times. The seed is printed; RELEVO_TEST_SEED sets it.

    The seed fixes when each customer's turns are struck, not what the machine is doing at that moment."""

    def __init__(self, relevo, name):
        self.relevo, self.name = relevo, name
        self.seed = int(os.environ.get("RELEVO_TEST_SEED") or random.SystemRandom().randrange(2**32))
        self.killed = 0
        self.strikes = []
        self.lock = threading.Lock()
        print(f"RELEVO_TEST_SEED={self.seed}", file=sys.stdout, flush=True)

    def dice(self, number):
        """The random numbers of one customer."""
        return random.Random(f"{self.seed}/{number}")

    def strike(self, dice, longest_s):
        """Kills all children that there are within so many seconds from now, without anybody waiting for it."""
        thread = threading.Timer(dice.uniform(0, longest_s), self._kill)
        thread.daemon = True
        thread.start()
        with self.lock:
            self.strikes.append(thread)

    def rest(self):
        """Waits until every strike has fallen."""
        for thread in self.strikes:
            thread.join()

    def _kill(self):
        killed = kill(of(self.relevo, self.name))
        with self.lock:
            self.killed += killed
