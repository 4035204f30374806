//! A batch of deliveries, each to its end, and the answer that makes the right ones come again.

use std::{fmt, future::Future, time::Duration};

use futures_util::{StreamExt as _, stream};
use relevo_bot::{ReceiveError, Received};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{
    events::{Batch, Malformed, Record, Source},
    meter::Meter,
    tally::Tally,
};

/// How many records are worked on at once: those of different contacts do not wait for each other.
const AT_ONCE: usize = 10;

/// What is quickly over (a throttled call, a service that was away for a moment) does not wait for the next delivery, which
/// comes after the queue's visibility time-out or Lambda's minute: the record is tried again after these.
const AGAIN_AFTER: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(6)];
/// With less than this left for it, a turn is better begun by the next delivery.
const LEAST_FOR_A_TURN: Duration = Duration::from_secs(15);

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Done, and not to come again.
    Done(Received),
    /// Dropped.
    Malformed(Malformed),
    /// To come again.
    Again(ReceiveError),
    /// The invocation was about to end: to come again.
    OutOfTime,
}

impl Fate {
    fn comes_again(&self) -> bool {
        matches!(self, Self::Again(_) | Self::OutOfTime)
    }

    /// One word for the log.
    fn word(&self) -> &'static str {
        match self {
            Self::Done(Received::Answered) => "answered",
            Self::Done(Received::HandedOff) => "handed_off",
            Self::Done(Received::Waiting) => "waiting",
            Self::Done(Received::Duplicate) => "duplicate",
            Self::Done(Received::Closed) => "closed",
            Self::Done(Received::Ended) => "ended",
            Self::Done(Received::GoesOn) => "goes_on",
            Self::Done(Received::Superseded) => "superseded",
            Self::Done(Received::Unknown) => "unknown",
            Self::Done(Received::Ignored) => "ignored",
            Self::Malformed(_) => "malformed",
            Self::Again(ReceiveError::Busy) => "busy",
            Self::Again(ReceiveError::Unavailable(_)) => "unavailable",
            Self::OutOfTime => "out_of_time",
        }
    }
}

/// Records that have to come again and cannot be named one by one: the invocation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComeAgain(pub usize);

impl fmt::Display for ComeAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of the records must come again", self.0)
    }
}

impl std::error::Error for ComeAgain {}

/// Gives every item to `receive`. `time`: what is left until the invocation must have been answered; none: unknown.
/// `receive` is told what is left of it for the item.
pub async fn deliver<F, R>(batch: Batch, time: Option<Duration>, receive: F) -> (Result<Value, ComeAgain>, Tally)
where
    F: Fn(String, Option<Duration>) -> R,
    R: Future<Output = Result<Received, ReceiveError>>,
{
    let begin = Instant::now();
    let receive = &receive;
    let fates = stream::iter(batch.records)
        .map(|record| async move { one(record, time.map(|time| time.saturating_sub(begin.elapsed())), receive).await })
        .buffered(AT_ONCE);
    let done: Vec<(Option<String>, Fate, Meter)> = fates.collect().await;
    let mut tally = Tally::default();
    for (_, fate, meter) in &done {
        tally.count(fate, meter);
    }
    let fates: Vec<_> = done.into_iter().map(|(id, fate, _)| (id, fate)).collect();
    (answer(batch.source, &fates), tally)
}

async fn one<F, R>(record: Record, time: Option<Duration>, receive: &F) -> (Option<String>, Fate, Meter)
where
    F: Fn(String, Option<Duration>) -> R,
    R: Future<Output = Result<Received, ReceiveError>>,
{
    let begin = Instant::now();
    let (fate, meter) = match record.item {
        Err(problem) => (Fate::Malformed(problem), Meter::default()),
        Ok(item) => {
            let mut pauses = AGAIN_AFTER.into_iter();
            Meter::around(async {
                loop {
                    let left = time.map(|time| time.saturating_sub(begin.elapsed()));
                    let fate = once(item.clone(), left, receive).await;
                    let Fate::Again(error) = &fate else { break fate };
                    let left = time.map(|time| time.saturating_sub(begin.elapsed())).unwrap_or_default();
                    let pause = pauses.next().filter(|pause| left >= *pause + LEAST_FOR_A_TURN);
                    let Some(pause) = pause else { break fate };
                    tracing::warn!(record_id = record.id.as_deref(), ?pause, %error, "record is tried again");
                    tokio::time::sleep(pause).await;
                }
            })
            .await
        }
    };
    let duration_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (record_id, outcome) = (record.id.as_deref(), fate.word());
    let Meter { agent_calls, agent_ms, first_part_ms, .. } = meter;
    match &fate {
        Fate::Done(_) => {
            tracing::info!(record_id, outcome, duration_ms, agent_calls, agent_ms, first_part_ms, "record");
        }
        Fate::Malformed(problem) => tracing::warn!(record_id, outcome, %problem, "record dropped"),
        Fate::Again(error) => {
            tracing::warn!(record_id, outcome, duration_ms, agent_calls, agent_ms, %error, "record must come again");
        }
        Fate::OutOfTime => {
            tracing::error!(record_id, outcome, duration_ms, agent_calls, agent_ms, "record must come again");
        }
    }
    (record.id, fate, meter)
}

async fn once<F, R>(item: String, time: Option<Duration>, receive: &F) -> Fate
where
    F: Fn(String, Option<Duration>) -> R,
    R: Future<Output = Result<Received, ReceiveError>>,
{
    let received = receive(item, time);
    let received = match time {
        Some(time) => timeout(time, received).await,
        None => Ok(received.await),
    };
    match received {
        Ok(Ok(received)) => Fate::Done(received),
        Ok(Err(error)) => Fate::Again(error),
        Err(_) => Fate::OutOfTime,
    }
}

fn answer(source: Source, fates: &[(Option<String>, Fate)]) -> Result<Value, ComeAgain> {
    let again: Vec<_> = fates.iter().filter(|(_, fate)| fate.comes_again()).map(|(id, _)| id).collect();
    match source {
        Source::Sns if again.is_empty() => Ok(json!({})),
        Source::Sns => Err(ComeAgain(again.len())),
        // A record without an id cannot be named.
        Source::Sqs if again.iter().any(|id| id.is_none()) => Err(ComeAgain(again.len())),
        Source::Sqs => {
            let failures: Vec<_> = again.iter().map(|id| json!({"itemIdentifier": id})).collect();
            Ok(json!({"batchItemFailures": failures}))
        }
    }
}

#[cfg(test)]
mod tests;
