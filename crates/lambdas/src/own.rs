//! The bot definition's own agents, over our runtime: what `chat-bot` answers with when it has no Bedrock agent.

use std::{sync::Arc, time::Duration};

use relevo_agents::{
    definition::{AgentsDefinition, agent::Agent as AgentDefinition},
    knowledge::Retriever,
    model::Model,
    ports::Clock,
    runtime::{Limits, Ports, RunStore, Runtime},
    tools::{TableToolsPorts, Tables, Tools},
};
use relevo_aws::SystemRandom;
use relevo_bridge::RuntimeAgent;
use relevo_outbound::Invoke;
use relevo_tools::{ExecutorPorts, Executors};

/// What the agents need of the world.
#[derive(Clone)]
pub struct OwnPorts {
    /// What they think with.
    pub model: Arc<dyn Model>,
    /// Their sessions.
    pub runs: Arc<dyn RunStore>,
    /// The rows that their functions add.
    pub tables: Arc<dyn Tables>,
    /// Invokes the Lambda functions that execute theirs.
    pub lambda: Arc<dyn Invoke>,
    /// Calls the tools of MCP servers; none: nothing is executed by one.
    pub mcp: Option<Arc<dyn Tools>>,
    /// What they look up.
    pub knowledge: Arc<dyn Retriever>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The agents of a definition. `patience`: how long one answer of a model may take; the bot waits no longer for a turn.
pub fn agent(definition: &Arc<AgentsDefinition>, ports: OwnPorts, patience: Duration) -> RuntimeAgent {
    let OwnPorts { model, runs, tables, lambda, mcp, knowledge, clock } = ports;
    let tools = Arc::new(executors(definition, tables, lambda, mcp, Arc::clone(&clock)));
    let runtime = Runtime::with_limits(
        definition,
        Ports { model, tools, runs: Arc::clone(&runs), clock, ids: Arc::new(SystemRandom) },
        Limits { model: patience, budgets: definition.budgets, ..Limits::default() },
    );
    RuntimeAgent::new(runtime.knowing(knowledge), runs)
}

/// The executors of a definition's functions.
pub fn executors(
    definition: &Arc<AgentsDefinition>,
    tables: Arc<dyn Tables>,
    lambda: Arc<dyn Invoke>,
    mcp: Option<Arc<dyn Tools>>,
    clock: Arc<dyn Clock>,
) -> Executors {
    let tables = TableToolsPorts { tables, clock, random: Arc::new(SystemRandom) };
    let ports = ExecutorPorts { tables, lambda: Some(lambda), mcp };
    let executors = Executors::new(definition, ports, |name| std::env::var(name).ok());
    for cause in executors.missing() {
        tracing::warn!(cause, "some functions will fail");
    }
    executors
}

/// The names of the agents that say nothing of their model.
pub fn without_model(agent: &AgentDefinition) -> Vec<String> {
    let own = agent.foundation_model.as_deref().is_none_or(|id| id.trim().is_empty()).then(|| agent.agent_name.clone());
    own.into_iter().chain(agent.collaborators.iter().flat_map(without_model)).collect()
}
