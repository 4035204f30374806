"""Bad files and wrong use: one clear error with place and hint, exit code 2, nothing on stdout."""

import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support.relevo import BINARY, ROOT, Relevo

BOT = ROOT / "examples/envios"


class BadInput(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="relevo-bad-"))
        self.addCleanup(shutil.rmtree, self.work, True)
        self.bot = self.work / "bot"
        shutil.copytree(BOT, self.bot)

    def refused(self, *arguments):
        """What `relevo up` says on stderr when it will not start."""
        command = [str(BINARY), "up", "--port", "0", "--data", str(self.work / "data"), "--bot", str(self.bot), *arguments]
        started = time.monotonic()
        try:
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10)
        except subprocess.TimeoutExpired as stuck:
            raise AssertionError(f"it started all the same: {stuck.stdout!r}") from None
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertNotIn("panicked", run.stderr)
        return run.stderr

    def edit(self, name, old, new):
        """Changes the first place where `old` stands; the answer is its line."""
        file = self.bot / name
        text = file.read_text()
        at = re.search(old, text)
        self.assertIsNotNone(at, f"{name} holds no {old}")
        file.write_text(text[: at.start()] + at.expand(new) + text[at.end() :])
        return text.count("\n", 0, at.start()) + 1

    def one_error(self, said, place, *words, hint=True):
        errors = re.findall(r"^error\b.*$", said, re.MULTILINE)
        self.assertEqual(len(errors), 1, said)
        self.assertIn(place, said)
        for word in words:
            self.assertIn(word, said)
        if hint:
            # What would be right stands in brackets behind what is wrong.
            self.assertRegex(said, r"\(.{6,}\)")

    def test_the_example_itself_is_good(self):
        Relevo(self.work / "data", bot=self.bot).stop()

    def test_an_unknown_key(self):
        line = self.edit("bot.yaml", r"(?m)^name:", r"nmae: x\nname:")
        self.one_error(self.refused(), f"bot.yaml:{line}", "nmae")

    def test_an_unknown_key_deep_inside(self):
        line = self.edit("bot.yaml", r"(?m)^( *-? *)collaboratorInstruction:", r"\1collaboratorInstructions:")
        self.one_error(self.refused(), f"bot.yaml:{line}", "collaboratorInstructions")

    def test_a_collaborator_that_does_not_exist(self):
        line = self.edit("bot.yaml", r"(?m)^( *)- collaboratorName:",
                         r"\1- collaboratorName: ordrs\n\1  collaboratorInstruction: Knows everything.\n\1- collaboratorName:")
        self.one_error(self.refused(), f"bot.yaml:{line}", "ordrs", "orders")

    def test_a_slip_in_a_collaborators_name(self):
        line = self.edit("bot.yaml", r"(collaboratorName: *)[\"']?\w+[\"']?", r"\1ordrs")
        # The collaborator meant is then without an entry of its own: that may be said too, but after.
        first = self.refused().splitlines()[0]
        self.one_error(first, f"bot.yaml:{line}", "ordrs", "orders")

    def test_yaml_that_is_none(self):
        (self.bot / "bot.yaml").write_text("name: [never closed\n")
        self.one_error(self.refused(), "bot.yaml:1", hint=False)

    def flow_line(self, needle):
        text = (self.bot / "flow.json").read_text()
        return text.count("\n", 0, text.index(needle)) + 1

    def change_flow(self, change):
        file = self.bot / "flow.json"
        flow = json.loads(file.read_text())
        change(flow)
        file.write_text(json.dumps(flow, indent=2, ensure_ascii=False) + "\n")

    def test_a_flow_with_an_unknown_action(self):
        def change(flow):
            flow["Actions"][1]["Type"] = "PlayTheTrumpet"

        self.change_flow(change)
        said = self.refused()
        self.one_error(said, "flow.json:", "PlayTheTrumpet")
        # The line is that of the action, from its opening brace to its closing one.
        named = int(re.search(r"flow\.json:(\d+)", said)[1])
        self.assertLess(abs(named - self.flow_line("PlayTheTrumpet")), 30, said)

    def test_a_slip_in_an_actions_type(self):
        def change(flow):
            action = next(action for action in flow["Actions"] if action["Type"] == "MessageParticipant")
            action["Type"] = "MesageParticipant"

        self.change_flow(change)
        self.one_error(self.refused(), "flow.json:", "MesageParticipant", "MessageParticipant?")

    def test_a_flow_with_a_dangling_transition(self):
        def change(flow):
            action = next(action for action in flow["Actions"] if action.get("Transitions", {}).get("NextAction"))
            action["Transitions"]["NextAction"] = "nowhere-at-all"

        self.change_flow(change)
        said = self.refused()
        self.one_error(said, "flow.json:", "nowhere-at-all")
        named = int(re.search(r"flow\.json:(\d+)", said)[1])
        self.assertLess(abs(named - self.flow_line("nowhere-at-all")), 30, said)

    def test_a_flow_that_is_not_json(self):
        (self.bot / "flow.json").write_text('{\n  "Version": "2019-10-30",\n  "Actions": [,]\n}\n')
        self.one_error(self.refused(), "flow.json:3", hint=False)

    def test_a_bot_folder_that_is_not_there(self):
        shutil.rmtree(self.bot)
        said = self.refused()
        self.assertIn(str(self.bot), said)

    def test_a_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            said = self.refused_on(port)
        self.assertIn(str(port), said)
        self.assertRegex(said.lower(), "in use|taken|--port")

    def refused_on(self, port):
        run = subprocess.run(
            [str(BINARY), "up", "--port", str(port), "--data", str(self.work / "data")], cwd=ROOT, capture_output=True, text=True, timeout=10
        )
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertEqual(run.stdout, "")
        return run.stderr

    def test_data_in_use_by_another(self):
        first = Relevo(self.work / "data", bot=self.bot)
        self.addCleanup(first.stop)
        said = self.refused()
        self.assertIn(str(self.work / "data"), said)

    def test_data_that_is_a_file(self):
        (self.work / "data").write_text("x")
        self.assertIn(str(self.work / "data"), self.refused())

    def test_an_option_that_nobody_knows(self):
        self.assertIn("--nonsense", self.refused("--nonsense"))


if __name__ == "__main__":
    unittest.main()
