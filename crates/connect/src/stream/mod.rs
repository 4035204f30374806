//! Message streaming: what is published to the topic of a contact, and who receives it.

pub mod envelope;
mod filter;

use std::collections::BTreeMap;

pub use filter::{FilterError, FilterPolicy};

/// One notification for a topic: SNS's `Message` and `MessageAttributes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The item as JSON text.
    pub message: String,
    /// The eight attributes Connect sets, all of type `String`: `InitialContactId`, `ContactId`, `MessageVisibility`,
    /// `Type`, `AccountId`, `ContentType`, `InstanceId`, `ParticipantRole` (absent where the item has no role).
    pub attributes: BTreeMap<String, String>,
}
