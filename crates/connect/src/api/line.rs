//! Chats whose customer is not in a browser but at the end of a line: SMS and WhatsApp.

use serde::{Deserialize, Serialize};

use super::{Attributes, Send};

/// The two ends of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The customer's: a phone number (`SourceId`, or the address of `DestinationEndpoint`).
    pub customer: String,
    /// The contact centre's: a phone number's ARN (`DestinationId`, or the address of `SourceEndpoint`).
    pub system: String,
}

/// Connect's `SendChatIntegrationEvent`.
#[derive(Debug, Clone)]
pub struct IntegrationEvent {
    /// Between whom.
    pub line: Line,
    /// `connect:SMS`, `connect:WhatsApp`: part of what tells one chat from another.
    pub subtype: Option<String>,
    /// What has happened there.
    pub event: ChatEvent,
    /// How a chat begins that is not there yet.
    pub new_session: NewSession,
}

/// What the customer has done.
#[derive(Debug, Clone)]
pub enum ChatEvent {
    /// `DISCONNECT`.
    Disconnect,
    /// `MESSAGE`.
    Message(Send),
    /// `EVENT`: typing, receipts.
    Event(Send),
}

/// `NewSessionDetails` of [`IntegrationEvent`].
#[derive(Debug, Clone, Default)]
pub struct NewSession {
    /// Default `text/plain` alone.
    pub supported_messaging_content_types: Vec<String>,
    /// The customer's name; default the customer's end of the line.
    pub display_name: Option<String>,
    /// First attributes.
    pub attributes: Attributes,
    /// A topic to which the chat streams from its beginning.
    pub streaming_endpoint_arn: Option<String>,
}

/// The answer to [`IntegrationEvent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrated {
    /// The chat; none where the event means nothing without one.
    pub contact_id: Option<String>,
    /// It has begun with this event.
    pub is_new: bool,
}
