//! The agent, watched: what it is given, what it calls, and what it returns control for.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream::BoxStream};
use relevo_agents::knowledge::Citation;
use relevo_bot::ports::{
    Agent, AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
};
use serde::Deserialize as _;

use super::Seen;
use crate::observed::Call;

/// An agent under observation.
pub(super) struct Watched {
    agent: Arc<dyn Agent>,
    seen: Arc<Seen>,
    /// What control was returned for last: after a question to the customer its results come in another turn.
    returned: Arc<Mutex<Vec<FunctionInput>>>,
}

impl Watched {
    pub(super) fn new(agent: Arc<dyn Agent>, seen: Arc<Seen>) -> Self {
        Self { agent, seen, returned: Arc::default() }
    }

    /// What the bot gives back: the result of a call of this turn, or of one that waited for the customer's yes.
    fn note(&self, result: &FunctionResult) {
        let returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        let input = returned.iter().find(|input| input.function == result.function);
        // Without a yes, and where the agent itself executes it, nothing was done yet.
        let asked = input.map_or(Confirmation::NotNeeded, |input| input.confirmation);
        let done = match asked {
            Confirmation::NotNeeded => true,
            Confirmation::Ask => false,
            Confirmation::AskAndRun => result.confirmation == Some(ConfirmationAnswer::Confirm),
        };
        if !done {
            return;
        }
        self.seen.note(|turn| {
            let waits = |call: &&mut Call| call.control && call.result.is_none() && call.function == result.function;
            if let Some(call) = turn.calls.iter_mut().find(waits) {
                call.result = Some(result.body.clone());
            } else if let Some(input) = input {
                turn.calls.push(Call { result: Some(result.body.clone()), ..call(input) });
            }
        });
    }
}

#[async_trait]
impl Agent for Watched {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        self.seen.note(|turn| {
            turn.attributes.extend(question.session_attributes.clone());
            turn.attributes.extend(question.prompt_session_attributes.clone());
        });
        if let Input::Results { results, .. } = &question.input {
            for result in results {
                self.note(result);
            }
        }
        let events = self.agent.ask(question).await?;
        let (seen, returned) = (Arc::clone(&self.seen), Arc::clone(&self.returned));
        let watched = events.inspect(move |event| match event {
            Ok(AgentEvent::Citations(citations)) => {
                let citations = Vec::<Citation>::deserialize(citations).unwrap_or_default();
                seen.note(|turn| citations.into_iter().for_each(|citation| turn.cite(citation)));
            }
            Ok(AgentEvent::Trace(part)) => seen.note(|turn| turn.see(part)),
            Ok(AgentEvent::ReturnControl { inputs, .. }) => {
                returned.lock().unwrap_or_else(PoisonError::into_inner).clone_from(inputs);
                seen.note(|turn| inputs.iter().for_each(|input| turn.call(call(input))));
            }
            _ => {}
        });
        Ok(watched.boxed())
    }

    fn goes_on(&self) -> bool {
        self.agent.goes_on()
    }

    fn allowed(&self, words: &str) -> Option<String> {
        self.agent.allowed(words)
    }

    async fn forget(&self, session_id: &str) {
        self.agent.forget(session_id).await;
    }
}

fn call(input: &FunctionInput) -> Call {
    Call {
        agent: input.collaborator_name.clone(),
        action_group: input.action_group.clone(),
        function: input.function.clone(),
        arguments: input.parameters.clone(),
        result: None,
        control: true,
    }
}
