//! The chat service as the bot uses it: Connect's and its participant service's operations.

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A bearer token of a participant or a connection. It is stored with the session and never shown in `Debug`.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// Wraps the text of a token.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for the wire alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Connect's answer to `CreateParticipant`.
#[derive(Debug, Clone)]
pub struct Participant {
    /// The bot's participant.
    pub participant_id: String,
    /// Good for `CreateParticipantConnection`, as long as the participant lives.
    pub participant_token: Token,
}

/// The answer to `CreateParticipantConnection` with `CONNECTION_CREDENTIALS`.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Good for every other operation of the participant, for one day.
    pub connection_token: Token,
    /// When the token ends, in ms since the epoch.
    pub expiry_ms: i64,
}

/// Why the chat service refused. Adapters map AWS's exceptions to these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// 403: the token is expired, or the participant is no longer in the chat.
    #[error("access denied")]
    AccessDenied,
    /// 404 or 410: no such contact, participant or stream.
    #[error("not found")]
    NotFound,
    /// 429: try again, more slowly.
    #[error("throttled")]
    Throttled,
    /// 400 because the content is longer than this chat allows.
    #[error("too long")]
    TooLong,
    /// 409 or 402: there is already one, or it is not allowed now.
    #[error("conflict")]
    Conflict,
    /// Any other 400. The text is for the log and must hold no customer content.
    #[error("invalid: {0}")]
    Invalid(String),
    /// 5xx, a time-out or no connection: it may or may not have happened. For the log.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

impl ChatError {
    /// Whether the same call may succeed a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled | Self::Unavailable(_))
    }
}

/// The chat service. Every operation that takes a client token does its work once for the same token.
/// The bot limits and repeats the calls itself: an adapter makes one attempt.
#[async_trait]
pub trait Chat: Send + Sync {
    /// `CreateParticipant` with the role `CUSTOM_BOT`.
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError>;

    /// `CreateParticipantConnection` with `CONNECTION_CREDENTIALS` and `ConnectParticipant`.
    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError>;

    /// `StartContactStreaming` to an SNS topic; answers the streaming id.
    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError>;

    /// `StopContactStreaming`.
    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError>;

    /// `SendMessage`.
    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError>;

    /// `SendEvent` with the typing content type.
    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError>;

    /// `UpdateContactAttributes`; takes the *initial* contact id.
    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError>;

    /// `GetTranscript`: the last 100 items of this chat, one page, oldest first, each with the fields of a streamed item
    /// as far as the service has them (`Id`, `AbsoluteTime`, `Type`, `ContentType`, `Content`, `ParticipantRole`, …).
    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError>;

    /// `DisconnectParticipant`: the bot leaves.
    async fn disconnect(&self, connection_token: &Token, client_token: &str) -> Result<(), ChatError>;
}
