//! Publishing: every notification until its topic has taken it.
//!
//! Publications begin in the order of the transcript and run beside each other, so that a slow one holds back no
//! other. What fails is tried again, slower and slower. What was taken is removed from the store, many at a time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::poll;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep, sleep_until},
};

use crate::{
    ports::{Batch, Store, Stream},
    stream::Notification,
};

/// The first wait after a failure; it doubles.
const FIRST_RETRY_MS: u64 = 100;
/// The longest wait, as SNS's own.
const LONGEST_RETRY_MS: u64 = 20_000;
/// How many removals go into one change of the store.
const REMOVED_AT_ONCE: usize = 256;
/// The wait before removals that the store did not take are tried again.
const REMOVE_AGAIN: Duration = Duration::from_secs(1);

/// One notification on its way.
pub(super) struct Publication {
    /// Its key in the outbox; a publication without one is tried once and not kept.
    pub(super) key: Option<String>,
    pub(super) topic_arn: String,
    pub(super) notification: Notification,
    pub(super) failures: u32,
}

/// Where notifications are handed in.
#[derive(Clone)]
pub(super) struct Outbox(UnboundedSender<Publication>);

impl Outbox {
    /// Starts the publisher. It ends when the outbox is dropped.
    pub(super) fn start(stream: Arc<dyn Stream>, store: Arc<dyn Store>) -> Self {
        let (hand_in, handed_in) = unbounded_channel();
        let (taken, takes) = unbounded_channel();
        tokio::spawn(publish_all(stream, handed_in, taken));
        tokio::spawn(remove_all(store, takes));
        Self(hand_in)
    }

    pub(super) fn publish(&self, publication: Publication) {
        // The publisher outlives the outbox, so this only fails while everything stops; the store still has it.
        let _ = self.0.send(publication);
    }
}

async fn publish_all(
    stream: Arc<dyn Stream>,
    mut handed_in: UnboundedReceiver<Publication>,
    taken: UnboundedSender<String>,
) {
    let (fail, mut failures) = unbounded_channel::<Publication>();
    let mut later: BTreeMap<(Instant, u64), Publication> = BTreeMap::new();
    let mut count = 0_u64;
    loop {
        let next_retry = later.first_key_value().map(|((at, _), _)| *at);
        let publication = tokio::select! {
            biased;
            publication = handed_in.recv() => match publication {
                Some(publication) => publication,
                None => return,
            },
            Some(failed) = failures.recv() => {
                count += 1;
                later.insert((Instant::now() + pause(failed.failures), count), failed);
                continue;
            }
            () = sleep_until(next_retry.unwrap_or_else(Instant::now)), if next_retry.is_some() => {
                match later.pop_first() {
                    Some((_, publication)) => publication,
                    None => continue,
                }
            }
        };
        // Polled once here, so that publications begin in order, and then left to itself.
        let mut attempt = Box::pin(attempt(stream.clone(), publication, taken.clone(), fail.clone()));
        if poll!(&mut attempt).is_pending() {
            tokio::spawn(attempt);
        }
    }
}

async fn attempt(
    stream: Arc<dyn Stream>,
    mut publication: Publication,
    taken: UnboundedSender<String>,
    fail: UnboundedSender<Publication>,
) {
    let answer = stream.publish(&publication.topic_arn, publication.notification.clone()).await;
    match (answer, &publication.key) {
        (Ok(()), Some(key)) => {
            let _ = taken.send(key.clone());
        }
        (Ok(()), None) => {}
        (Err(error), None) => tracing::debug!(%error, "a passing event was not published"),
        (Err(error), Some(key)) => {
            tracing::warn!(%error, %key, failures = publication.failures + 1, "the topic did not take a notification");
            publication.failures += 1;
            let _ = fail.send(publication);
        }
    }
}

fn pause(failures: u32) -> Duration {
    let doubled = FIRST_RETRY_MS.saturating_mul(1 << failures.saturating_sub(1).min(16));
    Duration::from_millis(doubled.min(LONGEST_RETRY_MS))
}

async fn remove_all(store: Arc<dyn Store>, mut takes: UnboundedReceiver<String>) {
    let mut keys = Vec::new();
    while !keys.is_empty() || takes.recv_many(&mut keys, REMOVED_AT_ONCE).await > 0 {
        let batch = Batch { put: Vec::new(), delete: keys.clone() };
        match store.commit(batch).await {
            Ok(()) => keys.clear(),
            // They are tried again, whether or not anything else is said. Until then the worst is that a process that begins
            // anew publishes them again.
            Err(error) => {
                tracing::warn!(%error, "published notifications could not be removed from the outbox");
                if takes.is_closed() {
                    return;
                }
                sleep(REMOVE_AGAIN).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<u128> = [1, 2, 3, 8, 9, 100].map(|n| pause(n).as_millis()).to_vec();
        assert_eq!(waits, [100, 200, 400, 12_800, 20_000, 20_000]);
    }
}
