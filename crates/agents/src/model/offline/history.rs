//! The history as what happened: who said what, what was called, what came back.

use serde_json::Value;

use crate::{
    Log,
    model::{Content, Message, Role, ToolKind, ToolSpec},
    run::words_of,
};

/// Something that happened, in order.
#[derive(Debug, Clone)]
pub(super) enum Event<'a> {
    /// The customer said it. `own`: this agent answered it itself, with a call or a question.
    Customer {
        /// The words.
        text: &'a str,
        /// See above.
        own: bool,
    },
    /// The agent, or a colleague, said it.
    Bot(&'a str),
    /// A function was called.
    Called {
        /// The function.
        function: &'a str,
        /// Its arguments.
        input: &'a Value,
    },
    /// A function answered.
    Result {
        /// The function.
        function: &'a str,
        /// Its arguments.
        input: &'a Value,
        /// The answer.
        text: &'a str,
        /// It failed.
        error: bool,
    },
    /// A knowledge base was searched.
    Found {
        /// For what.
        query: &'a str,
        /// The passages, as JSON.
        text: &'a str,
        /// It failed.
        error: bool,
    },
    /// A colleague answered a message.
    Colleague {
        /// Its name.
        from: &'a str,
        /// Its words.
        text: &'a str,
        /// There was none: why.
        error: bool,
    },
}

/// What a tool is, as far as the history tells.
enum Kind<'a> {
    Function(&'a str),
    Lookup,
    Ask,
    Send,
}

fn kind<'a>(name: &'a str, tools: &'a [ToolSpec]) -> Kind<'a> {
    match tools.iter().find(|t| t.name == name).map(|t| &t.kind) {
        Some(ToolKind::Function { function, .. }) => Kind::Function(function),
        Some(ToolKind::KnowledgeBase { .. }) => Kind::Lookup,
        Some(ToolKind::AskUser) => Kind::Ask,
        Some(ToolKind::SendMessage { .. }) => Kind::Send,
        None => match name.split_once("__") {
            Some(("user", "askuser")) => Kind::Ask,
            Some(("AgentCommunication", _)) => Kind::Send,
            Some(("KnowledgeBase", _)) => Kind::Lookup,
            Some((_, function)) => Kind::Function(function),
            None => Kind::Function(name),
        },
    }
}

/// Whether an answer says that there is no such thing. Also as an error it has words of its own: it is no failure.
fn found_nothing(text: &str) -> bool {
    let answer = serde_json::from_str::<Value>(text).unwrap_or_default();
    ["found", "inserted"].iter().any(|key| answer.get(*key) == Some(&Value::Bool(false)))
}

/// The events of a history.
pub(super) fn events<'a>(messages: &'a Log<Message>, tools: &'a [ToolSpec]) -> Vec<Event<'a>> {
    let mut events: Vec<Event<'a>> = Vec::new();
    let mut calls: Vec<(&str, Kind<'a>, &Value)> = Vec::new();
    for message in messages {
        for content in &message.content {
            match content {
                // Files are for models that read them.
                Content::Text(text) if words_of(text).trim().is_empty() => {}
                Content::Text(text) => match message.role {
                    Role::User => events.push(Event::Customer { text: words_of(text), own: false }),
                    Role::Assistant => events.push(Event::Bot(text)),
                },
                Content::ToolUse(call) => {
                    let kind = kind(&call.name, tools);
                    if !matches!(kind, Kind::Send) {
                        mark_own(&mut events);
                    }
                    match kind {
                        Kind::Function(function) => events.push(Event::Called { function, input: &call.input }),
                        Kind::Ask => {
                            if let Some(question) = call.input.get("question").and_then(Value::as_str) {
                                events.push(Event::Bot(question));
                            }
                        }
                        Kind::Send | Kind::Lookup => {}
                    }
                    calls.push((&call.tool_use_id, kind, &call.input));
                }
                Content::ToolResult(result) => {
                    let call = calls.iter().rev().find(|(id, _, _)| *id == result.tool_use_id);
                    let (text, error) = (result.text.as_str(), result.error);
                    match call {
                        Some((_, Kind::Function(function), input)) => {
                            let error = error && !found_nothing(text);
                            events.push(Event::Result { function, input, text, error });
                        }
                        Some((_, Kind::Lookup, input)) => {
                            let query = input.get("query").and_then(Value::as_str).unwrap_or_default();
                            events.push(Event::Found { query, text, error });
                        }
                        Some((_, Kind::Send, input)) => {
                            let from = input.get("recipient").and_then(Value::as_str).unwrap_or_default();
                            events.push(Event::Colleague { from, text, error });
                        }
                        Some((_, Kind::Ask, _)) if !error && !text.trim().is_empty() => {
                            events.push(Event::Customer { text, own: false });
                        }
                        Some((_, Kind::Ask, _)) | None => {}
                    }
                }
            }
        }
    }
    events
}

fn mark_own(events: &mut [Event<'_>]) {
    for event in events.iter_mut().rev() {
        match event {
            Event::Customer { own, .. } => {
                *own = true;
                return;
            }
            Event::Bot(_) => {}
            Event::Called { .. } | Event::Result { .. } | Event::Found { .. } | Event::Colleague { .. } => return,
        }
    }
}

/// The last thing in the history that needs an answer.
#[derive(Debug)]
pub(super) enum Last<'e, 'a> {
    /// The customer's words.
    Words(&'a str),
    /// Answers of functions and colleagues, the newest batch, in order.
    Answers(&'e [Event<'a>]),
    /// Nothing.
    Nothing,
}

/// What the history ends with, and the events before it.
pub(super) fn split_last<'e, 'a>(events: &'e [Event<'a>]) -> (&'e [Event<'a>], Last<'e, 'a>) {
    let is_answer = |e: &&Event<'_>| matches!(e, Event::Result { .. } | Event::Found { .. } | Event::Colleague { .. });
    let tail = events.iter().rev().take_while(is_answer).count();
    if tail > 0 {
        let (before, answers) = events.split_at(events.len() - tail);
        return (before, Last::Answers(answers));
    }
    let words = |event: &Event<'a>| if let Event::Customer { text, .. } = event { Some(*text) } else { None };
    let last = events.iter().enumerate().rev().find_map(|(i, event)| Some((i, words(event)?)));
    match last {
        Some((i, text)) => (events.get(..i).unwrap_or_default(), Last::Words(text)),
        None => (events, Last::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{ToolResult, ToolUse};

    fn text(role: Role, text: &str) -> Message {
        Message { role, content: vec![Content::Text(text.into())] }
    }

    fn call(id: &str, name: &str, input: Value) -> Message {
        let call = ToolUse { tool_use_id: id.into(), name: name.into(), input };
        Message { role: Role::Assistant, content: vec![Content::ToolUse(call)] }
    }

    fn result(id: &str, text: &str) -> Message {
        let result = ToolResult { tool_use_id: id.into(), text: text.into(), error: false };
        Message { role: Role::User, content: vec![Content::ToolResult(result)] }
    }

    #[test]
    fn a_reply_to_a_question_is_the_customer_speaking() {
        let history: Log<Message> = [
            text(Role::User, "my order"),
            call("1", "user__askuser", json!({"question": "Which?"})),
            result("1", "10020030"),
            call("2", "Orders__getOrder", json!({"n": "10020030"})),
            result("2", "{}"),
        ]
        .into_iter()
        .collect();
        let all = events(&history, &[]);
        assert!(matches!(all.first(), Some(Event::Customer { text: "my order", own: true })));
        assert!(matches!(all.get(1), Some(Event::Bot("Which?"))));
        assert!(matches!(all.get(2), Some(Event::Customer { text: "10020030", own: true })));
        let (_, last) = split_last(&all);
        assert!(matches!(last, Last::Answers(list) if matches!(list, [Event::Result { function: "getOrder", .. }])));
    }

    #[test]
    fn nothing_said_needs_no_answer() {
        assert!(matches!(split_last(&events(&Log::default(), &[])).1, Last::Nothing));
        assert!(matches!(split_last(&events(&[text(Role::User, "  ")].into_iter().collect(), &[])).1, Last::Nothing));
        assert!(matches!(split_last(&events(&[result("x", "orphan")].into_iter().collect(), &[])).1, Last::Nothing));
    }
}
