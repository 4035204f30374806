//! What a flow names outside itself: queues and functions, where they are written as plain texts.

use super::{Flow, action::Action};

impl Flow {
    /// Queues by id or ARN as written, in the order of the flow; one that a contact decides on is not among them.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.action {
            Action::UpdateContactTargetQueue(action) => action.queue(),
            _ => None,
        })
    }

    /// Functions by name or ARN as written, in the order of the flow; one that a contact decides on is not among them.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match &node.action {
            Action::InvokeLambdaFunction(action) => action.function(),
            _ => None,
        })
    }
}
