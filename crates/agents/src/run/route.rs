//! What a model says is taken up: a route, an answer, or calls.

use serde_json::json;

use super::{
    Run, TraceKind,
    frames::CANCELLED,
    state::{Failure, Parent, Phase},
};
use crate::model::{Content, ModelError, ModelReply, Outcome, Route, ToolUse};

impl Run {
    /// What a frame's model answered. An answer nobody waits for is ignored.
    pub fn feed_model(&mut self, id: u32, reply: Result<ModelReply, ModelError>) {
        if let (Ok(reply), Some(turn)) = (&reply, self.turn_mut()) {
            turn.tokens = turn.tokens.saturating_add(reply.usage.total());
        }
        let told = self.told_by(id);
        let Some(frame) = self.frame_mut(id) else { return };
        let outcome = match reply {
            Ok(reply) => reply.outcome,
            Err(error) => {
                if let Some(told) = told {
                    self.broke_off_by(id, &told, Failure::from(error));
                } else if matches!(frame.phase, Phase::Route { .. } | Phase::Think) {
                    self.cancel_resumed(id);
                    self.fail_frame(id, Failure::from(error));
                }
                return;
            }
        };
        match (&frame.phase, outcome) {
            (Phase::Route { resume }, Outcome::Route(route)) => {
                let resume = *resume;
                self.route(id, resume, &route);
            }
            // A model that cannot decide in the form it was asked for has not decided.
            (Phase::Route { resume }, Outcome::Content(_)) => {
                let resume = *resume;
                self.route(id, resume, &Route::Undecidable);
            }
            (Phase::Think, Outcome::Content(content)) => self.think(id, content, told),
            (Phase::Think, Outcome::Route(_)) => {
                self.fail_frame(id, Failure::Model("a route was answered where none was asked for".into()));
            }
            (Phase::Routed { .. } | Phase::Calls(_), _) => {}
        }
    }

    /// A router that fails takes the frame along whose question it looked at.
    fn cancel_resumed(&mut self, id: u32) {
        let resumed = match self.frame(id).map(|frame| &frame.phase) {
            Some(Phase::Route { resume: Some(child) }) => *child,
            _ => return,
        };
        self.cancel(resumed, CANCELLED);
    }

    fn route(&mut self, id: u32, resume: Option<u32>, route: &Route) {
        let Some(frame) = self.frame(id) else { return };
        let (agent, text) = (frame.agent.clone(), frame.text.clone());
        let asked = resume.and_then(|child| self.frame(child)).map(|frame| frame.agent.clone());
        let chosen = match route {
            Route::Agent(name) => Some(name.clone()),
            Route::KeepPrevious => asked.clone().or_else(|| self.session.routed.get(&agent).cloned()),
            Route::Undecidable => None,
        };
        let is_candidate = |name: &String| self.team.member(&agent).is_some_and(|member| member.has_collaborator(name));
        let chosen = chosen.filter(is_candidate);
        if let (Some(chosen), Some(child)) = (&chosen, resume)
            && asked.as_ref() == Some(chosen)
        {
            self.set_phase(id, Phase::Routed { child });
            self.trace_send(&agent, TraceKind::Routing, chosen, &json!({"type": "TEXT", "text": text}));
            self.reply(child, &text);
            return;
        }
        if let Some(child) = resume {
            self.cancel(child, CANCELLED);
        }
        let Some(chosen) = chosen else {
            self.set_phase(id, Phase::Think);
            return;
        };
        self.trace_send(&agent, TraceKind::Routing, &chosen, &json!({"type": "TEXT", "text": text}));
        match self.start_frame(&chosen, Some(Parent { frame: id, call: None }), &text) {
            Some(child) => {
                self.session.routed.insert(agent, chosen);
                self.set_phase(id, Phase::Routed { child });
            }
            None => self.set_phase(id, Phase::Think),
        }
    }

    pub(super) fn set_phase(&mut self, id: u32, phase: Phase) {
        if let Some(frame) = self.frame_mut(id) {
            frame.phase = phase;
        }
    }

    /// `told`: what of the answer has gone out.
    fn think(&mut self, id: u32, content: Vec<Content>, told: Option<String>) {
        let budgets = self.budgets;
        let Some(frame) = self.frame_mut(id) else { return };
        frame.iterations += 1;
        let agent = frame.agent.clone();
        let mut texts = Vec::new();
        let mut calls: Vec<ToolUse> = Vec::new();
        for block in content {
            match block {
                Content::Text(text) if !text.trim().is_empty() => texts.push(text.trim().to_owned()),
                Content::ToolUse(call) => calls.push(call),
                // A result is not a model's to give.
                Content::Text(_) | Content::ToolResult(_) => {}
            }
        }
        if let Some(told) = told {
            if !texts.join("\n\n").starts_with(told.trim_end()) {
                self.broke_off_by(id, &told, Failure::Model("the answer is not what was said of it".into()));
                return;
            }
            if !calls.is_empty() {
                frame.said.push(told);
            }
        }
        if !calls.is_empty() {
            if frame.iterations >= budgets.iterations {
                self.fail_frame(id, Failure::Stuck("Max iterations exceeded".into()));
                return;
            }
            self.trace_rationale(&agent, &texts.join("\n"));
            self.call(id, texts, calls);
        } else if texts.is_empty() && frame.said.is_empty() {
            frame.empties += 1;
            if frame.empties > budgets.empty_answers {
                self.fail_frame(id, Failure::Stuck("The model answered nothing".into()));
            }
        } else {
            self.finish_frame(id, TraceKind::Orchestration, &texts.join("\n\n"));
        }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Throttled(text) => Self::Throttled(text),
            ModelError::TimedOut => Self::TimedOut,
            ModelError::Refused(text) | ModelError::Failed(text) => Self::Model(text),
        }
    }
}
