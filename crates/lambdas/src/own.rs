//! The bot definition's own agents, over our runtime: what `chat-bot` answers with when it has no Bedrock agent.

use std::{sync::Arc, time::Duration};

use relevo_agents::{
    definition::{AgentsDefinition, agent::Agent as AgentDefinition},
    knowledge::Retriever,
    model::Model,
    ports::Clock,
    runtime::{Limits, Ports, RunStore, Runtime},
    tools::{TableTools, TableToolsPorts, Tables},
};
use relevo_aws::SystemRandom;
use relevo_bridge::RuntimeAgent;

/// What the agents need of the world.
#[derive(Clone)]
pub struct OwnPorts {
    /// What they think with.
    pub model: Arc<dyn Model>,
    /// Their sessions.
    pub runs: Arc<dyn RunStore>,
    /// The rows that their functions add.
    pub tables: Arc<dyn Tables>,
    /// What they look up.
    pub knowledge: Arc<dyn Retriever>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The agents of a definition. `patience`: how long one answer of a model may take; the bot waits no longer for a turn.
pub fn agent(definition: &Arc<AgentsDefinition>, ports: OwnPorts, patience: Duration) -> RuntimeAgent {
    let OwnPorts { model, runs, tables, knowledge, clock } = ports;
    let tools = TableToolsPorts { tables, clock: Arc::clone(&clock), random: Arc::new(SystemRandom) };
    let runtime = Runtime::with_limits(
        definition,
        Ports {
            model,
            tools: Arc::new(TableTools::new(Arc::clone(definition), tools)),
            runs: Arc::clone(&runs),
            clock,
            ids: Arc::new(SystemRandom),
        },
        Limits { model: patience, ..Limits::default() },
    );
    RuntimeAgent::new(runtime.knowing(knowledge), runs)
}

/// The names of the agents that say nothing of their model.
pub fn without_model(agent: &AgentDefinition) -> Vec<String> {
    let own = agent.foundation_model.as_deref().is_none_or(|id| id.trim().is_empty()).then(|| agent.agent_name.clone());
    own.into_iter().chain(agent.collaborators.iter().flat_map(without_model)).collect()
}
