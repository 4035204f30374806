//! Where the bot runs: in this process, or in the deployed binaries as child processes. Everything else is the same.

use relevo_bot::Bot;
use relevo_connect::{ports::FunctionError, stream::Notification};
use serde_json::Value;

use super::lambdas::Lambdas;

/// The bot behind its two doors.
pub(super) enum BotHost {
    /// `relevo-bot` itself.
    InProcess(Box<Bot>),
    /// `start-bot` and `chat-bot`.
    Lambdas(Lambdas),
}

impl BotHost {
    /// The bot's start, with Connect's event.
    pub(super) async fn start(&self, event: Value) -> Result<Value, FunctionError> {
        match self {
            Self::InProcess(bot) => Ok(bot.start(&event).await),
            Self::Lambdas(lambdas) => lambdas.start(&event).await,
        }
    }

    /// One delivery of the topic; an error makes it come again.
    pub(super) async fn take(&self, notification: &Notification) -> Result<(), String> {
        match self {
            Self::InProcess(bot) => bot.receive(&notification.message).await.map(drop).map_err(|e| e.to_string()),
            Self::Lambdas(lambdas) => lambdas.take(notification).await,
        }
    }
}
