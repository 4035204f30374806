//! `InvokeInlineAgent` without HTTP: the agents come with each request.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use super::{AgentError, AgentStream, FileReader, InvokeAgent, Limits, PlainFiles, Ports, Runtime, session::Sessions};
use crate::{
    definition::AgentsDefinition,
    knowledge::{NoKnowledge, Retriever},
};

/// How many agents are kept ready: a client sends the same ones with each request of a conversation.
const KEPT: usize = 16;

/// The ports for a definition: its model and its tools are made for it.
pub type PortsOf = Arc<dyn Fn(&Arc<AgentsDefinition>) -> Result<Ports, PortsError> + Send + Sync>;

/// Why there are no ports for a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortsError {
    /// The agents ask for what nobody here can give them: who brought them is told.
    #[error("{0}")]
    Refused(String),
    /// Anything else; for the log.
    #[error("{0}")]
    Failed(String),
}

/// The runtime of agents that come with requests. Their sessions are apart from those of [`Runtime`].
pub struct InlineAgents {
    base: Arc<AgentsDefinition>,
    ports: PortsOf,
    knowledge: Arc<dyn Retriever>,
    files: Arc<dyn FileReader>,
    sessions: Sessions,
    known: Mutex<VecDeque<(String, Runtime)>>,
}

impl InlineAgents {
    /// The runtime. Of `base`, the bot's definition, the agents may use the executors, see [`AgentsDefinition::inline`].
    pub fn new(base: Arc<AgentsDefinition>, ports: PortsOf) -> Self {
        let (knowledge, files) = (Arc::new(NoKnowledge), Arc::new(PlainFiles));
        Self { base, ports, knowledge, files, sessions: Sessions::apart("inline#"), known: Mutex::default() }
    }

    /// The same with the bot's knowledge bases. Without them every look-up fails.
    #[must_use]
    pub fn knowing(self, knowledge: Arc<dyn Retriever>) -> Self {
        Self { knowledge, ..self }
    }

    /// The same with a reader of files that customers send. Without it only plain text is read.
    #[must_use]
    pub fn reading(self, files: Arc<dyn FileReader>) -> Self {
        Self { files, ..self }
    }

    /// `InvokeInlineAgent`: `agent` is the request's configuration, in the shape that `agent:` has in a `bot.yaml`. A
    /// session goes on whatever the configuration has become; a turn of agents that are no more is called off.
    ///
    /// # Errors
    /// As [`Runtime::invoke`]; `Validation` with every problem of the configuration.
    pub async fn invoke(&self, agent: &Value, request: InvokeAgent) -> Result<AgentStream, AgentError> {
        self.runtime(agent)?.invoke(request).await
    }

    fn runtime(&self, agent: &Value) -> Result<Runtime, AgentError> {
        let key = agent.to_string();
        if let Some(runtime) = self.known(&key) {
            return Ok(runtime);
        }
        let definition = self.base.inline(agent).map_err(|problems| {
            let texts = problems.iter().map(|problem| match &problem.hint {
                Some(hint) => format!("{} ({hint})", problem.message),
                None => problem.message.clone(),
            });
            let texts: Vec<String> = texts.collect();
            AgentError::validation(format!("{} validation error(s) detected: {}", texts.len(), texts.join("; ")))
        })?;
        let ports = (self.ports)(&definition).map_err(|error| match error {
            PortsError::Refused(message) => AgentError::validation(message),
            PortsError::Failed(cause) => AgentError::internal(cause),
        })?;
        let limits = Limits { budgets: definition.budgets, ..Limits::default() };
        let runtime = Runtime::sharing(&definition, ports, limits, self.sessions.clone());
        let runtime = runtime.knowing(Arc::clone(&self.knowledge)).reading(Arc::clone(&self.files));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_front((key, runtime.clone()));
        known.truncate(KEPT);
        Ok(runtime)
    }

    fn known(&self, key: &str) -> Option<Runtime> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.iter().position(|(other, _)| other == key)?;
        let found = known.remove(at)?;
        let runtime = found.1.clone();
        known.push_front(found);
        Some(runtime)
    }
}
