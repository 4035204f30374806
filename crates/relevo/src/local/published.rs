//! What the bot's functions publish to the topic with SNS's `Publish`: kept on disk until the bot has taken it.

use std::time::Duration;

use async_trait::async_trait;
use relevo_connect::{ports::Ids as _, stream::Notification};
use relevo_host::sns::{Topic, TopicError};

use super::{system::System, topic::LocalTopic};
use crate::disk::Published;

/// The pause between rounds of deliveries, and how many there are: about an hour (Lambda keeps an event for six).
const PAUSE: Duration = Duration::from_secs(20);
const ROUNDS: u32 = 90;

/// The topic as its publishers see it.
pub(super) struct PublishedTopic {
    arn: String,
    topic: LocalTopic,
    kept: Published,
}

impl PublishedTopic {
    /// Delivers what a former process has taken and not delivered.
    pub(super) fn open(arn: String, topic: LocalTopic, kept: Published) -> anyhow::Result<Self> {
        for (id, notification) in kept.all()? {
            tokio::spawn(deliver(topic.clone(), kept.clone(), id, notification));
        }
        Ok(Self { arn, topic, kept })
    }
}

#[async_trait]
impl Topic for PublishedTopic {
    fn arn(&self) -> &str {
        &self.arn
    }

    async fn publish(&self, notification: Notification) -> Result<String, TopicError> {
        let id = System.uuid();
        self.kept.add(&id, &notification).await.map_err(|error| TopicError(error.to_string()))?;
        tokio::spawn(deliver(self.topic.clone(), self.kept.clone(), id.clone(), notification));
        Ok(id)
    }
}

async fn deliver(topic: LocalTopic, kept: Published, id: String, notification: Notification) {
    let mut left = ROUNDS;
    while let Err(error) = topic.deliver(&notification).await {
        left = left.saturating_sub(1);
        if left == 0 {
            tracing::error!(id, error, "a published message is given up");
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    if let Err(error) = kept.remove(&id).await {
        tracing::error!(id, %error, "a delivered message stays on disk and comes again after a restart");
    }
}
