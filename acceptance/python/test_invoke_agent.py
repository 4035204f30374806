"""InvokeAgent with boto3: the agents without the chat."""

import unittest
import uuid

from botocore.exceptions import ClientError, EventStreamError

from support.plain import request
from support.people import client, info
from support.relevo import Relevo


class InvokeAgent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.api = client("bedrock-agent-runtime", cls.relevo.url)
        known = info(cls.relevo.url)
        cls.agent = {"agentId": known["agentId"], "agentAliasId": known["agentAliasId"]}

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def invoke(self, session, text=None, trace=False, **more):
        """The text, what was returned to us, the traces."""
        said = {"inputText": text} if text is not None else {}
        answer = self.api.invoke_agent(**self.agent, sessionId=session, enableTrace=trace, **said, **more)
        self.assertEqual(answer["sessionId"], session)
        chunks, control, traces = [], None, []
        for event in answer["completion"]:
            if "chunk" in event:
                chunks.append(event["chunk"]["bytes"])
            elif "returnControl" in event:
                control = event["returnControl"]
            elif "trace" in event:
                traces.append(event["trace"])
        return b"".join(chunks).decode(), control, traces

    def test_an_answer_with_its_trace(self):
        text, control, traces = self.invoke(str(uuid.uuid4()), "¿Cómo va mi envío 10020030? Mi rut es 12345678-9", trace=True)
        self.assertIn("acacias", text.lower())
        self.assertIsNone(control)
        calls = [
            step["invocationInput"]["actionGroupInvocationInput"]
            for trace in traces
            for step in trace["trace"].values()
            if "actionGroupInvocationInput" in step.get("invocationInput", {})
        ]
        self.assertEqual([call["function"] for call in calls], ["getOrderStatus"])
        values = {parameter["name"]: parameter["value"] for parameter in calls[0]["parameters"]}
        self.assertEqual(values, {"order_number": "10020030", "identity_document_number": "12345678-9"})
        for trace in traces:
            self.assertEqual(len(trace["trace"]), 1, "a union has exactly one member")

    def test_no_trace_unless_asked_for(self):
        self.assertEqual(self.invoke(str(uuid.uuid4()), "hola")[2], [])

    def test_a_session_remembers(self):
        session = str(uuid.uuid4())
        self.invoke(session, "¿dónde está mi pedido 10020040?")
        self.assertIn("acacias", self.invoke(session, "44444444-4")[0].lower())

    def test_sessions_do_not_know_of_each_other(self):
        self.invoke(str(uuid.uuid4()), "¿dónde está mi pedido 10020040?")
        self.assertNotIn("acacias", self.invoke(str(uuid.uuid4()), "44444444-4")[0].lower())

    def test_ending_a_session_forgets_it(self):
        session = str(uuid.uuid4())
        self.invoke(session, "¿dónde está mi pedido 10020040?")
        self.invoke(session, "gracias", endSession=True)
        self.assertNotIn("acacias", self.invoke(session, "44444444-4")[0].lower())

    def returned(self, session):
        text, control, _ = self.invoke(session, "necesito que me atienda una persona")
        self.assertIsNotNone(control, f"no return of control, but: {text}")
        called = control["invocationInputs"][0]["functionInvocationInput"]
        self.assertEqual(called["function"], "escalate")
        return control, called

    def result(self, control, called, body="OK"):
        named = {"actionGroup": called["actionGroup"], "function": called["function"], "responseBody": {"TEXT": {"body": body}}}
        if "agentId" in called:
            named["agentId"] = called["agentId"]
        return {"invocationId": control["invocationId"], "returnControlInvocationResults": [{"functionResult": named}]}

    def test_control_comes_back_and_goes_on(self):
        session = str(uuid.uuid4())
        control, called = self.returned(session)
        text, again, _ = self.invoke(session, sessionState=self.result(control, called))
        self.assertTrue(text)
        self.assertIsNone(again)

    def test_a_result_that_nobody_waits_for(self):
        session = str(uuid.uuid4())
        control, called = self.returned(session)
        wrong = self.result(control, {**called, "function": "somethingElse"})
        with self.assertRaises((ClientError, EventStreamError)) as caught:
            self.invoke(session, sessionState=wrong)
        self.assertEqual(caught.exception.response["Error"]["Code"].lower(), "validationexception")

    def test_refusals(self):
        for arguments, name in [
            ({**self.agent, "sessionId": "no spaces", "inputText": "x"}, "ValidationException"),
            ({**self.agent, "agentId": "NOSUCHAGNT", "sessionId": "abc", "inputText": "x"}, "ResourceNotFoundException"),
            ({**self.agent, "agentAliasId": "NOSUCHALIA", "sessionId": "abc", "inputText": "x"}, "ResourceNotFoundException"),
        ]:
            with self.subTest(name, **arguments):
                with self.assertRaises(ClientError) as caught:
                    self.api.invoke_agent(**arguments)
                self.assertEqual(caught.exception.response["Error"]["Code"], name)
        self.assertEqual(request("GET", f"{self.relevo.url}/health").status, 200)


if __name__ == "__main__":
    unittest.main()
