//! The contact's stream as the bot itself may write to it: `start` has no time to answer what was said before it.

use async_trait::async_trait;

/// Why the message was not taken. For the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mailbox: {0}")]
pub struct MailboxError(pub String);

/// The way to [`crate::Bot::receive`], in another process or task than the caller's.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Takes a streamed item (the JSON text of SNS's `Message`) that is to be received soon, and again when the bot
    /// could not handle it, like any other of the stream. Does not wait for the bot.
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError>;
}
