//! The desk in values: agents with their status, offers, transfers, outcomes. Connect has no public API for them; the
//! words are those of its agent workspace.

use serde::{Deserialize, Serialize};

/// What an agent has set. `Available` alone is offered contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentStatus {
    /// Takes contacts.
    Available,
    /// There, and takes none: Connect's custom status, which does not count as staffed.
    Busy,
    /// Finishes what a contact left to do.
    AfterContactWork,
    /// Not there.
    Offline,
}

/// An agent as it is stored. The desk has no log-in: an agent is known by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// The name, 1..256 characters.
    pub name: String,
    /// What it has set.
    pub status: AgentStatus,
    /// Since when, ms since the epoch. Setting the status again also forgives what was rejected or missed.
    pub since_ms: i64,
    /// How many chats it takes at a time: 1..10 (Connect's limit for chat).
    pub max_chats: u8,
    /// The ids of the queues that it serves; none: all of them.
    #[serde(default)]
    pub queues: Vec<String>,
}

impl Agent {
    /// Whether contacts of the queue of this id are offered to it.
    pub fn serves(&self, queue_id: &str) -> bool {
        self.queues.is_empty() || self.queues.iter().any(|id| id == queue_id)
    }
}

/// What an agent sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSettings {
    /// What it does.
    pub status: AgentStatus,
    /// How many chats it takes at a time: 1..10.
    pub max_chats: u8,
    /// The queues that it serves, by name, id or ARN; an empty list: all of them; absent: those that it served before.
    pub queues: Option<Vec<String>>,
}

/// An agent and what it has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentView {
    /// As set.
    #[serde(flatten)]
    pub agent: Agent,
    /// Contacts it has now.
    pub active: u32,
    /// Contacts that are over and have no outcome yet; they keep their place as after contact work does.
    pub after_contact: u32,
    /// Contacts that are offered to it now.
    pub offered: u32,
}

/// A contact is offered to one agent for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// To whom.
    pub agent: String,
    /// Since when, ms since the epoch.
    pub at_ms: i64,
    /// Until when.
    pub until_ms: i64,
}

/// Why an offer came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Declined {
    /// The agent said no.
    Rejected,
    /// The agent said nothing in time.
    Missed,
}

/// An offer that came to nothing: the contact is not offered to this agent again until it sets its status anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passed {
    /// Who did not take it.
    pub agent: String,
    /// How.
    pub how: Declined,
    /// When, ms since the epoch.
    pub at_ms: i64,
}

/// Where an agent sends a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TransferTo {
    /// To a queue, by name, id or ARN.
    Queue(String),
    /// To an agent, by name: it is offered to that agent first.
    Agent(String),
}

/// A transfer that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// When, ms since the epoch.
    pub at_ms: i64,
    /// By whom.
    pub by: String,
    /// Where to; a queue by its name.
    pub to: TransferTo,
    /// What the next person must know.
    pub note: String,
}

/// How a contact came out, in the agent's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// One of the desk's outcomes: 1..100 characters.
    pub code: String,
    /// What else is to be said: at most 1,000 characters.
    #[serde(default)]
    pub note: String,
    /// Whose it is.
    #[serde(default)]
    pub by: String,
    /// When it was given, ms since the epoch.
    #[serde(default)]
    pub at_ms: i64,
}

/// The desk's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskConfig {
    /// How long a contact is offered to one agent, in ms.
    pub offer_ms: i64,
}

impl Default for DeskConfig {
    /// Connect rings for 20 seconds.
    fn default() -> Self {
        Self { offer_ms: 20_000 }
    }
}
