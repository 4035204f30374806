//! What happened in a turn, read off Bedrock's traces and what the chat was told.

use std::collections::BTreeMap;

use relevo_agents::knowledge::{Citation, Location};
use serde::Serialize;
use serde_json::Value;

/// One turn as it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Turn {
    /// What the customer said.
    pub customer: String,
    /// What the customer then read, message by message.
    pub said: Vec<String>,
    /// The collaborators that were at work, in the order in which they began.
    pub agents: Vec<String>,
    /// The functions that were called, in that order, those that control was returned for among them.
    pub calls: Vec<Call>,
    /// The documents that the answer cites, in the order in which it first does.
    pub cites: Vec<Cited>,
    /// Why the agent had no answer, each time.
    pub failures: Vec<String>,
    /// The bot left.
    pub departed: Option<Departed>,
    /// The session attributes that the agent was given, the ones for the turn among them.
    pub attributes: BTreeMap<String, String>,
}

/// A function that was called.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Call {
    /// By which collaborator; none: the supervisor.
    pub agent: Option<String>,
    /// Its action group.
    pub action_group: String,
    /// Its name; of an API schema `METHOD /path`.
    pub function: String,
    /// Name and value.
    pub arguments: Vec<(String, String)>,
    /// What came back; none: nothing did.
    pub result: Option<String>,
    /// Control was returned for it.
    pub control: bool,
}

/// A document that an answer cites.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cited {
    /// Its path in the folder, its URL or URI; empty where nobody said.
    pub document: String,
    /// What of it is cited.
    pub passages: Vec<Passage>,
}

/// A passage that an answer cites.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Passage {
    /// What it says.
    pub text: String,
    /// The part of the answer that stands on it.
    pub answer: String,
    /// `section`, `page`, `row`, … as text.
    pub metadata: BTreeMap<String, String>,
}

/// The bot left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Departed {
    /// Why, as in the contact attribute `escalationReason`.
    pub reason: String,
    /// Whether a person takes over.
    pub handoff: bool,
    /// The contact attributes that were written.
    pub attributes: BTreeMap<String, String>,
}

impl Turn {
    /// All that the customer read.
    pub fn answer(&self) -> String {
        self.said.join("\n\n")
    }

    /// Takes a `TracePart` in.
    pub(crate) fn see(&mut self, part: &Value) {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let agent = text(part.get("collaboratorName"));
        if let Some(agent) = &agent
            && !self.agents.contains(agent)
        {
            self.agents.push(agent.clone());
        }
        let Some(trace) = part.pointer("/trace/orchestrationTrace") else { return };
        if let Some(input) = trace.pointer("/invocationInput/actionGroupInvocationInput") {
            let operation =
                || Some(format!("{} {}", text(input.get("verb"))?.to_uppercase(), text(input.get("apiPath"))?));
            let Some(function) = text(input.get("function")).or_else(operation) else { return };
            let control = text(input.get("executionType")).is_some_and(|kind| kind == "RETURN_CONTROL");
            self.call(Call {
                agent,
                action_group: text(input.get("actionGroupName")).unwrap_or_default(),
                function,
                arguments: arguments(input),
                result: None,
                control,
            });
        } else if let Some(output) = output(trace) {
            let waits = |call: &&mut Call| call.agent == agent && call.result.is_none();
            if let Some(call) = self.calls.iter_mut().find(waits) {
                call.result = Some(text(output.get("text")).unwrap_or_default());
            }
        }
    }

    /// Takes what a part of the answer stands on in.
    pub(crate) fn cite(&mut self, citation: Citation) {
        let answer = citation.generated_response_part.text_response_part.text;
        for reference in citation.retrieved_references {
            let document = reference.location.as_ref().map(Location::text).unwrap_or_default().to_owned();
            let text = reference.text().to_owned();
            let metadata = reference.metadata.into_iter().filter_map(|(name, value)| Some((name, plain(&value)?)));
            let passage = Passage { text, answer: answer.clone(), metadata: metadata.collect() };
            match self.cites.iter_mut().find(|cited| cited.document == document) {
                // A turn that is asked again cites again.
                Some(cited) if cited.passages.contains(&passage) => {}
                Some(cited) => cited.passages.push(passage),
                None => self.cites.push(Cited { document, passages: vec![passage] }),
            }
        }
    }

    /// A call that is seen in the trace and again when control is returned is one.
    pub(crate) fn call(&mut self, call: Call) {
        let same = |known: &Call| {
            known.control
                && call.control
                && known.result.is_none()
                && known.function == call.function
                && known.arguments == call.arguments
        };
        if !self.calls.iter().any(same) {
            self.calls.push(call);
        }
    }
}

/// What a function answered, be it an error.
fn output(trace: &Value) -> Option<&Value> {
    let reprompt = || trace.pointer("/observation/repromptResponse").filter(|it| it["source"] == "ACTION_GROUP");
    trace.pointer("/observation/actionGroupInvocationOutput").or_else(reprompt)
}

/// A value as text; nothing and `null` are none.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The parameters of a function, or of an operation with those of its body.
fn arguments(input: &Value) -> Vec<(String, String)> {
    let own = input.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let content = input.pointer("/requestBody/content").and_then(Value::as_object);
    let body = content.into_iter().flat_map(|types| types.values()).filter_map(Value::as_array).flatten();
    own.chain(body)
        .filter_map(|it| Some((it.get("name")?.as_str()?.to_owned(), it.get("value")?.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(agent: &str, body: &Value) -> Value {
        json!({"collaboratorName": agent, "trace": {"orchestrationTrace": body}})
    }

    #[test]
    fn calls_and_their_results_are_read_off_the_traces() {
        let mut turn = Turn::default();
        turn.see(&json!({"trace": {"routingClassifierTrace": {"modelInvocationInput": {}}}}));
        let call = |order: &str| {
            part(
                "orders",
                &json!({"invocationInput": {"actionGroupInvocationInput": {"actionGroupName": "Orders",
                "function": "status", "parameters": [{"name": "order", "type": "string", "value": order}]}}}),
            )
        };
        let result =
            |text: &str| part("orders", &json!({"observation": {"actionGroupInvocationOutput": {"text": text}}}));
        for seen in [call("1"), call("2"), result("a"), result("b"), part("tickets", &json!({}))] {
            turn.see(&seen);
        }
        assert_eq!(turn.agents, ["orders", "tickets"]);
        let known: Vec<_> =
            turn.calls.iter().map(|call| (call.arguments[0].1.as_str(), call.result.as_deref().unwrap())).collect();
        assert_eq!(known, [("1", "a"), ("2", "b")]);
        let api = json!({"invocationInput": {"actionGroupInvocationInput": {"actionGroupName": "A", "verb": "post",
            "apiPath": "/seats", "executionType": "RETURN_CONTROL", "requestBody": {"content": {"application/json":
            [{"name": "row", "type": "integer", "value": "7"}]}}}}});
        turn.see(&part("seats", &api));
        turn.see(&part("seats", &api));
        let last = turn.calls.last().unwrap();
        assert_eq!((last.function.as_str(), last.control, turn.calls.len()), ("POST /seats", true, 3));
        assert_eq!(last.arguments, [("row".to_owned(), "7".to_owned())]);
    }
}
