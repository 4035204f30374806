//! What an agent does next: ask, call, pass on, or say.

use serde_json::{Map, Value};

use super::OfflineModel;
use super::dialogue::Act;
use super::history::{Event, Last, events, split_last};
use super::passing::{pass_on, passed_on};
use super::route::{follows_up, is_new};
use super::state::State;
use super::wording::{Phrase, pick};
use crate::Log;
use crate::definition::agent::ParameterType;
use crate::model::{Candidate, Content, Message, ModelRequest, Role, ToolKind, ToolSpec, ToolUse};

/// One turn of an agent.
struct Turn<'a> {
    request: &'a ModelRequest,
    tools: &'a [ToolSpec],
    language: &'a str,
}

impl OfflineModel {
    /// Text and calls.
    pub(super) fn orchestrate(&self, request: &ModelRequest, tools: &[ToolSpec]) -> Vec<Content> {
        let events = events(&request.messages, tools);
        let customer: Vec<&str> = events
            .iter()
            .rev()
            .filter_map(|e| if let Event::Customer { text, .. } = e { Some(*text) } else { None })
            .collect();
        let language = self.languages.of(&customer, request.language.as_deref());
        let turn = Turn { request, tools, language };
        let (before, last) = split_last(&events);
        match last {
            Last::Words(text) => {
                let allowed = turn.allowed();
                let mut state = self.follow(before, Some(&allowed));
                if turn.candidates().is_empty() && self.is_foreign(&state, text, &allowed) {
                    return vec![Content::Text(pass_on(text, language))];
                }
                let act = self.step(&mut state, text, Some(&allowed));
                self.act(&turn, &state, &act, before, text)
            }
            Last::Answers(answers) => self.answers(&turn, before, answers),
            Last::Nothing => vec![Content::Text(self.wording.phrase(Phrase::Clarify, language))],
        }
    }

    fn act(&self, turn: &Turn<'_>, state: &State, act: &Act, before: &[Event<'_>], text: &str) -> Vec<Content> {
        let candidates = turn.candidates();
        let mut recipients = self.recipients(act, state, candidates, text);
        // Nobody is closer to it: all who can look it up do, this agent among them.
        let unknown = recipients.is_empty() && *act == Act::Unclear && is_new(act, before, text);
        if unknown {
            recipients = self.knowing(candidates, text);
        }
        if recipients.is_empty()
            && matches!(act, Act::Unclear | Act::Answer(_))
            && follows_up(act, before, text)
            && let Some(last) = last_recipient(&turn.request.messages)
            && candidates.iter().any(|c| c.name == last)
        {
            recipients.push(last);
        }
        let mut content: Vec<Content> = Vec::new();
        for recipient in recipients {
            content.extend(turn.send(content.len(), &recipient, text));
        }
        match act {
            Act::Pursue(functions) => {
                let own: Vec<String> = functions.iter().filter(|f| turn.tool(f).is_some()).cloned().collect();
                content.extend(self.pursue_own(turn, state, &own, content.len()));
            }
            Act::Unclear if unknown || (candidates.is_empty() && content.is_empty()) => {
                content.extend(self.look_up(turn, before, text, content.len()));
            }
            Act::AskAgain if content.is_empty() => content.push(self.ask_again(turn, state)),
            Act::Smalltalk(i) => content.extend(self.wording.smalltalk(*i, turn.language).map(Content::Text)),
            Act::AskAgain | Act::Answer(_) | Act::Unclear => {}
        }
        if content.is_empty() {
            content.push(Content::Text(self.wording.phrase(Phrase::Clarify, turn.language)));
        }
        content
    }

    /// Asks all knowledge bases of the agent's own.
    fn look_up(&self, turn: &Turn<'_>, before: &[Event<'_>], text: &str, from: usize) -> Vec<Content> {
        let tools = turn.tools.iter().filter(|t| matches!(t.kind, ToolKind::KnowledgeBase { .. }));
        let Some(query) = self.query(text, before) else { return Vec::new() };
        let call =
            |(i, tool): (usize, &ToolSpec)| turn.call(from + i, &tool.name, serde_json::json!({ "query": query }));
        tools.enumerate().map(call).collect()
    }

    /// What functions and colleagues answered; what a colleague passes on goes to whom it is for.
    fn answers(&self, turn: &Turn<'_>, before: &[Event<'_>], answers: &[Event<'_>]) -> Vec<Content> {
        let is_passed = |e: &&Event<'_>| matches!(e, Event::Colleague { text, .. } if passed_on(text).is_some());
        let Some(Event::Colleague { from, text, .. }) = answers.iter().find(is_passed) else {
            return vec![Content::Text(self.relay(answers, turn.language))];
        };
        let others: Vec<Event<'_>> = answers.iter().filter(|e| !is_passed(e)).cloned().collect();
        let mut content = Vec::new();
        if !others.is_empty() {
            content.push(Content::Text(self.relay(&others, turn.language)));
        }
        let words = passed_on(text).unwrap_or_default();
        let mut state = self.follow(before, None);
        let act = self.step(&mut state, words, Some(&turn.allowed()));
        let recipients = self.recipients(&act, &state, turn.candidates(), words);
        let sends = recipients.iter().filter(|r| r != from).enumerate();
        content.extend(sends.filter_map(|(i, recipient)| turn.send(i, recipient, words)));
        if content.is_empty() {
            content.push(Content::Text(self.wording.phrase(Phrase::Clarify, turn.language)));
        }
        content
    }

    /// Calls the agent's own functions, or asks for what they lack.
    fn pursue_own(&self, turn: &Turn<'_>, state: &State, own: &[String], from: usize) -> Vec<Content> {
        let missing = self.missing(state, own);
        if !missing.is_empty() && !state.insisted {
            return vec![turn.ask(self.question(own, &state.asked, turn.language))];
        }
        let calls = own.iter().enumerate().filter_map(|(i, function)| {
            let (name, parameters) = turn.tool(function)?;
            let mut input = Map::new();
            for (parameter, declared) in parameters {
                let value = match state.value(parameter) {
                    Some(value) => typed(value, declared.r#type),
                    None if self.slots.is_composed(parameter) => Some(Value::String(self.describe(state, function))),
                    None => None,
                };
                if let Some(value) = value {
                    input.insert(parameter.clone(), value);
                }
            }
            let complete = parameters.iter().all(|(name, p)| !p.required || input.contains_key(name));
            (complete || state.insisted).then(|| turn.call(from + i, name, Value::Object(input)))
        });
        calls.collect()
    }

    fn question(&self, functions: &[String], asked: &[String], language: &str) -> String {
        let fallback = self.languages.default();
        let declared = |p: &String| self.offline.parameters.get(p);
        let ask = |p: &String| declared(p).and_then(|d| pick(&d.ask, language, fallback)).map(str::to_owned);
        if let [only] = asked
            && let Some(ask) = ask(only)
        {
            return ask;
        }
        let labels: Vec<Option<&str>> =
            asked.iter().map(|p| declared(p).and_then(|d| pick(&d.label, language, fallback))).collect();
        if labels.iter().any(Option::is_none) {
            let asks: Vec<String> = asked.iter().filter_map(ask).collect();
            if asks.len() == asked.len() && !asks.is_empty() {
                return asks.join(" ");
            }
        }
        let names = asked.iter().zip(labels);
        let names = names.map(|(p, label)| label.map_or_else(|| super::text::split_name(p), str::to_owned));
        let function = functions.first().map_or("", String::as_str);
        self.wording.ask(function, &names.collect::<Vec<_>>(), language)
    }

    /// Whether a colleague's words are the question for what is missing.
    pub(super) fn is_question(&self, state: &State, said: &str) -> bool {
        self.languages.codes().iter().any(|language| {
            said.contains(&self.question(&state.pending, &state.asked, language))
                || said.contains(&self.wording.phrase(Phrase::Retry, language))
        })
    }

    /// The same question with another beginning; after two replies without a value, what else there is.
    fn ask_again(&self, turn: &Turn<'_>, state: &State) -> Content {
        let retry = self.wording.phrase(Phrase::Retry, turn.language);
        let question = if state.fruitless >= 2 {
            self.wording.phrase(Phrase::Clarify, turn.language)
        } else {
            // Without the function's own beginning: it was said already.
            self.question(&[], &state.asked, turn.language)
        };
        turn.ask(format!("{retry} {question}"))
    }

    /// What functions and colleagues answered, in words; the same words once.
    fn relay(&self, answers: &[Event<'_>], language: &str) -> String {
        let mut texts: Vec<String> = self.say_found(answers, language).into_iter().collect();
        for answer in answers {
            let text = match answer {
                Event::Result { error: true, .. } | Event::Colleague { error: true, .. } => {
                    self.wording.phrase(Phrase::Failed, language)
                }
                Event::Result { function, input, text, .. } => self.wording.result(function, text, input, language),
                Event::Colleague { text, .. } => text.trim().to_owned(),
                Event::Customer { .. } | Event::Bot(_) | Event::Called { .. } | Event::Found { .. } => continue,
            };
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        // That one has nothing on it does not matter where another has.
        if texts.iter().any(|text| !self.wording.is_not_found(text, self.languages.codes())) {
            texts.retain(|text| !self.wording.is_not_found(text, self.languages.codes()));
        }
        if texts.is_empty() { self.wording.phrase(Phrase::Failed, language) } else { texts.join("\n\n") }
    }
}

impl<'a> Turn<'a> {
    fn allowed(&self) -> Vec<String> {
        let own = self.tools.iter().filter_map(|t| match &t.kind {
            ToolKind::Function { function, .. } => Some(function.clone()),
            ToolKind::KnowledgeBase { .. } | ToolKind::AskUser | ToolKind::SendMessage { .. } => None,
        });
        own.chain(self.candidates().iter().flat_map(|c| c.functions.iter().cloned())).collect()
    }

    fn candidates(&self) -> &'a [Candidate] {
        let lists = self.tools.iter().find_map(|t| match &t.kind {
            ToolKind::SendMessage { recipients } => Some(recipients.as_slice()),
            ToolKind::Function { .. } | ToolKind::KnowledgeBase { .. } | ToolKind::AskUser => None,
        });
        lists.unwrap_or_default()
    }

    fn tool(&self, name: &str) -> Option<(&'a str, &'a [(String, crate::definition::agent::Parameter)])> {
        self.tools.iter().find_map(|t| match &t.kind {
            ToolKind::Function { function, parameters, .. } if function == name => {
                Some((t.name.as_str(), parameters.as_slice()))
            }
            _ => None,
        })
    }

    /// Through the question tool, or as text where there is none.
    fn ask(&self, question: String) -> Content {
        match self.tools.iter().find(|t| matches!(t.kind, ToolKind::AskUser)) {
            Some(tool) => self.call(0, &tool.name, serde_json::json!({ "question": question })),
            None => Content::Text(question),
        }
    }

    fn send(&self, number: usize, recipient: &str, text: &str) -> Option<Content> {
        let tool = self.tools.iter().find(|t| matches!(t.kind, ToolKind::SendMessage { .. }))?;
        Some(self.call(number, &tool.name, serde_json::json!({ "recipient": recipient, "content": text })))
    }

    /// The id is made of the agent, the length of its history and the number of the call: the same request, the same id.
    fn call(&self, number: usize, name: &str, input: Value) -> Content {
        let agent: String = self.request.agent_name.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let tool_use_id = format!("{agent}_{}_{number}", self.request.messages.len());
        Content::ToolUse(ToolUse { tool_use_id, name: name.to_owned(), input })
    }
}

fn last_recipient(messages: &Log<Message>) -> Option<String> {
    let calls = messages.iter().rev().filter(|m| m.role == Role::Assistant).flat_map(|m| m.content.iter().rev());
    calls
        .filter_map(|c| if let Content::ToolUse(call) = c { Some(call) } else { None })
        .find_map(|call| call.input.get("recipient").and_then(Value::as_str).map(str::to_owned))
}

/// The value in the declared type; `None` when it does not fit.
fn typed(value: &str, r#type: ParameterType) -> Option<Value> {
    match r#type {
        ParameterType::String => Some(Value::String(value.to_owned())),
        ParameterType::Integer => value.parse::<i64>().ok().map(Value::from),
        ParameterType::Number => value.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from),
        ParameterType::Boolean => value.parse::<bool>().ok().map(Value::from),
        ParameterType::Object => serde_json::from_str(value).ok().filter(Value::is_object),
        ParameterType::Array => Some(value.lines().map(str::to_owned).collect()),
    }
}
