//! An agent elsewhere, of a definition that has a guardrail: what the bot remembers of the customer's words is what the
//! definition lets pass, whoever answers them.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use relevo_agents::{definition::AgentsDefinition, guardrail::Guardrail};
use relevo_bot::ports::{Agent, AgentError, AgentEvent, Question};

/// An agent behind a definition's guardrail.
pub struct Screened<A> {
    agent: A,
    guardrail: Option<Guardrail>,
}

impl<A: Agent> Screened<A> {
    /// Without a guardrail in the definition it is the agent alone.
    pub fn new(agent: A, definition: &AgentsDefinition) -> Self {
        let config = definition.guardrail.clone();
        Self { agent, guardrail: config.map(|config| Guardrail::new(config, &definition.languages)) }
    }
}

#[async_trait]
impl<A: Agent> Agent for Screened<A> {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        self.agent.ask(question).await
    }

    fn goes_on(&self) -> bool {
        self.agent.goes_on()
    }

    fn allowed(&self, words: &str) -> Option<String> {
        let words = self.agent.allowed(words)?;
        match &self.guardrail {
            Some(guardrail) => guardrail.allowed(&words),
            None => Some(words),
        }
    }

    async fn forget(&self, session_id: &str) {
        self.agent.forget(session_id).await;
    }
}
