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
        if !["check", "pay"].contains(&function.as_str()) {
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
        let script =
            if text_of(&question).contains("marathon") { self.marathon(&turn_id) } else { script(&question, &turn_id) };
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
                } else if let Ok(AgentEvent::Chunk(bytes)) = &event
                    && bytes.starts_with(PROMISE.as_bytes())
                {
                    state.lock().unwrap().escalated.insert(turn_id);
                }
                event
            }
        });
        Ok(events.boxed())
    }

    fn goes_on(&self) -> bool {
        self.state().goes_on
    }

    fn allowed(&self, words: &str) -> Option<String> {
        (!words.contains("password")).then(|| words.replace("ana@example.com", "{EMAIL}"))
    }
}

impl World {
    /// Work of forty minutes that goes on where it was, however often it is asked for.
    fn marathon(&self, turn_id: &str) -> Vec<Step> {
        let now_ms = self.now_ms();
        let begun_ms = *self.state().marathons.entry(turn_id.to_owned()).or_insert(now_ms);
        let left_ms = (begun_ms + 2_400_000 - now_ms).max(0);
        let answer = format!("{turn_id} paragraph 0: the long work is done, and done well.");
        vec![(u64::try_from(left_ms).unwrap(), Ok(AgentEvent::Chunk(answer.into_bytes())))]
    }
}

/// What an agent says that forgets to hand over.
const PROMISE: &str = "Entendido. Te paso con una persona de nuestro equipo";

fn text_of(question: &Question) -> &str {
    match &question.input {
        Input::Text(text) => text,
        Input::Results { .. } => "",
    }
}

type Step = (u64, Result<AgentEvent, AgentError>);

/// What the agent does, told by words in the question; the same turn always gets the same answer.
fn script(question: &Question, turn_id: &str) -> Vec<Step> {
    let paragraph = |n: usize| format!("{turn_id} paragraph {n}: está todo en orden, señora, de verdad.\n\n");
    let asking = |function: &str, parameters: &[(&str, &str)], confirmation| AgentEvent::ReturnControl {
        invocation_id: format!("{turn_id}-call"),
        inputs: vec![FunctionInput {
            action_group: "Group".into(),
            function: function.into(),
            agent_id: Some("A1".into()),
            collaborator_name: None,
            parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: None,
            confirmation,
        }],
    };
    let returned = |function: &str| {
        let input = json!({"function": function, "executionType": "RETURN_CONTROL"});
        let step = json!({"invocationInput": {"actionGroupInvocationInput": input}});
        (10, Ok(AgentEvent::Trace(json!({"trace": {"orchestrationTrace": step}}))))
    };
    let control = |function: &str, parameters: &[(&str, &str)]| asking(function, parameters, Confirmation::NotNeeded);
    let text = match &question.input {
        Input::Text(text) => text.clone(),
        Input::Results { results, .. } => {
            let result = results.iter().map(|result| match result.confirmation {
                Some(answer) => format!("{} {answer:?}", result.body),
                None => result.body.clone(),
            });
            let chunk = format!("{turn_id} result: {}\n\n{}", result.collect::<Vec<_>>().join(" "), paragraph(1));
            return vec![(300, Ok(AgentEvent::Chunk(chunk.into_bytes())))];
        }
    };
    let mut steps: Vec<Step> = vec![(200, Ok(AgentEvent::Trace(json!({"any": "trace"}))))];
    let chunks = |paragraphs: usize, every_ms: u64| {
        let all: String = (0..paragraphs).map(paragraph).collect();
        // Seven bytes at a time: characters are cut.
        let chunks = all.as_bytes().chunks(7).map(<[u8]>::to_vec);
        chunks.map(|chunk| (every_ms, Ok(AgentEvent::Chunk(chunk)))).collect::<Vec<Step>>()
    };
    let broken = |why: &str| (50, Err(AgentError::Unavailable(why.into())));
    if text.contains("escalate") {
        steps.extend(chunks(1, 5));
        steps.push(returned("escalate"));
        steps.push((50, Ok(control("escalate", &[("description", "broken"), ("order number", "10020030")]))));
    } else if text.contains("fail") {
        steps.push(broken("model"));
    } else if text.contains("empty") {
    } else if text.contains("cut") {
        steps.extend(chunks(1, 5));
        steps.push(broken("stream"));
    } else if text.contains("hang") {
        steps.push((10_000_000, Ok(AgentEvent::Trace(json!({})))));
    } else if text.contains("check") {
        steps.extend(chunks(1, 5));
        steps.push(returned("check"));
        steps.push((20, Ok(control("check", &[]))));
    } else if text.contains("pay") {
        steps.push(returned("pay"));
        steps.push((20, Ok(asking("pay", &[("amount", "70"), ("order", turn_id)], Confirmation::AskAndRun))));
    } else if text.contains("refund") {
        steps.push((20, Ok(asking("refund", &[("amount", "70")], Confirmation::Ask))));
    } else if text.contains("promise") {
        steps.push((50, Ok(AgentEvent::Chunk(format!("{PROMISE} ({turn_id}).").into_bytes()))));
    } else if text.contains("puzzled") {
        let chunk = format!("Lo siento, no te entendí ({turn_id}). ¿Me lo dices de otra manera?");
        steps.push((50, Ok(AgentEvent::Chunk(chunk.into_bytes()))));
    } else if text.contains("parrot") {
        steps.push((50, Ok(AgentEvent::Chunk("¿Cuál es tu número de pedido?".into()))));
    } else if text.contains("markup") {
        steps.push((
            50,
            Ok(AgentEvent::Chunk(format!("{turn_id} **paragraph 0**: está *todo* en orden.").into_bytes())),
        ));
    } else if text.contains("tools") {
        for (collaborator, function) in [("orders", "getOrderStatus"), ("tickets", "cutTicket")] {
            let trace = json!({"collaboratorName": collaborator, "trace": {"orchestrationTrace": {"invocationInput":
                {"actionGroupInvocationInput": {"actionGroupName": "G", "function": function}}}}});
            steps.push((10, Ok(AgentEvent::Trace(trace))));
            let observation = match function {
                "getOrderStatus" => json!({"actionGroupInvocationOutput": {}}),
                _ => json!({"repromptResponse": {"source": "ACTION_GROUP"}}),
            };
            let trace = json!({"collaboratorName": collaborator, "trace": {"orchestrationTrace": {"observation": observation}}});
            steps.push((10, Ok(AgentEvent::Trace(trace))));
        }
        steps.extend(chunks(1, 2));
    } else if text.contains("digest") {
        steps.push((
            10,
            Ok(AgentEvent::Summary(format!("The customer's parcel 10020030 is lost. {}", "ñ".repeat(4_000)))),
        ));
        steps.push((10, Ok(AgentEvent::Summary("The customer's parcel 10020030 is lost.".into()))));
        steps.extend(chunks(1, 2));
    } else if text.contains("unknown") {
        steps.push(returned("nobody knows it"));
        steps.push((20, Ok(control("nobody knows it", &[]))));
    } else if text.contains("slow") {
        steps.push((40_000, Ok(AgentEvent::Trace(json!({})))));
        let chunk = paragraph(0).into_bytes();
        steps.push((0, Ok(AgentEvent::Chunk(chunk))));
    } else if text.contains("long") {
        steps.extend(chunks(4, 20));
    } else {
        steps.extend(chunks(1, 2));
    }
    steps
}
