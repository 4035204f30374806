//! The topic of this machine: SNS's part between the contact centre and the bot.
//!
//! `publish` answers when the bot has taken the message, so the centre keeps it until then and a killed process
//! delivers it again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::future::{join, join_all};
use relevo_bot::ports::{Mailbox, MailboxError};
use relevo_connect::{
    ports::{Stream, StreamError},
    stream::{FilterPolicy, Notification},
};
use tokio::sync::SetOnce;

use super::{bot_host::BotHost, chaos::Chaos, endpoints::Subscriber};

/// Waits between deliveries, after SNS's own: some at once, some after a second, then slower.
const RETRY_AFTER_MS: [u64; 8] = [0, 0, 0, 1_000, 1_000, 2_000, 5_000, 10_000];

/// The topic, with the bot and others as its subscribers. Cheap to clone.
#[derive(Clone)]
pub(super) struct LocalTopic {
    /// What the bot wants to hear; none: it is not subscribed, because the bot is somebody else's.
    pub policy: Option<Arc<FilterPolicy>>,
    /// Who is subscribed beside it.
    pub others: Arc<Vec<Subscriber>>,
    /// The bot, once it stands.
    pub bot: Arc<SetOnce<BotHost>>,
    /// How well it delivers.
    pub chaos: Chaos,
}

#[async_trait]
impl Stream for LocalTopic {
    async fn publish(&self, _topic_arn: &str, notification: Notification) -> Result<(), StreamError> {
        let (first, more) = self.chaos.deliveries();
        for after in more {
            let (topic, again) = (self.clone(), notification.clone());
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                // The one that counts is the first: what it comes to is told there.
                drop(topic.deliver(&again).await);
            });
        }
        if !first.is_zero() {
            tokio::time::sleep(first).await;
        }
        self.deliver(&notification).await.map_err(StreamError)
    }
}

impl LocalTopic {
    /// Delivers until every subscriber has taken the notification, if it wants it, or the retries are over. What is told
    /// is what came of it with the bot: the others have their own end.
    pub(super) async fn deliver(&self, notification: &Notification) -> Result<(), String> {
        let others = join_all(self.others.iter().map(|subscriber| subscriber.deliver(notification)));
        join(self.deliver_to_bot(notification), others).await.0
    }

    async fn deliver_to_bot(&self, notification: &Notification) -> Result<(), String> {
        if !self.policy.as_ref().is_some_and(|policy| policy.matches(notification)) {
            return Ok(());
        }
        let bot = self.bot.wait().await;
        let mut last = String::new();
        for pause_ms in RETRY_AFTER_MS {
            match bot.take(notification).await {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        Err(last)
    }
}

/// What the bot in this process itself wants delivered: the same way, without waiting for it. A process that is killed
/// meanwhile forgets it: the next one wakes the bot for every session in which something waits.
pub(super) struct LocalMailbox(pub LocalTopic);

#[async_trait]
impl Mailbox for LocalMailbox {
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError> {
        let topic = self.0.clone();
        let attributes = [("ParticipantRole", "CUSTOMER"), ("Type", "MESSAGE"), ("MessageVisibility", "ALL")];
        let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let notification = Notification { message: message.to_owned(), attributes };
        tokio::spawn(async move {
            if let Err(error) = topic.deliver_to_bot(&notification).await {
                tracing::error!(error, "what waits in a session was not taken up");
            }
        });
        Ok(())
    }
}
