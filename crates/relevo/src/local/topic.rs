//! The topic of this machine: SNS's part between the contact centre and the bot, in process.
//!
//! `publish` answers when the bot has taken the message, so the centre keeps it until then and a killed process
//! delivers it again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_bot::{
    Bot,
    ports::{Mailbox, MailboxError},
};
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
        deliver(&self.bot, &notification.message).await.map_err(StreamError)
    }
}

/// What the bot itself wants delivered: the same way, without waiting for it. A process that is killed meanwhile forgets
/// it: the next one wakes the bot for every session in which something waits.
pub(super) struct LocalMailbox(pub Arc<SetOnce<Bot>>);

#[async_trait]
impl Mailbox for LocalMailbox {
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError> {
        let (bot, message) = (Arc::clone(&self.0), message.to_owned());
        tokio::spawn(async move {
            if let Err(error) = deliver(&bot, &message).await {
                tracing::error!(error, "what waits in a session was not taken up");
            }
        });
        Ok(())
    }
}

/// Delivers until the bot has taken the message, or the retries are over.
async fn deliver(bot: &SetOnce<Bot>, message: &str) -> Result<(), String> {
    let bot = bot.wait().await;
    let mut last = String::new();
    for pause_ms in RETRY_AFTER_MS {
        match bot.receive(message).await {
            Ok(_) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    }
    Err(last)
}
