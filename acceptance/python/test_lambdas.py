"""`relevo up --lambdas process`: every conversation through the binaries that are deployed, also while they are killed."""

import os
import shutil
import tempfile
import threading
import unittest
from collections import Counter
from pathlib import Path

from python import demo, test_conversation
from python.test_conversation import ADDRESS, DOCUMENT, ORDER
from support import children
from support.people import Customer
from support.relevo import Relevo, wait_for

ARGUMENTS = ["--lambdas", "process"]
if os.environ.get("RELEVO_LAMBDAS_DIR"):
    ARGUMENTS += ["--lambdas-dir", os.environ["RELEVO_LAMBDAS_DIR"]]
CHAOTIC = [*ARGUMENTS, "--stream", "chaotic"]
# A killed turn goes on when its lease has run out (30 s) and the topic delivers again.
AGAIN_S = 100
CUSTOMERS = 4


class InTheBinaries(test_conversation.Conversation):
    """All of the conversations that the bot in process has."""

    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo(arguments=ARGUMENTS)
        cls.url = cls.relevo.url

    def test_it_was_the_binaries_and_their_logs_hold_nothing_of_what_was_said(self):
        customer = self.customer("es")
        customer.ask(f"¿dónde está mi pedido {ORDER}? mi rut es {DOCUMENT}")
        log = "".join(self.relevo.err)
        self.assertIn('"outcome":"answered"', log)
        self.assertIn('"started":true', log)
        for secret in (ORDER, DOCUMENT, "pedido", customer.participant_token, customer.token):
            self.assertNotIn(secret, log)


@unittest.skipUnless(Path("/proc/self/stat").exists(), "needs /proc")
class Killed(unittest.TestCase):
    """Killed at any time, and over a stream that delivers twice, late and in another order."""

    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="relevo-lambdas-")
        self.addCleanup(shutil.rmtree, self.data, True)
        self.relevo = Relevo(self.data, arguments=CHAOTIC)
        self.addCleanup(lambda: self.relevo.stop())
        self.url = self.relevo.url

    def customer(self, language="es"):
        customer = Customer(self.url, language).connect()
        self.addCleanup(customer.disconnect_socket)
        customer.greeted()
        return customer

    def test_every_message_is_answered_once_and_the_hand_off_happens_once(self):
        enemy = children.Enemy(self.relevo, "chat-bot")
        customers = [self.customer() for _ in range(CUSTOMERS)]
        problems = {}

        def one(number, customer):
            try:
                problems[customer.contact_id] = demo.play(customer, AGAIN_S, lambda dice=enemy.dice(number): enemy.strike(dice, 0.3))
            except BaseException as error:  # what a thread raises is nobody's otherwise
                problems[customer.contact_id] = [repr(error)]

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(customers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        died = sum("Runtime.ExitError" in line for line in self.relevo.err)
        print(f"{enemy.killed} children were killed, {died} of them in the middle of an invocation", flush=True)
        self.assertGreater(enemy.killed, 0)
        self.assertEqual({}, {key: found for key, found in problems.items() if found}, f"seed {enemy.seed}\n{self.relevo.output()}")

    def test_a_start_that_is_killed_leads_to_the_bot_or_to_a_person(self):
        enemy = children.Enemy(self.relevo, "start-bot")
        outcomes, dice = Counter(), enemy.dice(0)
        for _ in range(8):
            enemy.strike(dice, 0.15)
            customer = Customer(self.url, "es").connect()
            self.addCleanup(customer.disconnect_socket)

            def settled():
                if customer.inside()["state"] == "QUEUED":
                    return "person"
                return "bot" if customer.messages("CUSTOM_BOT") else None

            outcomes[wait_for("the bot or a person", settled, 40)] += 1
            customer.leave()
        print(f"{enemy.killed} children were killed: {dict(outcomes)}", flush=True)
        # The next start gets a new child, once the enemy rests: one that dies while it is handed an event is a killed start.
        enemy.rest()
        children.kill(children.of(self.relevo, "start-bot"))
        wait_for("the end of the idle children", lambda: not children.of(self.relevo, "start-bot"))
        self.customer()

    def test_killed_together_with_relevo(self):
        customer = self.customer()
        customer.ask(f"quiero saber de mi pedido {ORDER}")
        parent = self.relevo.process.pid
        orphans = children.of_process(parent, "chat-bot") + children.of_process(parent, "start-bot")
        self.assertTrue(orphans)
        said = customer.say(f"mi rut es {DOCUMENT}")
        self.relevo.kill()
        wait_for("the end of the children", lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in orphans), 10)
        self.relevo = Relevo(self.data, port=self.relevo.port, arguments=CHAOTIC)
        customer.disconnect_socket()
        customer.connect()
        self.assertEqual(len(demo.answered_once(customer, said, ADDRESS, AGAIN_S)), 1)


if __name__ == "__main__":
    unittest.main()
