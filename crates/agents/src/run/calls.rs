//! Calls of tools: looked at, taken up, answered.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Run, TraceKind, arguments, history,
    state::{Call, CallState, Failure, Parent, Phase, What},
    team::{ASK_USER, Member, SEND_MESSAGE, USER},
};
use crate::{
    definition::suggest,
    model::{Content, Role, ToolUse},
    tools::{ToolError, ToolOutput},
};

/// A call as it was looked at.
enum Looked {
    Function { arguments: Vec<(String, String, String)>, state: CallState },
    Lookup { knowledge_base_id: String, query: String },
    Ask(String),
    Send { recipient: String, text: String },
    Say(String),
    Wrong(String),
}

impl Run {
    /// A model calls tools.
    pub(super) fn call(&mut self, id: u32, texts: Vec<String>, mut calls: Vec<ToolUse>) {
        let Some(agent) = self.frame(id).map(|frame| frame.agent.clone()) else { return };
        let Some(member) = self.team.member(&agent) else { return };
        let looked: Vec<Looked> = calls.iter().map(|call| look(member, call)).collect();
        let said: Vec<&str> =
            looked.iter().filter_map(|l| if let Looked::Say(text) = l { Some(text.as_str()) } else { None }).collect();
        if said.len() == looked.len() {
            let answer = said.join("\n\n");
            self.finish_frame(id, TraceKind::Orchestration, &answer);
            return;
        }
        if self.too_many_wrong(id, &calls, &looked) {
            self.fail_frame(id, Failure::Stuck("The model made wrong calls again and again".into()));
            return;
        }
        self.name_calls(id, &mut calls);
        let mut content: Vec<Content> = texts.into_iter().map(Content::Text).collect();
        content.extend(calls.iter().cloned().map(Content::ToolUse));
        if let Some(frame) = self.frame_mut(id) {
            history::push(&mut frame.messages, Role::Assistant, content);
        }
        let calls =
            calls.into_iter().zip(looked).map(|(call, looked)| self.take_up(id, &agent, call, looked)).collect();
        self.set_phase(id, Phase::Calls(calls));
        self.settle(id);
    }

    fn too_many_wrong(&mut self, id: u32, calls: &[ToolUse], looked: &[Looked]) -> bool {
        let wrong: BTreeSet<&str> = calls
            .iter()
            .zip(looked)
            .filter(|(_, looked)| matches!(looked, Looked::Wrong(_)))
            .map(|(call, _)| call.name.as_str())
            .collect();
        let limit = self.budgets.wrong_calls;
        let Some(frame) = self.frame_mut(id) else { return false };
        let mut exceeded = false;
        for name in wrong {
            let count = frame.wrong.entry(name.to_owned()).or_default();
            *count += 1;
            exceeded |= *count > limit;
        }
        exceeded
    }

    /// Gives calls an id that no other in the session has, where the model's own may repeat.
    fn name_calls(&mut self, id: u32, calls: &mut [ToolUse]) {
        let agent = self.frame(id).map(|frame| frame.agent.clone()).unwrap_or_default();
        let mut named: Vec<String> = Vec::with_capacity(calls.len());
        for call in calls {
            while call.tool_use_id.trim().is_empty()
                || named.contains(&call.tool_use_id)
                || self.has_called(&agent, &call.tool_use_id)
            {
                self.session.calls += 1;
                call.tool_use_id = format!("call-{}", self.session.calls);
            }
            named.push(call.tool_use_id.clone());
            // Models may give no arguments as nothing; histories want an object.
            if !call.input.is_object() {
                call.input = json!({});
            }
        }
    }

    /// Whether an agent's history has a call of this id.
    fn has_called(&self, agent: &str, tool_use_id: &str) -> bool {
        let frames = self.turn().into_iter().flat_map(|turn| turn.frames.values());
        let own = frames.filter(|frame| frame.agent == agent).map(|frame| &frame.messages);
        let messages = self.session.histories.get(agent).into_iter().chain(own).flatten();
        messages.flat_map(|message| &message.content).any(|content| match content {
            Content::ToolUse(call) => call.tool_use_id == tool_use_id,
            Content::Text(_) | Content::ToolResult(_) => false,
        })
    }

    fn take_up(&mut self, frame: u32, agent: &str, call: ToolUse, looked: Looked) -> Call {
        let ToolUse { tool_use_id: id, name: tool, .. } = call;
        let refused = |id: &str, text: &str| CallState::Done(history::result(id, text, true));
        match looked {
            Looked::Function { arguments, state } => {
                if state == CallState::Due {
                    self.trace_function(agent, &tool, &arguments, None);
                }
                Call { id, what: What::Function { tool, arguments }, state }
            }
            Looked::Lookup { knowledge_base_id, query } => {
                self.trace_lookup(agent, &knowledge_base_id, &query);
                Call { id, what: What::Lookup { knowledge_base_id, query }, state: CallState::Due }
            }
            Looked::Ask(question) => {
                self.trace_ask(agent, &question);
                Call { id, what: What::Ask { question }, state: CallState::User }
            }
            Looked::Say(text) => {
                let state = CallState::Done(history::result(&id, "It goes out with your final answer.", false));
                if let Some(frame) = self.frame_mut(frame) {
                    frame.said.push(text);
                }
                Call { id, what: What::Nothing, state }
            }
            Looked::Wrong(text) => {
                self.trace_reprompt(agent, &text);
                let state = refused(&id, &text);
                Call { id, what: What::Nothing, state }
            }
            Looked::Send { recipient, text } => {
                let state = match self.send(frame, agent, &id, &recipient, &text) {
                    Ok(child) => CallState::Child(child),
                    Err(reason) => {
                        self.trace_failure(agent, reason);
                        refused(&id, reason)
                    }
                };
                Call { id, what: What::Send { recipient }, state }
            }
        }
    }

    fn send(&mut self, frame: u32, agent: &str, call: &str, recipient: &str, text: &str) -> Result<u32, &'static str> {
        let budgets = self.budgets;
        let Some(turn) = self.turn_mut() else { return Err("The turn is over.") };
        let sends = turn.sends.entry(format!("{agent} > {recipient}")).or_default();
        *sends += 1;
        if *sends > budgets.same_pair {
            return Err("Too many messages to this agent. Answer with what you have.");
        }
        if turn.hops > budgets.hops {
            return Err("Too many messages between agents. Answer with what you have.");
        }
        self.trace_send(agent, TraceKind::Orchestration, recipient, &json!({"type": "TEXT", "text": text}));
        let parent = Parent { frame, call: Some(call.to_owned()) };
        self.start_frame(recipient, Some(parent), text).ok_or("There is no such agent.")
    }

    /// What came of a tool's call. A result nobody waits for is ignored.
    pub fn feed_tool(&mut self, id: u32, tool_use_id: &str, result: Result<ToolOutput, ToolError>) {
        let Some(frame) = self.frame(id) else { return };
        let Phase::Calls(calls) = &frame.phase else { return };
        if !calls.iter().any(|call| call.id == tool_use_id && call.state == CallState::Due) {
            return;
        }
        let agent = frame.agent.clone();
        let (text, error) = match result {
            Ok(ToolOutput { text, error, session_attributes, prompt_session_attributes }) => {
                self.add_attributes(session_attributes, prompt_session_attributes);
                (text, error)
            }
            Err(ToolError::Fatal(cause)) => {
                self.trace_failure(&agent, "The function failed");
                if let Some(turn) = self.turn_mut() {
                    turn.failure = Some(Failure::Dependency(cause));
                }
                return;
            }
            Err(ToolError::TimedOut) => ("The function did not answer in time.".to_owned(), true),
            Err(_) => ("The function could not be executed.".to_owned(), true),
        };
        self.trace_function_result(&agent, &text, error);
        self.done(id, history::result(tool_use_id, &text, error));
    }
}

fn look(member: &Member, call: &ToolUse) -> Looked {
    let text = |name: &str| call.input.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    match call.name.as_str() {
        ASK_USER if member.may_ask() => match text("question") {
            Some(question) => Looked::Ask(question.to_owned()),
            None => Looked::Wrong("The argument question is missing.".into()),
        },
        SEND_MESSAGE if !member.candidates.is_empty() => match (text("recipient"), text("content")) {
            (Some(USER), Some(content)) => Looked::Say(content.to_owned()),
            (Some(recipient), Some(content)) if member.has_collaborator(recipient) => {
                Looked::Send { recipient: recipient.to_owned(), text: content.to_owned() }
            }
            (Some(recipient), Some(_)) => {
                let names = member.candidates.iter().map(|candidate| candidate.name.as_str()).chain([USER]);
                let names: Vec<&str> = names.collect();
                Looked::Wrong(format!("There is no agent {recipient}. The recipients are: {}.", names.join(", ")))
            }
            _ => Looked::Wrong("The arguments recipient and content must both be given.".into()),
        },
        name if let Some(knowledge_base_id) = member.knowledge_base(name) => match text("query") {
            Some(query) => Looked::Lookup { knowledge_base_id: knowledge_base_id.to_owned(), query: query.to_owned() },
            None => Looked::Wrong("The argument query is missing.".into()),
        },
        name => {
            let Some(function) = member.function(name) else {
                let hint = suggest(name, member.tools.iter().map(|tool| tool.name.as_str()));
                let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
                return Looked::Wrong(format!("{name} is not a tool{hint}."));
            };
            match arguments::check(&function.parameters, &call.input, function.return_control) {
                Ok(arguments) => {
                    let state = match (function.return_control, function.confirm) {
                        (true, _) => CallState::Control,
                        (false, true) => CallState::Confirm,
                        (false, false) => CallState::Due,
                    };
                    Looked::Function { arguments, state }
                }
                Err(text) => Looked::Wrong(text),
            }
        }
    }
}
