//! The definition's own agents, in process: their runs and tables in memory, for each conversation anew.

use std::sync::Arc;

use relevo_agents::{
    definition::AgentsDefinition,
    knowledge::Retriever,
    model::Model,
    runtime::{MemoryRuns, Ports, RunStore, Runtime},
    tools::{MemoryTables, TableToolsPorts, Tools},
};
use relevo_bot::ports::Agent;
use relevo_bridge::RuntimeAgent;

use super::{Machine, Stubs, Subject, stubs::StubbedTools};

/// Makes a conversation's tools over its tables, clock and randomness.
pub type MakeTools = Box<dyn Fn(TableToolsPorts) -> Arc<dyn Tools> + Send + Sync>;

/// The agents of a definition.
pub struct OwnAgents {
    /// The definition.
    pub definition: Arc<AgentsDefinition>,
    /// What the agents think with.
    pub model: Arc<dyn Model>,
    /// What executes their functions.
    pub tools: MakeTools,
    /// What they look up.
    pub knowledge: Arc<dyn Retriever>,
}

impl Subject for OwnAgents {
    fn agent(&self, machine: &Arc<Machine>, stubs: &Arc<Stubs>) -> Arc<dyn Agent> {
        let tables = TableToolsPorts {
            tables: Arc::new(MemoryTables::default()),
            clock: machine.clone(),
            random: machine.clone(),
        };
        let runs: Arc<dyn RunStore> = Arc::new(MemoryRuns::default());
        let ports = Ports {
            model: Arc::clone(&self.model),
            tools: Arc::new(StubbedTools { stubs: Arc::clone(stubs), tools: (self.tools)(tables) }),
            runs: Arc::clone(&runs),
            clock: machine.clone(),
            ids: machine.clone(),
        };
        Arc::new(RuntimeAgent::new(Runtime::new(&self.definition, ports).knowing(Arc::clone(&self.knowledge)), runs))
    }
}
