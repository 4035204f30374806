//! Where the bot runs: in this process, or in the deployed binaries as child processes. Everything else is the same.

use std::time::Duration;

use relevo_bot::Bot;
use relevo_connect::{
    ports::{FunctionError, TimeLimit},
    stream::Notification,
};
use serde_json::Value;

use super::lambdas::Lambdas;

/// How long a start and a delivery may take before they are given up, as Lambda does it; none: as long as they take.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits(pub Option<(Duration, Duration)>);

/// The bot behind its two doors.
pub(super) enum BotHost {
    /// `relevo-bot` itself.
    InProcess(Box<Bot>, Limits),
    /// `start-bot` and `chat-bot`.
    Lambdas(Lambdas),
}

impl BotHost {
    /// The bot's start, with Connect's event. `flows` is the flow's limit.
    pub(super) async fn start(&self, event: Value, flows: &TimeLimit) -> Result<Value, FunctionError> {
        match self {
            Self::InProcess(bot, limits) => {
                flows.begin();
                let Limits(Some((limit, _))) = limits else { return Ok(bot.start(&event).await) };
                let started = tokio::time::timeout(*limit, bot.start(&event)).await;
                started
                    .map_err(|_| FunctionError::Failed(format!("start-bot took longer than its {} s", limit.as_secs())))
            }
            Self::Lambdas(lambdas) => lambdas.start(&event, flows).await,
        }
    }

    /// One delivery of the topic; an error makes it come again.
    pub(super) async fn take(&self, notification: &Notification) -> Result<(), String> {
        match self {
            Self::InProcess(bot, limits) => {
                let taken = match limits.0 {
                    None => bot.receive(&notification.message).await,
                    Some((_, limit)) => tokio::time::timeout(limit, bot.receive_within(&notification.message, limit))
                        .await
                        .map_err(|_| format!("chat-bot took longer than its {} s", limit.as_secs()))?,
                };
                taken.map(drop).map_err(|error| error.to_string())
            }
            Self::Lambdas(lambdas) => lambdas.take(notification).await,
        }
    }
}
