//! A transcript item: one message or event of a contact, as clients, the websocket and the stream see it.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A time on the wire of connectparticipant and SNS: ISO-8601, UTC, milliseconds.
pub fn iso_time(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A time from the wire, in milliseconds since the epoch. `None`: not ISO-8601 with an offset.
pub fn parse_iso_time(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// Who speaks. `SYSTEM` is the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// The customer.
    Customer,
    /// A person of the contact centre.
    Agent,
    /// The bot.
    CustomBot,
    /// The flow.
    System,
    /// A supervisor.
    Supervisor,
}

impl Role {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Agent => "AGENT",
            Self::CustomBot => "CUSTOM_BOT",
            Self::System => "SYSTEM",
            Self::Supervisor => "SUPERVISOR",
        }
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemType {
    /// Somebody said something.
    Message,
    /// Something happened: joined, left, typing, ended.
    Event,
    /// A file.
    Attachment,
}

/// One item, in the shape of connectparticipant's `Item` (plus `InitialContactId`, which the websocket and the stream
/// carry). Serialises to the wire's JSON, absent fields left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Item {
    /// ISO-8601, UTC, milliseconds: `2021-09-08T13:28:24.656Z`.
    pub absolute_time: String,
    /// The text, or the event's JSON.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<String>,
    /// `text/plain`, `application/vnd.amazonaws.connect.event.typing`, …. Empty for attachments, which have none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub content_type: String,
    /// Unique in the contact.
    pub id: String,
    /// Message, event or attachment.
    pub r#type: ItemType,
    /// Absent for items of the flow itself, and for `chat.ended`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub participant_id: Option<String>,
    /// The speaker's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub display_name: Option<String>,
    /// Absent for `chat.ended`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub participant_role: Option<Role>,
    /// The files of an attachment.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<AttachmentItem>,
    /// Who has received and read it; absent until somebody says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_metadata: Option<MessageMetadata>,
    /// The first contact of the chain.
    pub initial_contact_id: String,
    /// The contact the item belongs to; empty, and not on the wire, where it is of a past chat.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub contact_id: String,
    /// The contact of the past chat in which it was said, where a chat went on from another.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub related_contact_id: Option<String>,
}

/// A file in an item: connectparticipant's `AttachmentItem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttachmentItem {
    /// `application/pdf`, …
    pub content_type: String,
    /// For `GetAttachment`.
    pub attachment_id: String,
    /// The file's name, as its sender said it.
    pub attachment_name: String,
    /// What the scanner says of it.
    pub status: AttachmentStatus,
}

impl Item {
    /// What its processor has made of it so far; `None`: it has none, or is done with it.
    pub fn processing_status(&self) -> Option<ProcessingStatus> {
        self.message_metadata.as_ref()?.message_processing_status
    }

    /// Whether this participant may see it: what is not through its processor is for its sender alone.
    pub fn is_for(&self, participant_id: &str) -> bool {
        self.processing_status().is_none() || self.participant_id.as_deref() == Some(participant_id)
    }
}

/// What became of a message: connectparticipant's `MessageMetadata`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MessageMetadata {
    /// The message.
    pub message_id: String,
    /// One for each recipient that has said so.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub receipts: Vec<Receipt>,
    /// Of a message that is not through its processor.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_processing_status: Option<ProcessingStatus>,
}

/// Where a message is that has not come through its processor: connectparticipant's `MessageProcessingStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProcessingStatus {
    /// The processor has it.
    Processing,
    /// The processor could not do it, and what is not processed is not delivered.
    Failed,
    /// The processor has refused it.
    Rejected,
}

/// What a recipient has said of a message: connectparticipant's `Receipt`. Times are ISO-8601, and the first ones that were said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Receipt {
    /// It has reached the recipient's client.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub delivered_timestamp: Option<String>,
    /// The recipient has read it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub read_timestamp: Option<String>,
    /// The recipient.
    pub recipient_participant_id: String,
}

/// What the scanner says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttachmentStatus {
    /// It is at it.
    InProgress,
    /// It may be read.
    Approved,
    /// It is gone.
    Rejected,
}

/// The content types of events.
pub mod event {
    /// Somebody types.
    pub const TYPING: &str = "application/vnd.amazonaws.connect.event.typing";
    /// A message reached a client.
    pub const DELIVERED: &str = "application/vnd.amazonaws.connect.event.message.delivered";
    /// A message was read.
    pub const READ: &str = "application/vnd.amazonaws.connect.event.message.read";
    /// The old way to say that a connection stands.
    pub const CONNECTION_ACKNOWLEDGED: &str = "application/vnd.amazonaws.connect.event.connection.acknowledged";
    /// A participant is with us.
    pub const JOINED: &str = "application/vnd.amazonaws.connect.event.participant.joined";
    /// A participant is gone.
    pub const LEFT: &str = "application/vnd.amazonaws.connect.event.participant.left";
    /// A participant has said nothing for so long that it counts as idle.
    pub const IDLE: &str = "application/vnd.amazonaws.connect.event.participant.idle";
    /// A participant that was idle has said something.
    pub const RETURNED: &str = "application/vnd.amazonaws.connect.event.participant.returned";
    /// A participant was idle for so long that everybody but the customer is disconnected.
    pub const AUTODISCONNECTION: &str = "application/vnd.amazonaws.connect.event.participant.autodisconnection";
    /// The contact went to a queue.
    pub const TRANSFER_SUCCEEDED: &str = "application/vnd.amazonaws.connect.event.transfer.succeeded";
    /// The contact could not go to a queue.
    pub const TRANSFER_FAILED: &str = "application/vnd.amazonaws.connect.event.transfer.failed";
    /// What was said in a past chat is in the transcript of this one.
    pub const CHAT_REHYDRATED: &str = "application/vnd.amazonaws.connect.event.chat.rehydrated";
    /// The chat is over.
    pub const CHAT_ENDED: &str = "application/vnd.amazonaws.connect.event.chat.ended";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds_and_come_back() {
        assert_eq!(iso_time(1_631_107_704_656), "2021-09-08T13:28:24.656Z");
        assert_eq!(iso_time(1_631_107_704_000), "2021-09-08T13:28:24.000Z");
        assert_eq!(parse_iso_time("2021-09-08T13:28:24.656Z"), Some(1_631_107_704_656));
        assert_eq!(parse_iso_time("2021-09-08T15:28:24.656+02:00"), Some(1_631_107_704_656));
        assert_eq!(parse_iso_time("yesterday"), None);
    }
}
