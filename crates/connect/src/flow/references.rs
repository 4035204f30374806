//! What a flow names outside itself: queues and functions, where they are written as plain texts.

use serde_json::Value;

use super::{Flow, action::Action};

impl Flow {
    /// Queues by id or ARN as written, in the order of the flow; one that a contact decides on is not among them.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.action {
            Action::UpdateContactTargetQueue(action) => action.queue(),
            _ => None,
        })
    }

    /// Every queue that is named, also to ask for its figures, each once.
    pub fn named_queues(&self) -> Vec<&str> {
        let mut queues: Vec<&str> = self.queues().collect();
        for (what, name) in self.names() {
            if what == "queue" && !queues.contains(&name) {
                queues.push(name);
            }
        }
        queues.dedup();
        queues
    }

    /// What a queue is called, where the flow says it as the console's export does: in the metadata of the action that chooses it.
    pub fn queue_name(&self, queue: &str) -> Option<String> {
        let whole: Value = serde_json::from_str(self.source.trim_start_matches('\u{feff}')).ok()?;
        let metadata = whole.pointer("/Metadata/ActionMetadata")?;
        let chooses = self.nodes.iter().filter(|node| match &node.action {
            Action::UpdateContactTargetQueue(action) => action.queue() == Some(queue),
            _ => false,
        });
        let called = |identifier: &str| metadata.get(identifier)?.pointer("/parameters/QueueId/displayName")?.as_str();
        let mut names = chooses.filter_map(|node| called(&node.identifier)).map(str::trim);
        names.find(|name| !name.is_empty()).map(str::to_owned)
    }

    /// Everything outside itself that the flow names, and what it is: a queue, a function, hours, a flow, a module.
    pub fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.nodes.iter().flat_map(super::lint::names_of)
    }

    /// Functions by name or ARN as written, in the order of the flow; one that a contact decides on is not among them.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.action {
            Action::InvokeLambdaFunction(action) => action.function(),
            _ => None,
        })
    }
}
