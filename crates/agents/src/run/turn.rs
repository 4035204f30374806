//! The customer says something: a new turn begins, or the open one goes on.

use super::{
    Input, Run,
    files::{with_files, words_of},
    frames::CANCELLED,
    history,
    state::{CallState, Frame, Line, Phase, Turn},
};
use crate::{Log, model::Role};

impl Run {
    /// The customer says something. An open question gets it as its reply. A return of control that is still open is
    /// cancelled: the model is told that the customer went on.
    pub fn start(&mut self, input: Input) {
        let Input { text, session_attributes, prompt_session_attributes, before, prompt_creation, files } = input;
        if self.session.turn == 0 {
            self.take_history(before);
        }
        self.session.turn += 1;
        self.session.session_attributes.extend(session_attributes);
        let question = self.open_question();
        let allowed = self.guard_input(with_files(&text, &files));
        if question.is_none() || allowed.is_none() {
            self.cancel_turn(CANCELLED);
        }
        let Some(text) = allowed else {
            // No agent reads it, and nothing remembers it.
            self.session.open = Some(Turn { prompt_session_attributes, ..Turn::default() });
            self.refuse_input();
            return;
        };
        if let Some(question) = &question {
            // What was said before the question may be a part of it.
            if question.starts_with(self.told().trim_end())
                && let Some(turn) = self.turn_mut()
            {
                turn.told.clear();
            }
            self.part_with_told();
            self.session.conversation.push(Line { role: Role::Assistant, text: question.clone() });
            self.askers_heard();
        }
        self.session.conversation.push(Line { role: Role::User, text: words_of(&text).to_owned() });
        let turn = self.session.open.get_or_insert_default();
        turn.prompt_session_attributes = prompt_session_attributes;
        turn.prompt_creation = prompt_creation;
        turn.hops = 0;
        turn.tokens = 0;
        turn.sends.clear();
        for frame in turn.frames.values_mut() {
            frame.iterations = 0;
            frame.wrong.clear();
        }
        let top = turn.frames.iter().find(|(_, frame)| frame.parent.is_none()).map(|(id, _)| *id);
        if let (Some(_), Some(top)) = (question, top) {
            self.reply(top, &text);
        } else {
            let root = self.team.root().to_owned();
            self.start_frame(&root, None, &text);
        }
        self.plan_digest();
    }

    /// What was said before the session began is the supervisor's history.
    fn take_history(&mut self, before: Vec<Line>) {
        let mut messages = Log::default();
        for line in before.iter().skip_while(|line| line.role == Role::Assistant) {
            history::push_text(&mut messages, line.role, &line.text);
        }
        if !messages.is_empty() {
            self.session.histories.insert(self.team.root().to_owned(), messages);
        }
        self.session.conversation = before.into_iter().collect();
    }

    /// Attributes that come with the results of a return of control.
    pub fn add_attributes(
        &mut self,
        session_attributes: std::collections::BTreeMap<String, String>,
        prompt_session_attributes: std::collections::BTreeMap<String, String>,
    ) {
        self.session.session_attributes.extend(session_attributes);
        if let Some(turn) = self.turn_mut() {
            turn.prompt_session_attributes.extend(prompt_session_attributes);
        }
    }

    /// The question the open turn waits with, when a reply is all it waits for.
    fn open_question(&self) -> Option<String> {
        let turn = self.turn()?;
        if turn.control.is_some() || turn.answer.is_some() || turn.failure.is_some() {
            return None;
        }
        let waits = turn.frames.values().all(|frame| match &frame.phase {
            Phase::Calls(calls) => calls
                .iter()
                .all(|call| matches!(call.state, CallState::User | CallState::Child(_) | CallState::Done(_))),
            Phase::Routed { .. } => true,
            Phase::Route { .. } | Phase::Think => false,
        });
        if waits { self.questions() } else { None }
    }

    /// Brings a reply to who asked. A router on the way decides first whether it is one.
    pub(super) fn reply(&mut self, id: u32, text: &str) {
        let asked = self.session.conversation.iter().rev().find(|line| line.role == Role::Assistant);
        let question = asked.map(|line| line.text.clone()).unwrap_or_default();
        let Some(frame) = self.frame_mut(id) else { return };
        match &mut frame.phase {
            Phase::Routed { child } => {
                let child = *child;
                frame.phase = Phase::Route { resume: Some(child) };
                text.clone_into(&mut frame.text);
                history::push_text(&mut frame.messages, Role::Assistant, &question);
                history::push_text(&mut frame.messages, Role::User, text);
            }
            Phase::Calls(calls) => {
                let mut children = Vec::new();
                let mut asked = false;
                for call in calls {
                    match call.state {
                        CallState::User => {
                            call.state = CallState::Done(history::result(&call.id, text, false));
                            asked = true;
                        }
                        CallState::Child(child) => children.push(child),
                        _ => {}
                    }
                }
                if asked {
                    frame.said.clear();
                    let agent = frame.agent.clone();
                    self.session.heard.insert(agent, self.session.conversation.len());
                }
                for child in children {
                    self.reply(child, text);
                }
                self.settle(id);
            }
            Phase::Route { .. } | Phase::Think => {}
        }
    }

    /// Who asks the customer knows what was asked, and all before it.
    fn askers_heard(&mut self) {
        let waits = |frame: &Frame| match &frame.phase {
            Phase::Calls(calls) => calls.iter().any(|call| call.state == CallState::User),
            _ => false,
        };
        let frames = self.turn().into_iter().flat_map(|turn| turn.frames.values());
        let askers: Vec<String> = frames.filter(|frame| waits(frame)).map(|frame| frame.agent.clone()).collect();
        for agent in askers {
            self.session.heard.insert(agent, self.session.conversation.len());
        }
    }

    /// Ends the open turn without an answer; every history stays sound.
    pub(super) fn cancel_turn(&mut self, reason: &str) {
        let frames = |turn: &Turn| turn.frames.iter().find(|(_, frame)| frame.parent.is_none()).map(|(id, _)| *id);
        self.part_with_told();
        while let Some(top) = self.turn().and_then(frames) {
            self.cancel(top, reason);
        }
        self.session.open = None;
    }
}
