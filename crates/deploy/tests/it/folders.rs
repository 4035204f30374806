//! The bots' folders of the examples.

use std::{
    fs,
    path::{Path, PathBuf},
};

use relevo_agents::definition::Definition;
use relevo_bot::Policy;
use relevo_connect::flow::Flow;
use relevo_deploy::{classic::Source, template::Bot};

/// All examples.
pub(crate) const EXAMPLES: [&str; 4] = ["envios", "operadora", "vuelos", "biblioteca"];

/// A folder, read.
pub(crate) struct Folder {
    pub(crate) source: Source,
    policy: Policy,
    flow: Flow,
    flow_text: String,
}

impl Folder {
    pub(crate) fn example(name: &str) -> Self {
        Self::at(&root().join("examples").join(name))
    }

    /// One of the tests' own.
    pub(crate) fn fixture(name: &str) -> Self {
        Self::at(&root().join("crates/deploy/tests/fixtures").join(name))
    }

    fn at(dir: &Path) -> Self {
        let source = Source::load(dir).unwrap();
        let (_, policy) = Definition::<Policy>::load(dir).unwrap().split();
        let flow_text = fs::read_to_string(dir.join("flow.json")).unwrap();
        Self { source, policy, flow: Flow::parse(&flow_text).unwrap(), flow_text }
    }

    /// Of a `bot.yaml` that needs no other files.
    pub(crate) fn of(yaml: &str, flow_text: &str) -> Self {
        let document = Definition::<Policy>::document(yaml, "bot.yaml").unwrap();
        let definition =
            Definition::<Policy>::parse(yaml, "bot.yaml").unwrap_or_else(|problems| panic!("{problems:?}"));
        let (definition, policy) = definition.split();
        let source = Source { definition, document, schemas: std::collections::BTreeMap::new() };
        Self { source, policy, flow: Flow::parse(flow_text).unwrap(), flow_text: flow_text.into() }
    }

    pub(crate) fn with_flow(self, flow_text: &str) -> Self {
        Self { flow: Flow::parse(flow_text).unwrap(), flow_text: flow_text.into(), ..self }
    }

    pub(crate) fn bot(&self) -> Bot<'_> {
        Bot { source: &self.source, policy: &self.policy, flow: &self.flow, flow_text: &self.flow_text }
    }
}

/// The project's.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
