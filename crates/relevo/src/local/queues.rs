//! The queues beside the flow's first: those that the flow names, and those that a person can transfer to.

use relevo_connect::{centre::QueueConfig, flow::Flow};

use super::identity::Identity;

/// Queues that a flow names are called by their id; `names` of `bot.yaml` have only names, and get ids like the first queue's.
pub(super) fn more_queues(flow: &Flow, identity: &Identity, names: &[String], staffed: u32) -> Vec<QueueConfig> {
    let mut queues: Vec<(String, String)> = Vec::new();
    for name in flow.named_queues() {
        let id = name.rsplit('/').next().unwrap_or(name);
        let known = id == identity.queue_id || queues.iter().any(|(it, _)| it == id);
        if !known && !id.contains(['$', ':']) {
            queues.push((id.to_owned(), id.to_owned()));
        }
    }
    let stem = identity.queue_id.get(..identity.queue_id.len().saturating_sub(12)).unwrap_or_default();
    queues.extend(names.iter().enumerate().map(|(number, name)| (format!("{stem}{:012}", 100 + number), name.clone())));
    let queue = |(id, name)| QueueConfig { id, name, staffed_agents: staffed, capacity: None };
    queues.into_iter().map(queue).collect()
}
