//! What there is in the instance, as the operations that list and describe it show it.

pub mod search;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::{api::Attributes, desk::AgentView, flow::FlowKind};

/// The name of the one routing profile: every agent of the desk has it, and all queues are in it.
pub const ROUTING_PROFILE: &str = "Basic Routing Profile";

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueEntry {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its name; an agent's queue has none.
    pub name: Option<String>,
    /// `AGENT`: what is transferred to one agent waits there.
    pub of_agent: bool,
    /// The id of its hours of operation.
    pub hours_id: Option<String>,
    /// How many contacts it takes.
    pub capacity: Option<u32>,
}

/// A queue's figures at a moment. An agent counts for every queue that it serves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Agents that are not offline.
    pub online: u32,
    /// Of those, who are not busy with something else.
    pub staffed: u32,
    /// Agents that could take a contact now.
    pub available: u32,
    /// Agents that have a contact, of any queue.
    pub on_contact: u32,
    /// Agents that finish what a contact left to do.
    pub after_contact_work: u32,
    /// Contacts of this queue that agents have.
    pub active: u32,
    /// How many more contacts its agents could take.
    pub free_places: u32,
    /// Contacts that wait.
    pub queued: u32,
    /// When the oldest of them was queued, ms since the epoch.
    pub oldest_enqueued_ms: Option<i64>,
}

/// A flow, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowSummary {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its type.
    pub kind: FlowKind,
    /// `ARCHIVED`.
    pub archived: bool,
    /// `PUBLISHED`; else there is a draft alone.
    pub published: bool,
}

/// A flow with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowDescription {
    /// What its summary says; `published` is whether this content is.
    pub summary: FlowSummary,
    /// The flow's JSON, as it was given.
    pub content: String,
    /// Its tags.
    pub tags: Attributes,
    /// The last change through the API, ms since the epoch.
    pub modified_ms: Option<i64>,
}

/// An agent of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserEntry {
    /// Follows from the name.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The agent.
    pub view: AgentView,
}

/// The id of an agent as a user: it follows from the name, by which the desk knows agents.
pub fn user_id(name: &str) -> String {
    stable_id("user", name)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// An id in the shape of a UUID that is always the same for the same name.
pub(crate) fn stable_id(kind: &str, name: &str) -> String {
    let hex = sha256(&format!("{kind}/{name}"));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8, variant 1: what RFC 9562 leaves to whoever makes it.
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_names() {
        assert_eq!(user_id("Eva"), user_id("Eva"));
        assert_ne!(user_id("Eva"), user_id("eva"));
        assert_ne!(user_id("Eva"), stable_id("queue", "Eva"));
        assert_eq!(user_id("Eva").len(), 36);
        assert!(sha256("abc").starts_with("ba7816bf8f01cfea"));
    }
}
