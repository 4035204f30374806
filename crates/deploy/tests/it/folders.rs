//! The bots' folders of the examples.

use std::{fs, path::PathBuf, sync::Arc};

use relevo_agents::definition::{AgentsDefinition, Definition};
use relevo_bot::Policy;
use relevo_connect::flow::Flow;
use relevo_deploy::template::Bot;

/// All examples.
pub(crate) const EXAMPLES: [&str; 4] = ["envios", "operadora", "vuelos", "biblioteca"];

/// A folder, read.
pub(crate) struct Folder {
    pub(crate) definition: Arc<AgentsDefinition>,
    pub(crate) policy: Policy,
    pub(crate) flow: Flow,
    pub(crate) flow_text: String,
}

impl Folder {
    pub(crate) fn example(name: &str) -> Self {
        let dir = root().join("examples").join(name);
        let definition = Definition::<Policy>::load(&dir).unwrap();
        let flow_text = fs::read_to_string(dir.join("flow.json")).unwrap();
        Self::of(definition, &flow_text)
    }

    pub(crate) fn of(definition: Definition<Policy>, flow_text: &str) -> Self {
        let (definition, policy) = definition.split();
        Self { definition, policy, flow: Flow::parse(flow_text).unwrap(), flow_text: flow_text.into() }
    }

    pub(crate) fn bot(&self) -> Bot<'_> {
        Bot { definition: &self.definition, policy: &self.policy, flow: &self.flow, flow_text: &self.flow_text }
    }
}

/// The project's.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
