//! The bot's agent over our own multi-agent runtime, in process: the same on a laptop and in the Lambda.
//!
//! The two rooms do not know each other; here the bot's questions become `InvokeAgent` requests and back.

mod functions;
mod screened;
mod translate;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use relevo_agents::runtime::{AgentEvent as RuntimeEvent, RunStore, Runtime};
use relevo_bot::ports::{Agent, AgentError, AgentEvent, Question};
use serde_json::Value;

pub use functions::DefinitionFunctions;
pub use screened::Screened;

/// Sees what the agents do, as it happens.
pub trait Observer: Send + Sync {
    /// One of Bedrock's `TracePart`s. It holds what was said.
    fn trace(&self, contact_id: &str, trace: &Value);
}

/// The runtime as the bot's agent. A question that is asked again with the same turn goes on where it was, in another
/// process too, as the runtime stores each step.
pub struct RuntimeAgent {
    runtime: Runtime,
    runs: Arc<dyn RunStore>,
    traced: bool,
    observer: Option<Arc<dyn Observer>>,
}

impl RuntimeAgent {
    /// Over this runtime, whose sessions are kept in `runs`.
    pub fn new(runtime: Runtime, runs: Arc<dyn RunStore>) -> Self {
        Self { runtime, runs, traced: true, observer: None }
    }

    /// The same without traces: the bot then does not know what the agents have tried.
    #[must_use]
    pub fn untraced(self) -> Self {
        Self { traced: false, ..self }
    }

    /// The same, observed.
    #[must_use]
    pub fn observed(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }
}

#[async_trait]
impl Agent for RuntimeAgent {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        let contact_id =
            question.session_attributes.get("contactId").cloned().unwrap_or_else(|| question.session_id.clone());
        let observer = self.observer.clone();
        let request = translate::request(question, self.traced);
        let events = self.runtime.invoke(request).await.map_err(translate::refusal)?;
        let events = events.flat_map(move |event| {
            if let (Some(observer), Ok(RuntimeEvent::Trace(trace))) = (&observer, &event) {
                observer.trace(&contact_id, trace);
            }
            let events = match event {
                Ok(event) => translate::events(event).into_iter().map(Ok).collect(),
                Err(error) => vec![Err(translate::refusal(error))],
            };
            stream::iter(events)
        });
        Ok(events.boxed())
    }

    fn goes_on(&self) -> bool {
        true
    }

    fn allowed(&self, words: &str) -> Option<String> {
        self.runtime.allowed(words)
    }

    async fn forget(&self, session_id: &str) {
        if let Err(error) = self.runs.remove(session_id).await {
            tracing::warn!(session_id, %error, "the agents' session was not removed");
        }
    }
}

#[cfg(test)]
mod tests;
