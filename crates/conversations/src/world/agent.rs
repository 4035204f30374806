//! The agent, watched: what it is given, what it calls, and what it returns control for.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream::BoxStream};
use relevo_bot::ports::{Agent, AgentError, AgentEvent, FunctionInput, Input, Question};

use super::Seen;
use crate::observed::Call;

/// An agent under observation.
pub(super) struct Watched {
    pub(super) agent: Arc<dyn Agent>,
    pub(super) seen: Arc<Seen>,
}

#[async_trait]
impl Agent for Watched {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        self.seen.note(|turn| {
            turn.attributes.extend(question.session_attributes.clone());
            turn.attributes.extend(question.prompt_session_attributes.clone());
            if let Input::Results { results, .. } = &question.input {
                for result in results {
                    let waits =
                        |call: &&mut Call| call.control && call.result.is_none() && call.function == result.function;
                    if let Some(call) = turn.calls.iter_mut().find(waits) {
                        call.result = Some(result.body.clone());
                    }
                }
            }
        });
        let events = self.agent.ask(question).await?;
        let seen = Arc::clone(&self.seen);
        let watched = events.inspect(move |event| match event {
            Ok(AgentEvent::Trace(part)) => seen.note(|turn| turn.see(part)),
            Ok(AgentEvent::ReturnControl { inputs, .. }) => {
                seen.note(|turn| inputs.iter().for_each(|input| turn.call(call(input))));
            }
            _ => {}
        });
        Ok(watched.boxed())
    }

    fn goes_on(&self) -> bool {
        self.agent.goes_on()
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
