//! The requests that change a contact's data and its place among those that wait.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Attributes;

/// Connect's `UpdateContact`. What is absent stays; what is there is laid over what was.
#[derive(Debug, Clone, Default)]
pub struct UpdateContact {
    /// Up to 1,024 characters.
    pub name: Option<String>,
    /// Up to 4,096 characters.
    pub description: Option<String>,
    /// By their names.
    pub references: BTreeMap<String, Reference>,
    /// Segment attributes with a string value.
    pub segment_attributes: Attributes,
}

/// Something outside that belongs to the contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Up to 4,096 characters.
    pub value: String,
}

/// The types of references that a client may set; attachments, analyses and e-mails are the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReferenceKind {
    /// An address.
    Url,
    /// A number, as text.
    Number,
    /// A text.
    String,
    /// A time, as text.
    Date,
    /// An e-mail address.
    Email,
}

/// Connect's `UpdateContactRoutingData`: one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutingData {
    /// The lower, the sooner; from 1 on.
    Priority(i64),
    /// So many seconds longer, or shorter, does it seem to wait.
    AgeSeconds(i32),
}

/// One timer of Connect's `UpdateParticipantRoleConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatTimer {
    /// Whose silence it measures.
    pub role: TimerRole,
    /// What happens when it is over.
    pub kind: TimerKind,
    /// 2..480; absent: there is no such timer any more.
    pub minutes: Option<u32>,
}

/// Whose silence a timer measures: bots have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerRole {
    /// The customer's.
    Customer,
    /// The agent's.
    Agent,
}

/// What a timer does at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerKind {
    /// `IDLE`: the participant counts as idle.
    Idle,
    /// `DISCONNECT_NONCUSTOMER`: everybody but the customer leaves.
    DisconnectNonCustomer,
}
