"""InvokeInlineAgent with boto3: agents that come with the request, with the model that needs nothing."""

import unittest
import uuid

from botocore.exceptions import ClientError

from support.people import client
from support.relevo import Relevo

CLINIC = {
    "foundationModel": "any",
    "agentName": "clinic",
    "agentCollaboration": "SUPERVISOR_ROUTER",
    "instruction": "You are the desk of a dental clinic: you book visits and tell prices to everybody who asks.",
    "collaboratorConfigurations": [
        {"collaboratorName": "visits", "collaboratorInstruction": "Books, moves and cancels visits to the dentist."},
        {"collaboratorName": "prices", "collaboratorInstruction": "Tells what a treatment costs."},
    ],
    "collaborators": [
        {
            "agentName": "visits",
            "foundationModel": "any",
            "instruction": "You book a visit to the dentist once you know the day of the visit and the name.",
            "actionGroups": [
                {
                    "actionGroupName": "Visits",
                    "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
                    "functionSchema": {
                        "functions": [
                            {
                                "name": "bookVisit",
                                "description": "Books a visit to the dentist.",
                                "parameters": {
                                    "visitors": {"type": "integer", "description": "How many people come", "required": True},
                                },
                            }
                        ]
                    },
                },
                {"actionGroupName": "Ask", "parentActionGroupSignature": "AMAZON.UserInput"},
            ],
        },
        {
            "agentName": "prices",
            "foundationModel": "any",
            "instruction": "You tell what a treatment costs, in euros, from the list that you can look up.",
            "actionGroups": [
                {
                    "actionGroupName": "Prices",
                    "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
                    "functionSchema": {
                        "functions": [{"name": "priceList", "description": "Tells the price of a treatment: what it costs."}]
                    },
                }
            ],
        },
    ],
}


class InvokeInlineAgent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.relevo = Relevo()
        cls.api = client("bedrock-agent-runtime", cls.relevo.url)

    @classmethod
    def tearDownClass(cls):
        cls.relevo.stop()

    def invoke(self, session, text=None, agent=CLINIC, **more):
        said = {"inputText": text} if text is not None else {}
        answer = self.api.invoke_inline_agent(sessionId=session, enableTrace=True, **agent, **said, **more)
        self.assertEqual(answer["sessionId"], session)
        words, control, names = b"", None, set()
        for event in answer["completion"]:
            if "chunk" in event:
                words += event["chunk"]["bytes"]
            elif "returnControl" in event:
                control = event["returnControl"]
            elif "trace" in event:
                names.add(event["trace"].get("collaboratorName"))
                self.assertEqual(len(event["trace"]["trace"]), 1, "a union has exactly one member")
                self.assertNotIn("agentId", event["trace"])
        return words.decode(), control, names

    def test_a_team_routes_asks_and_returns_control(self):
        session = str(uuid.uuid4())
        words, control, names = self.invoke(session, "I want to book a visit to the dentist")
        self.assertIsNone(control)
        self.assertIn("visits", names)
        self.assertTrue(words.strip(), "it asks for what is missing")
        _, control, _ = self.invoke(session, "two of us")
        called = control["invocationInputs"][0]["functionInvocationInput"]
        self.assertEqual((called["function"], called["collaboratorName"]), ("bookVisit", "visits"))
        self.assertEqual([(p["name"], p["value"]) for p in called["parameters"]], [("visitors", "2")])
        result = {"actionGroup": "Visits", "function": "bookVisit", "agentId": called["agentId"]}
        result["responseBody"] = {"TEXT": {"body": "booked for Monday"}}
        state = {"invocationId": control["invocationId"], "returnControlInvocationResults": [{"functionResult": result}]}
        words, control, _ = self.invoke(session, inlineSessionState=state)
        self.assertIsNone(control)
        self.assertTrue(words.strip())

        _, control, names = self.invoke(session, "and what does a treatment cost?")
        self.assertEqual(control["invocationInputs"][0]["functionInvocationInput"]["function"], "priceList")
        self.assertIn("prices", names)

    def test_what_is_wrong_is_named(self):
        lonely = {**CLINIC, "collaborators": []}
        with self.assertRaises(ClientError) as raised:
            self.invoke("session-1", "hello", lonely)
        error = raised.exception.response["Error"]
        self.assertEqual(error["Code"], "ValidationException")
        self.assertIn("visits", error["Message"])


if __name__ == "__main__":
    unittest.main()
