"""`relevo load` as its user runs it: against a calm and a chaotic centre, through a site's own back end, and while the centre is
killed again and again. RELEVO_KILLS: how often (100 for the figures in docs/performance.md)."""

import json
import os
import random
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.people import client, info
from support.plain import request
from support.relevo import BINARY, Relevo, wait_for
from support.views import differences, read

EACH = 8  # customers for each kill
KILLS = int(os.environ.get("RELEVO_KILLS", "12"))
# Longer than a slow machine takes for all the starts in a row that a customer may meet: who loses patience proves nothing.
PATIENCE_S = 240
LAMBDAS = Path(os.environ.get("RELEVO_LAMBDAS_DIR", BINARY.parent))


def load(*arguments, seconds=150):
    command = [str(BINARY), "load", "--json", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


class Load(unittest.TestCase):
    def relevo(self, *arguments, **more):
        relevo = Relevo(arguments=arguments, **more)
        self.addCleanup(relevo.stop)
        return relevo

    def test_customers_and_people_over_a_chaotic_stream(self):
        relevo = self.relevo("--stream", "chaotic")
        arguments = ["--customers", "40", "--rate", "20", "--people", "10", "--patience", "60"]
        code, report, said = load("--endpoint", relevo.url, *arguments)
        self.assertEqual((code, report["broken"], report["customers"]), (0, {}, 40), f"{report} {said}")
        self.assertGreater(report["withPerson"], 3)
        self.assertEqual(report["messages"], report["times"]["send"]["count"])
        self.assertLessEqual(report["times"]["answer"]["p50_ms"], report["times"]["answer"]["longest_ms"])

    def test_a_sites_own_back_end_starts_the_chats(self):
        relevo = self.relevo()
        names, started = info(relevo.url), []

        class BackEnd(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                answer = client("connect", relevo.url).start_chat_contact(**asked)
                started.append(answer.pop("ResponseMetadata"))
                body = json.dumps({"data": {"startChatResult": answer}}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), BackEnd)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        script = Path(folder.name) / "mix.yaml"
        script.write_text("mix:\n  - {name: one, language: en, says: [hello], pauseSeconds: [0, 0]}\n")
        code, report, said = load(
            *("--endpoint", relevo.url, "--start-url", f"http://127.0.0.1:{server.server_address[1]}/start"),
            *("--instance", names["instanceId"], "--flow", names["contactFlowId"]),
            *("--customers", "3", "--script", str(script)),
        )
        self.assertEqual((code, report["messages"], len(started)), (0, 3, 3), f"{report} {said}")

    def test_what_is_not_there_or_does_not_answer_is_told(self):
        code, report, said = load("--endpoint", "http://127.0.0.1:9", "--customers", "1")
        self.assertEqual((code, report), (2, None))
        self.assertIn("cannot be reached", said)
        # Nobody is at the desk, so the one who asks for a person is left alone: a broken promise is told, and ends with 1.
        relevo = self.relevo()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        script = Path(folder.name) / "mix.yaml"
        script.write_text("mix:\n  - {name: waits, language: en, says: [hello], person: true, pauseSeconds: [0, 0]}\n")
        arguments = ["--customers", "1", "--script", str(script), "--patience", "3"]
        code, report, _ = load("--endpoint", relevo.url, *arguments)
        self.assertEqual((code, report["broken"]), (1, {"nobody came": 1}), report)
        self.assertIn("(waits)", report["details"][0])


class Killed(unittest.TestCase):
    """`kill -9` again and again while customers talk: nobody is left without an answer, and what any client was told is
    what a process that begins anew finds on disk."""

    def killed_under_load(self, up=(), load_arguments=(), kills=KILLS):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        data, views = Path(folder.name) / "data", Path(folder.name) / "views"
        relevo, killed, done, outcome = Relevo(data=data, arguments=up), 0, threading.Event(), []
        port, customers = relevo.port, kills * EACH
        # On a slow machine a process lives longer between kills, and as many customers come meanwhile: one who cannot connect
        # within five minutes of the start is sent away, by Connect's own rule.
        slow = max(1, relevo.ready_s)
        rate = EACH / (0.7 * slow + relevo.ready_s)

        def load_it():
            try:
                arguments = ["--customers", str(customers), "--rate", f"{rate:.2f}", "--patience", str(PATIENCE_S), "--views", str(views)]
                url = f"http://127.0.0.1:{port}"
                outcome.append(load("--endpoint", url, *arguments, *load_arguments, seconds=kills * 12 + 2 * PATIENCE_S))
            finally:
                done.set()

        under_load = threading.Thread(target=load_it)
        under_load.start()
        draws = random.Random(kills)
        try:
            # Who asks where chats begin is not there yet.
            wait_for("the first customer", lambda: request("GET", f"{relevo.url}/relevo/inspector/contacts").json["contacts"], 60)
            while killed < kills and not done.wait(draws.uniform(0.2, 1.2) * slow):
                relevo.kill()
                killed += 1
                relevo = Relevo(data=data, port=port, arguments=up)
            under_load.join(kills * 12 + 3 * PATIENCE_S)
            # What the last process had in memory does not count.
            relevo.kill()
            relevo = Relevo(data=data, port=port, arguments=up)
            self.assertTrue(outcome, "the load did not come to its end")
            code, report, said = outcome[0]
            told = read(views)
            differs = differences(relevo.url, told)
        finally:
            relevo.stop()
        heard = sum(len(view.get("heard", [])) for view in told)
        missed = sum(view.get("caughtUp", 0) for view in told)
        print(
            f"{killed} kills: {report['customers']} customers, {report['messages']} messages accepted, {report['withPerson']} with a "
            f"person, {heard} items heard ({missed} after coming back), {report['seconds']:.0f} s, broken {report['broken']}, "
            f"stored otherwise {len(differs)}"
        )
        self.assertGreater(killed, kills // 2, "the customers were gone before")
        self.assertEqual((code, report["broken"], report["customers"]), (0, {}, customers), f"{report['details']} {said}")
        self.assertEqual(differs, [])
        self.assertEqual(sum(view["role"] == "CUSTOMER" for view in told), customers)

    def test_the_bot_in_process(self):
        self.killed_under_load()

    def test_a_chaotic_stream_and_people_at_the_desk(self):
        self.killed_under_load(["--stream", "chaotic"], ["--people", "8"])

    @unittest.skipUnless((LAMBDAS / "start-bot").exists(), f"{LAMBDAS}/start-bot is not built")
    def test_the_bot_in_its_binaries(self):
        up = ["--lambdas", "process", "--lambdas-dir", str(LAMBDAS)]
        self.killed_under_load(up, kills=max(KILLS // 4, 3))


if __name__ == "__main__":
    unittest.main()
