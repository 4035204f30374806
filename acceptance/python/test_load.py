"""`relevo load` as its user runs it: against a calm and a chaotic centre, through a site's own back end, and while the centre is
killed again and again. RELEVO_KILLS: how often (100 for the figures in docs/performance.md)."""

import json
import os
import random
import subprocess
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.people import client, info
from support.relevo import BINARY, Relevo

KILLS = int(os.environ.get("RELEVO_KILLS", "12"))


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

    def test_what_clients_were_told_outlives_kills(self):
        data = tempfile.TemporaryDirectory()
        self.addCleanup(data.cleanup)
        relevo = Relevo(data=data.name)
        port, kills, done = relevo.port, 0, threading.Event()
        customers_in_all, outcome = KILLS * 8, []

        def customers():
            arguments = ["--customers", str(customers_in_all), "--rate", "6", "--patience", "90"]
            outcome.append(load("--endpoint", f"http://127.0.0.1:{port}", *arguments, seconds=KILLS * 6 + 150))
            done.set()

        under_load = threading.Thread(target=customers)
        under_load.start()
        draws = random.Random(KILLS)
        try:
            while kills < KILLS and not done.wait(draws.uniform(0.2, 1.2)):
                relevo.kill()
                kills += 1
                relevo = Relevo(data=data.name, port=port)
            under_load.join(KILLS * 6 + 200)
        finally:
            relevo.stop()
        self.assertGreater(kills, KILLS // 2, "the customers were gone before")
        code, report, said = outcome[0]
        print(f"{kills} kills: {report['customers']} customers, {report['messages']} messages, broken {report['broken']}")
        # A bot whose start was killed is not there, and the flow passes its customer on to a person, of whom there is none
        # here: that is no broken word of the centre's.
        alone = report["broken"].pop("unanswered", 0) + report["broken"].pop("nobody came", 0)
        self.assertLess(alone, customers_in_all // 8, report)
        code = 0 if alone and not report["broken"] else code
        self.assertEqual((code, report["broken"], report["customers"]), (0, {}, customers_in_all), f"{report['details']} {said}")


if __name__ == "__main__":
    unittest.main()
