//! What there is to do next.

use super::{
    Run,
    files::words_of,
    hash::stable_hash,
    history, lookups, prompt,
    state::{CallState, Failure, Frame, Line, Phase, What},
    telling::join,
};
use crate::{
    knowledge::Retrieval,
    model::{ModelRequest, Purpose, Role},
    ports::Ids,
    runtime::ReturnControl,
    tools::{Argument, Caller, ToolCall},
};

/// What there is to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// All of this, in any order, also side by side. What was not fed yet comes again with the next call.
    Work(Vec<Work>),
    /// The caller is to execute something; then [`Run::resume`].
    ReturnControl(ReturnControl),
    /// The customer is asked something; then [`Run::start`] with the reply.
    Ask(String),
    /// The turn is done; this is its answer.
    Done(String),
    /// The turn failed. The session as it was before the turn is the one to go on with.
    Failed(Failure),
    /// Nothing: no turn is open.
    Idle,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Ask a model: [`Run::model_request`], then [`Run::feed_model`].
    Model {
        /// For this frame.
        frame: u32,
    },
    /// Execute a function, then [`Run::feed_tool`].
    Tool {
        /// For this frame.
        frame: u32,
        /// For this call of its.
        tool_use_id: String,
        /// What.
        call: Box<ToolCall>,
    },
    /// Look something up, then [`Run::feed_lookup`].
    Lookup {
        /// For this frame.
        frame: u32,
        /// For this call of its.
        tool_use_id: String,
        /// What.
        retrieval: Retrieval,
    },
    /// Ask a model for a summary: [`Run::summary_request`], then [`Run::feed_summary`]. The turn does not wait for it.
    Summary,
}

impl Run {
    /// What there is to do. Calling it again without feeding changes nothing.
    pub fn next_step(&mut self, ids: &dyn Ids) -> Step {
        let Some(turn) = self.turn() else { return Step::Idle };
        if let Some(failure) = &turn.failure {
            return Step::Failed(failure.clone());
        }
        if let Some(answer) = turn.answer.clone() {
            self.close(&answer);
            return Step::Done(answer);
        }
        let mut work: Vec<Work> = turn.frames.iter().flat_map(|(id, frame)| self.work(*id, frame)).collect();
        if !work.is_empty() {
            if self.is_out_of_tokens() {
                self.exhaust("The turn's tokens are used up");
                return self.next_step(ids);
            }
            work.extend(turn.digest.map(|_| Work::Summary));
            return Step::Work(work);
        }
        if let Some(control) = self.return_control(ids) {
            return Step::ReturnControl(control);
        }
        match self.questions() {
            Some(question) => Step::Ask(question),
            // Nothing runs, nothing waits: such a state is not ours.
            None => Step::Failed(Failure::Model("the run has nothing to do and no answer".into())),
        }
    }

    fn work(&self, id: u32, frame: &Frame) -> Vec<Work> {
        match &frame.phase {
            Phase::Route { .. } | Phase::Think => vec![Work::Model { frame: id }],
            Phase::Routed { .. } => Vec::new(),
            Phase::Calls(calls) => calls
                .iter()
                .filter(|call| call.state == CallState::Due)
                .filter_map(|call| match &call.what {
                    What::Function { tool, arguments } => Some(Work::Tool {
                        frame: id,
                        tool_use_id: call.id.clone(),
                        call: Box::new(self.tool_call(frame, tool, arguments)),
                    }),
                    What::Lookup { knowledge_base_id, query } => Some(Work::Lookup {
                        frame: id,
                        tool_use_id: call.id.clone(),
                        retrieval: self.retrieval(&frame.agent, knowledge_base_id, query),
                    }),
                    _ => None,
                })
                .collect(),
        }
    }

    fn tool_call(&self, frame: &Frame, tool: &str, arguments: &[(String, String, String)]) -> ToolCall {
        let agent = frame.agent.as_str();
        let member = self.team.member(agent);
        // A definition that changed may not have it any more: then nobody executes it.
        let (action_group, function) = match member.and_then(|member| member.function(tool)) {
            Some(function) => (function.action_group.as_str(), function.function.as_str()),
            None => tool.split_once("__").unwrap_or((tool, "")),
        };
        let mut sorted: Vec<(&str, &str)> = arguments.iter().map(|(name, _, value)| (&**name, &**value)).collect();
        sorted.sort_unstable();
        let parts = [agent, tool].into_iter().chain(sorted.into_iter().flat_map(|(name, value)| [name, value]));
        let argument = |(name, r#type, value): &(String, String, String)| Argument {
            name: name.clone(),
            r#type: r#type.clone(),
            value: value.clone(),
        };
        let is_root = member.is_none_or(|member| member.collaborator_name().is_none());
        ToolCall {
            action_group: action_group.to_owned(),
            function: function.to_owned(),
            arguments: arguments.iter().map(argument).collect(),
            session_attributes: self.session.session_attributes.clone(),
            idempotency_key: format!("{}:{}:{:032x}", self.session_id, self.session.turn, stable_hash(parts)),
            caller: Caller {
                agent_name: agent.to_owned(),
                agent_id: member.map(|member| member.id.clone()).unwrap_or_default(),
                session_id: if is_root { &self.session_id } else { &self.session.collaborator_session_id }.clone(),
                input_text: words_of(&frame.text).to_owned(),
                prompt_session_attributes: self
                    .turn()
                    .map(|turn| turn.prompt_session_attributes.clone())
                    .unwrap_or_default(),
            },
        }
    }

    /// What a frame's model is asked. Nothing, when the frame is not waiting for a model.
    pub fn model_request(&self, frame: u32) -> Option<ModelRequest> {
        let frame = self.frame(frame)?;
        let member = self.team.member(&frame.agent)?;
        let mut messages = self.session.histories.get(&frame.agent).cloned().unwrap_or_default();
        if let Some(turn) = self.turn()
            && frame.parent.is_none()
        {
            history::select(&mut messages, turn.prompt_creation);
        }
        history::append(&mut messages, &frame.messages);
        let language = self.language().map(str::to_owned);
        let (system, purpose) = match frame.phase {
            Phase::Route { .. } => {
                let previous = self.session.routed.get(&member.name).cloned();
                let system = prompt::routing(member, previous.as_deref(), self.summary(), words_of(&frame.text));
                (system, Purpose::Route { candidates: member.candidates.clone(), previous })
            }
            Phase::Think => {
                let none = std::collections::BTreeMap::new();
                let attributes = match self.turn() {
                    Some(turn) if frame.parent.is_none() => &turn.prompt_session_attributes,
                    _ => &none,
                };
                // Who does not hear the conversation does not hear of it either.
                let summary = self.summary().filter(|_| frame.parent.is_none() || member.relay);
                let system = prompt::orchestration(member, language.as_deref(), attributes, summary);
                (system, Purpose::Orchestrate { tools: member.tools.clone() })
            }
            Phase::Routed { .. } | Phase::Calls(_) => return None,
        };
        let agent_name = member.name.clone();
        let model_id = match purpose {
            Purpose::Route { .. } => member.routing_model_id.clone(),
            _ => member.model_id.clone(),
        };
        Some(ModelRequest { agent_name, model_id, system, messages, purpose, language })
    }

    /// All open questions to the customer, as one text.
    pub(super) fn questions(&self) -> Option<String> {
        let mut questions: Vec<&str> = Vec::new();
        for frame in self.turn()?.frames.values() {
            let Phase::Calls(calls) = &frame.phase else { continue };
            for call in calls.iter().filter(|call| call.state == CallState::User) {
                if let What::Ask { question } = &call.what {
                    for text in frame.said.iter().chain([question]) {
                        if !questions.contains(&text.as_str()) {
                            questions.push(text);
                        }
                    }
                }
            }
        }
        (!questions.is_empty()).then(|| self.guarded_question(join(questions)))
    }

    /// The turn is done.
    fn close(&mut self, answer: &str) {
        let Some(turn) = self.session.open.take() else { return };
        self.session.conversation.push(Line { role: Role::Assistant, text: answer.to_owned() });
        for agent in turn.passed_on {
            self.session.heard.insert(agent, self.session.conversation.len());
        }
        self.citations = turn.citations;
        for messages in self.session.histories.values_mut() {
            lookups::forget(messages);
        }
        self.forget_excess();
    }
}
