//! Frames begin, end, fail and are cancelled.

use serde_json::json;

use super::{
    Run, TraceKind,
    files::{files_of, words_of},
    history, lookups,
    state::{Call, CallState, Failure, Frame, Parent, Phase},
    telling::join,
    words,
};
use crate::{
    Log,
    definition::agent::Collaboration,
    knowledge::cite,
    model::{Content, Message, Role, ToolResult},
};

/// What the model is told of calls that were not answered.
pub(super) const CANCELLED: &str = "This was not done: the customer went on with something else.";

impl Run {
    /// An agent begins to work on a text.
    pub(super) fn start_frame(&mut self, agent: &str, parent: Option<Parent>, text: &str) -> Option<u32> {
        let member = self.team.member(agent)?;
        let router = member.collaboration == Collaboration::SupervisorRouter;
        let relay = member.relay && parent.is_some();
        let mut messages = Log::default();
        let mut told = false;
        if relay {
            let heard = self.session.heard.get(agent).copied().unwrap_or_default();
            for line in self.session.conversation.iter().skip(heard) {
                history::push_text(&mut messages, line.role, &line.text);
            }
            // The customer's last words are also what it is asked, when they were passed on as they are.
            let last = self.session.conversation.last();
            let words = words_of(text).trim();
            told = !messages.is_empty() && last.is_some_and(|l| l.role == Role::User && l.text.trim() == words);
            self.session.heard.insert(agent.to_owned(), self.session.conversation.len());
        }
        history::push_text(&mut messages, Role::User, if told { files_of(text) } else { text });
        // A conversation that was cut can begin with the bot's words; a history cannot.
        if self.session.histories.get(agent).is_none_or(Log::is_empty) {
            let first = messages.iter().position(|message| message.role == Role::User).unwrap_or_default();
            messages.drop_first(first);
        }
        let turn = self.turn_mut()?;
        let id = turn.next_frame;
        turn.next_frame += 1;
        turn.hops += 1;
        let frame = Frame {
            agent: agent.to_owned(),
            parent,
            text: text.to_owned(),
            messages,
            phase: if router { Phase::Route { resume: None } } else { Phase::Think },
            iterations: 0,
            empties: 0,
            wrong: std::collections::BTreeMap::new(),
            said: Vec::new(),
            found: Vec::new(),
        };
        turn.frames.insert(id, frame);
        Some(id)
    }

    fn take_frame(&mut self, id: u32) -> Option<Frame> {
        self.turn_mut()?.frames.remove(&id)
    }

    fn keep(&mut self, agent: &str, messages: &Log<Message>) {
        history::append(self.session.histories.entry(agent.to_owned()).or_default(), messages);
    }

    /// An agent answers who asked it.
    pub(super) fn finish_frame(&mut self, id: u32, kind: TraceKind, text: &str) {
        let Some(mut frame) = self.take_frame(id) else { return };
        let text = join(frame.said.iter().map(String::as_str).chain([text.trim()])).trim_end().to_owned();
        let text = if frame.parent.is_none() { self.guard_answer(text) } else { text };
        history::push_text(&mut frame.messages, Role::Assistant, &text);
        self.keep(&frame.agent, &frame.messages);
        self.trace_final(&frame.agent, kind, &text);
        match frame.parent {
            None => {
                if let Some(turn) = self.turn_mut() {
                    turn.citations = cite(&text, &frame.found);
                    turn.answer = Some(text);
                }
            }
            Some(parent) => {
                if let Some(above) = self.frame_mut(parent.frame) {
                    lookups::add(&mut above.found, &frame.found);
                }
                self.answer_parent(&parent, &frame.agent, &text);
            }
        }
    }

    fn answer_parent(&mut self, parent: &Parent, from: &str, text: &str) {
        let Some(above) = self.frame(parent.frame).map(|frame| frame.agent.clone()) else { return };
        let payload = json!({"type": "TEXT", "text": text});
        if let Some(call) = &parent.call {
            self.trace_reply(&above, TraceKind::Orchestration, from, &payload);
            self.done(parent.frame, history::result(call, text, false));
            return;
        }
        self.trace_reply(&above, TraceKind::Routing, from, &payload);
        if let Some(turn) = self.turn_mut() {
            turn.passed_on.push(from.to_owned());
        }
        self.finish_frame(parent.frame, TraceKind::Routing, text);
    }

    /// An agent cannot answer. Its supervisor is told; without one the turn fails, or ends in words.
    pub(super) fn fail_frame(&mut self, id: u32, failure: Failure) {
        let Some(frame) = self.take_frame(id) else { return };
        self.keep(&frame.agent, &frame.messages);
        let reason = match &failure {
            Failure::Throttled(_) => "The model is throttled",
            Failure::TimedOut => "The model did not answer in time",
            Failure::Model(_) => "The model failed",
            Failure::Dependency(_) => "A function failed",
            Failure::Stuck(reason) => reason,
        };
        self.trace_failure(&frame.agent, reason);
        match frame.parent {
            Some(Parent { frame: above, call: Some(call) }) => {
                let text = format!("{} could not answer. {reason}.", frame.agent);
                let name = self.frame(above).map(|frame| frame.agent.clone()).unwrap_or_default();
                self.trace_reply(&name, TraceKind::Orchestration, &frame.agent, &json!({"type": "TEXT", "text": text}));
                self.done(above, history::result(&call, &text, true));
            }
            Some(Parent { frame: above, call: None }) => self.fail_frame(above, failure),
            None => {
                if let Failure::Stuck(_) = failure {
                    self.end_in_words(frame.agent);
                } else if let Some(turn) = self.turn_mut() {
                    turn.failure = Some(failure);
                }
            }
        }
    }

    /// The turn of the agent at the top ends without its answer.
    pub(super) fn end_in_words(&mut self, agent: String) {
        let words = words::stuck(self.language().or(self.team.language())).to_owned();
        let said = vec![Content::Text(words.clone())];
        history::push(self.session.histories.entry(agent).or_default(), Role::Assistant, said);
        if let Some(turn) = self.turn_mut() {
            turn.answer = Some(turn.behind_told(&words));
        }
    }

    /// A frame and all below it end without an answer. Calls that have no result get one that says why.
    pub(super) fn cancel(&mut self, id: u32, reason: &str) {
        let Some(mut frame) = self.take_frame(id) else { return };
        match frame.phase {
            Phase::Routed { child } | Phase::Route { resume: Some(child) } => self.cancel(child, reason),
            Phase::Route { resume: None } | Phase::Think => {}
            Phase::Calls(calls) => {
                let mut results = Vec::new();
                for Call { id, state, .. } in calls {
                    if let CallState::Child(child) = state {
                        self.cancel(child, reason);
                    }
                    results.push(Content::ToolResult(match state {
                        CallState::Done(result) => result,
                        _ => history::result(&id, reason, true),
                    }));
                }
                history::push(&mut frame.messages, Role::User, results);
            }
        }
        self.keep(&frame.agent, &frame.messages);
    }

    /// A call has its result.
    pub(super) fn done(&mut self, frame: u32, result: ToolResult) {
        if let Some(Frame { phase: Phase::Calls(calls), .. }) = self.frame_mut(frame)
            && let Some(call) = calls.iter_mut().find(|call| call.id == result.tool_use_id)
        {
            call.state = CallState::Done(result);
        }
        self.settle(frame);
    }

    /// When all calls of a frame have their results, its model goes on.
    pub(super) fn settle(&mut self, id: u32) {
        let Some(frame) = self.frame_mut(id) else { return };
        let Phase::Calls(calls) = &frame.phase else { return };
        let results: Option<Vec<Content>> = calls
            .iter()
            .map(|call| match &call.state {
                CallState::Done(result) => Some(Content::ToolResult(result.clone())),
                _ => None,
            })
            .collect();
        if let Some(results) = results {
            history::push(&mut frame.messages, Role::User, results);
            frame.phase = Phase::Think;
        }
    }
}
