//! Deliveries by table: what is done, dropped, and asked for again.

use std::sync::Mutex;

use relevo_bot::{
    ports::{TurnFailure, Watch as _},
    sessions::CloseReason,
};
use tokio::time::sleep;

use super::*;
use crate::meter::Watching;

fn record(id: &str, item: &str) -> Record {
    Record { id: Some(id.into()), item: Ok(item.into()) }
}

/// A bot for which the item's text says what becomes of it.
async fn bot(item: String, _: Option<Duration>) -> Result<Received, ReceiveError> {
    match item.as_str() {
        "busy" => Err(ReceiveError::Busy),
        "down" => Err(ReceiveError::Unavailable("time-out".into())),
        "duplicate" => Ok(Received::Duplicate),
        "handoff" => {
            Watching.departed(CloseReason::AgentRequest);
            Ok(Received::HandedOff)
        }
        "ended" => {
            Watching.departed(CloseReason::CustomerQuit);
            Ok(Received::Ended)
        }
        "failed" => {
            Watching.turn_failed(&TurnFailure::AgentTimeout);
            Ok(Received::Answered)
        }
        "late" => {
            Watching.said_after_handoff();
            Ok(Received::Superseded)
        }
        "closed" => Ok(Received::Closed),
        "unknown" => Ok(Received::Unknown),
        "slow" => {
            sleep(Duration::from_secs(20)).await;
            Ok(Received::Answered)
        }
        _ => Ok(Received::Answered),
    }
}

fn batch(source: Source, items: &[&str]) -> Batch {
    let records = items.iter().enumerate().map(|(n, item)| record(&format!("r{n}"), item)).collect();
    Batch { source, records }
}

#[tokio::test]
async fn of_a_queue_only_what_must_come_again_is_named() {
    let mut batch = batch(Source::Sqs, &["hola", "busy", "duplicate", "down"]);
    batch.records.push(Record { id: Some("r4".into()), item: Err(Malformed::Record) });
    let (answer, tally) = deliver(batch, None, bot).await;
    let failures = json!([{"itemIdentifier": "r1"}, {"itemIdentifier": "r3"}]);
    assert_eq!(answer, Ok(json!({"batchItemFailures": failures})));
    let wanted = Tally { turns: 1, duplicates: 1, busy: 1, failures: 1, malformed: 1, ..Tally::default() };
    assert_eq!(tally, wanted);
}

#[tokio::test]
async fn of_sns_one_that_must_come_again_fails_the_invocation_and_the_others_are_done() {
    let done = Mutex::new(Vec::new());
    let (answer, _) = deliver(batch(Source::Sns, &["down", "hola", "busy"]), None, |item, time| {
        done.lock().unwrap().push(item.clone());
        bot(item, time)
    })
    .await;
    assert_eq!(answer, Err(ComeAgain(2)));
    assert_eq!(*done.lock().unwrap(), ["down", "hola", "busy"]);
}

#[tokio::test]
async fn what_is_malformed_is_dropped_wherever_it_comes_from() {
    let records = vec![Record { id: None, item: Err(Malformed::Event) }];
    let (answer, tally) = deliver(Batch { source: Source::Sns, records }, None, bot).await;
    assert_eq!((answer, tally), (Ok(json!({})), Tally { malformed: 1, ..Tally::default() }));
    let records = vec![Record { id: None, item: Err(Malformed::Record) }, record("r1", "hola")];
    let (answer, _) = deliver(Batch { source: Source::Sqs, records }, None, bot).await;
    assert_eq!(answer, Ok(json!({"batchItemFailures": []})));
}

#[tokio::test]
async fn a_failure_that_cannot_be_named_fails_the_invocation() {
    let records = vec![Record { id: None, item: Ok("down".into()) }, record("r1", "hola")];
    let (answer, _) = deliver(Batch { source: Source::Sqs, records }, None, bot).await;
    assert_eq!(answer, Err(ComeAgain(1)));
}

#[tokio::test(start_paused = true)]
async fn contacts_do_not_wait_for_each_other() {
    let begin = Instant::now();
    let (_, tally) = deliver(batch(Source::Sqs, &["slow", "slow", "slow"]), None, bot).await;
    assert_eq!((tally.turns, begin.elapsed().as_secs()), (3, 20));
}

#[tokio::test(start_paused = true)]
async fn work_stops_before_lambda_stops_it() {
    let time = Some(Duration::from_secs(5));
    let (answer, tally) = deliver(batch(Source::Sqs, &["slow", "hola"]), time, bot).await;
    assert_eq!(answer, Ok(json!({"batchItemFailures": [{"itemIdentifier": "r0"}]})));
    assert_eq!((tally.turns, tally.failures), (1, 1));
    // More records than are worked on at once: the later ones have the less time.
    let (_, tally) = deliver(batch(Source::Sqs, &["slow"; 25]), Some(Duration::from_secs(30)), bot).await;
    assert_eq!((tally.turns, tally.failures), (10, 15));
}

#[tokio::test]
async fn every_outcome_has_its_place_in_the_metrics() {
    let items = ["hola", "handoff", "ended", "failed", "late", "closed", "unknown", "duplicate"];
    let (_, tally) = deliver(batch(Source::Sns, &items), None, bot).await;
    let wanted = Tally {
        turns: 3,
        handoffs: [("agent_request", 1)].into(),
        turn_failures: [("agent_timeout", 1)].into(),
        after_handoff: 1,
        closed: 1,
        unknown: 1,
        duplicates: 1,
        ..Tally::default()
    };
    assert_eq!(tally, wanted);
}

/// Fails so many times, each after a while, then answers.
fn down_for(
    times: u32,
    takes: Duration,
) -> impl Fn(String, Option<Duration>) -> futures_util::future::BoxFuture<'static, Result<Received, ReceiveError>> {
    let left = std::sync::Arc::new(Mutex::new(times));
    move |_, _| {
        let left = std::sync::Arc::clone(&left);
        Box::pin(async move {
            sleep(takes).await;
            let mut left = left.lock().unwrap();
            if *left == 0 {
                return Ok(Received::Answered);
            }
            *left -= 1;
            Err(ReceiveError::Unavailable("throttled".into()))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_soon_over_does_not_wait_for_the_next_delivery() {
    let second = Duration::from_secs(1);
    for (times, seconds_left, answered, took_ms) in [
        (0, 180, true, 1_000),
        (1, 180, true, 2_500),
        (3, 180, true, 12_500),
        // Longer than a moment: the queue's to wait for.
        (4, 180, false, 12_500),
        // A turn would not end any more.
        (1, 16, false, 1_000),
        (3, 20, false, 5_500),
    ] {
        let begin = Instant::now();
        let time = Some(Duration::from_secs(seconds_left));
        let (answer, tally) = deliver(batch(Source::Sqs, &["x"]), time, down_for(times, second)).await;
        let failures = if answered { json!([]) } else { json!([{"itemIdentifier": "r0"}]) };
        let case = (times, seconds_left);
        assert_eq!(answer, Ok(json!({"batchItemFailures": failures})), "{case:?}");
        assert_eq!((tally.turns, tally.failures), (u64::from(answered), u64::from(!answered)), "{case:?}");
        assert_eq!(begin.elapsed().as_millis(), took_ms, "{case:?}");
    }
}
