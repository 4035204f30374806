//! The topic of this machine: SNS's part between the contact centre and the bot, in process.
//!
//! `publish` answers when the bot has taken the message, so the centre keeps it until then and a killed process
//! delivers it again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_bot::Bot;
use relevo_connect::{
    ports::{Stream, StreamError},
    stream::{FilterPolicy, Notification},
};
use tokio::sync::SetOnce;

/// Waits between deliveries, after SNS's own: some at once, some after a second, then slower.
const RETRY_AFTER_MS: [u64; 8] = [0, 0, 0, 1_000, 1_000, 2_000, 5_000, 10_000];

/// The topic, with the bot as its one subscriber.
pub(super) struct LocalTopic {
    /// What the bot wants to hear.
    pub policy: FilterPolicy,
    /// The bot, once it stands.
    pub bot: Arc<SetOnce<Bot>>,
}

#[async_trait]
impl Stream for LocalTopic {
    async fn publish(&self, _topic_arn: &str, notification: Notification) -> Result<(), StreamError> {
        if !self.policy.matches(&notification.attributes) {
            return Ok(());
        }
        let bot = self.bot.wait().await;
        let mut last = String::new();
        for pause_ms in RETRY_AFTER_MS {
            match bot.receive(&notification.message).await {
                Ok(_) => return Ok(()),
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        Err(StreamError(last))
    }
}
