//! The agent of the world, and the functions it may call.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream, stream::BoxStream};
use relevo_bot::ports::{Agent, AgentError, AgentEvent, Clock, Confirmation, FunctionInput, Handlers, Input, Question};
use serde_json::json;
use tokio::time::sleep;

use crate::{
    faults::Failure,
    world::{Asked, State, World},
};

#[async_trait]
impl Handlers for World {
    async fn call(&self, _: &str, turn_id: &str, input: &FunctionInput) -> Option<Result<String, String>> {
        let (turn_id, function, state) = (turn_id.to_owned(), input.function.clone(), self.state.clone());
        if function != "check" {
            return None;
        }
        let done = self.faults.call(false, move || state.lock().unwrap().handled.push((turn_id, function))).await;
        Some(done.map(|()| "checked".into()).map_err(|_| "not now".into()))
    }
}

/// Takes a turn off the list when its stream is dropped.
struct Asking(Arc<Mutex<State>>, String);

impl Drop for Asking {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap();
        if let Some(at) = state.asking.iter().position(|turn| *turn == self.1) {
            state.asking.remove(at);
        }
    }
}

#[async_trait]
impl Agent for World {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        let turn_id = question.session_attributes["turnId"].clone();
        let asking = {
            let mut state = self.state();
            let too_late = state.ended || state.left.len() == state.participants.len();
            let beside = state.asking.iter().filter(|turn| **turn != turn_id).cloned().collect();
            let at_ms = self.now_ms();
            state.asked.push(Asked { question: question.clone(), turn_id: turn_id.clone(), at_ms, too_late, beside });
            state.asking.push(turn_id.clone());
            state.escalated.remove(&turn_id);
            Asking(self.state.clone(), turn_id.clone())
        };
        match self.faults.call(false, || ()).await {
            Ok(()) => {}
            Err(Failure::Throttled) => return Err(AgentError::Throttled),
            Err(Failure::Unknown) => return Err(AgentError::Unavailable("lost".into())),
        }
        let script = script(&question, &turn_id);
        let faults = self.faults.clone();
        let events = stream::iter(script).then(move |(wait_ms, event)| {
            let faults = faults.clone();
            let (state, turn_id) = (asking.0.clone(), asking.1.clone());
            async move {
                sleep(Duration::from_millis(wait_ms)).await;
                faults.pass().await;
                if let Ok(AgentEvent::ReturnControl { inputs, .. }) = &event
                    && inputs[0].function == "escalate"
                {
                    state.lock().unwrap().escalated.insert(turn_id);
                }
                event
            }
        });
        Ok(events.boxed())
    }
}

type Step = (u64, Result<AgentEvent, AgentError>);

/// What the agent does, told by words in the question; the same turn always gets the same answer.
fn script(question: &Question, turn_id: &str) -> Vec<Step> {
    let paragraph = |n: usize| format!("{turn_id} paragraph {n}: está todo en orden, señora, de verdad.\n\n");
    let control = |function: &str, parameters: &[(&str, &str)]| AgentEvent::ReturnControl {
        invocation_id: format!("{turn_id}-call"),
        inputs: vec![FunctionInput {
            action_group: "Group".into(),
            function: function.into(),
            agent_id: Some("A1".into()),
            collaborator_name: None,
            parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            confirmation: Confirmation::NotNeeded,
        }],
    };
    let text = match &question.input {
        Input::Text(text) => text.clone(),
        Input::Results { results, .. } => {
            let result: Vec<&str> = results.iter().map(|result| result.body.as_str()).collect();
            let chunk = format!("{turn_id} result: {}\n\n{}", result.join(" "), paragraph(1));
            return vec![(300, Ok(AgentEvent::Chunk(chunk.into_bytes())))];
        }
    };
    let mut steps: Vec<Step> = vec![(200, Ok(AgentEvent::Trace(json!({"any": "trace"}))))];
    let mut chunks = |paragraphs: usize, every_ms: u64| {
        let all: String = (0..paragraphs).map(paragraph).collect();
        // Seven bytes at a time: characters are cut.
        let chunks = all.as_bytes().chunks(7).map(<[u8]>::to_vec);
        steps.extend(chunks.map(|chunk| (every_ms, Ok(AgentEvent::Chunk(chunk)))));
    };
    let broken = |why: &str| (50, Err(AgentError::Unavailable(why.into())));
    if text.contains("escalate") {
        chunks(1, 5);
        steps.push((50, Ok(control("escalate", &[("description", "broken"), ("order number", "10020030")]))));
    } else if text.contains("fail") {
        steps.push(broken("model"));
    } else if text.contains("empty") {
    } else if text.contains("cut") {
        chunks(1, 5);
        steps.push(broken("stream"));
    } else if text.contains("hang") {
        steps.push((10_000_000, Ok(AgentEvent::Trace(json!({})))));
    } else if text.contains("check") {
        chunks(1, 5);
        steps.push((20, Ok(control("check", &[]))));
    } else if text.contains("unknown") {
        steps.push((20, Ok(control("nobody knows it", &[]))));
    } else if text.contains("slow") {
        steps.push((40_000, Ok(AgentEvent::Trace(json!({})))));
        let chunk = paragraph(0).into_bytes();
        steps.push((0, Ok(AgentEvent::Chunk(chunk))));
    } else if text.contains("long") {
        chunks(4, 20);
    } else {
        chunks(1, 2);
    }
    steps
}
