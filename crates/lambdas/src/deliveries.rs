//! A batch of deliveries, each to its end, and the answer that makes the right ones come again.

use std::{fmt, future::Future, time::Duration};

use futures_util::{StreamExt as _, stream};
use relevo_bot::{ReceiveError, Received};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    events::{Batch, Malformed, Record, Source},
    meter::Meter,
    tally::Tally,
};

/// How many records are worked on at once: those of different contacts do not wait for each other.
const AT_ONCE: usize = 10;
/// A record that cannot be done now is tried again here, with growing pauses, for so long: the queue gives it back only when the
/// function's whole time-out is over, SNS after minutes, and a customer waits for it.
const TRIED_FOR: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

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
            Meter::around(async {
                let received = patiently(item, time, receive);
                let received = match time {
                    Some(time) => timeout(time, received).await,
                    None => Ok(received.await),
                };
                match received {
                    Ok(Ok(received)) => Fate::Done(received),
                    Ok(Err(error)) => Fate::Again(error),
                    Err(_) => Fate::OutOfTime,
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

/// Gives an item to `receive` until it is done, or it has been tried long enough.
async fn patiently<F, R>(item: String, time: Option<Duration>, receive: &F) -> Result<Received, ReceiveError>
where
    F: Fn(String, Option<Duration>) -> R,
    R: Future<Output = Result<Received, ReceiveError>>,
{
    let begin = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let left = time.map(|time| time.saturating_sub(begin.elapsed()));
        let error = match receive(item.clone(), left).await {
            Err(error) => error,
            done => return done,
        };
        if begin.elapsed() + pause > TRIED_FOR || left.is_some_and(|left| left < pause * 2) {
            return Err(error);
        }
        tracing::info!(%error, pause_ms = pause.as_millis(), "a record is tried again");
        sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
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
