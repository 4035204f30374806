//! Message streaming: what is published to the topic of a contact, and who receives it.

pub mod envelope;
mod filter;

use std::collections::BTreeMap;

pub use filter::{FilterError, FilterPolicy, FilterScope};

/// The attributes that Connect sets, all of type `String` (Connect's administrator guide, "Enable real-time chat message
/// streaming").
pub const ATTRIBUTES: [&str; 8] = [
    "AccountId",
    "ContactId",
    "ContentType",
    "InitialContactId",
    "InstanceId",
    "MessageVisibility",
    "ParticipantRole",
    "Type",
];

/// One notification for a topic: SNS's `Message` and `MessageAttributes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The item as JSON text.
    pub message: String,
    /// [`ATTRIBUTES`]; `ParticipantRole` is absent where the item has no role.
    pub attributes: BTreeMap<String, String>,
}
