//! Deliveries by table: what is done, dropped, and asked for again.

use std::sync::Mutex;

use relevo_bot::{
    ports::{TurnFailure, Watch as _},
    sessions::CloseReason,
};

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

#[tokio::test(start_paused = true)]
async fn of_a_queue_only_what_must_come_again_is_named() {
    let mut batch = batch(Source::Sqs, &["hola", "busy", "duplicate", "down"]);
    batch.records.push(Record { id: Some("r4".into()), item: Err(Malformed::Record) });
    let (answer, tally) = deliver(batch, None, bot).await;
    let failures = json!([{"itemIdentifier": "r1"}, {"itemIdentifier": "r3"}]);
    assert_eq!(answer, Ok(json!({"batchItemFailures": failures})));
    let wanted = Tally { turns: 1, duplicates: 1, busy: 1, failures: 1, malformed: 1, ..Tally::default() };
    assert_eq!(tally, wanted);
}

#[tokio::test(start_paused = true)]
async fn of_sns_one_that_must_come_again_fails_the_invocation_and_the_others_are_done() {
    let done = Mutex::new(Vec::new());
    let (answer, _) = deliver(batch(Source::Sns, &["down", "hola", "busy"]), None, |item, time| {
        done.lock().unwrap().push(item.clone());
        bot(item, time)
    })
    .await;
    assert_eq!(answer, Err(ComeAgain(2)));
    let done = done.into_inner().unwrap();
    assert_eq!(done[..3], ["down", "hola", "busy"]);
    assert_eq!(done.iter().filter(|item| *item == "hola").count(), 1, "what is done is not tried again");
}

#[tokio::test(start_paused = true)]
async fn what_is_malformed_is_dropped_wherever_it_comes_from() {
    let records = vec![Record { id: None, item: Err(Malformed::Event) }];
    let (answer, tally) = deliver(Batch { source: Source::Sns, records }, None, bot).await;
    assert_eq!((answer, tally), (Ok(json!({})), Tally { malformed: 1, ..Tally::default() }));
    let records = vec![Record { id: None, item: Err(Malformed::Record) }, record("r1", "hola")];
    let (answer, _) = deliver(Batch { source: Source::Sqs, records }, None, bot).await;
    assert_eq!(answer, Ok(json!({"batchItemFailures": []})));
}

#[tokio::test(start_paused = true)]
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

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_now_is_done_a_moment_later() {
    let begin = Instant::now();
    let attempts = Mutex::new(Vec::new());
    let bot = |_: String, left: Option<Duration>| {
        let mut attempts = attempts.lock().unwrap();
        attempts.push((begin.elapsed().as_millis(), left.map(|left| left.as_millis())));
        let up = begin.elapsed() >= Duration::from_secs(3);
        async move { if up { Ok(Received::Answered) } else { Err(ReceiveError::Unavailable("throttled".into())) } }
    };
    let (answer, tally) = deliver(batch(Source::Sqs, &["hola"]), Some(Duration::from_secs(60)), bot).await;
    assert_eq!((answer, tally.turns, tally.failures), (Ok(json!({"batchItemFailures": []})), 1, 0));
    let wanted = [(0, 60_000), (500, 59_500), (1_500, 58_500), (3_500, 56_500)];
    assert_eq!(attempts.into_inner().unwrap(), wanted.map(|(at, left)| (at, Some(left))));
}

#[tokio::test(start_paused = true)]
async fn it_is_not_tried_for_ever_nor_into_the_invocations_end() {
    for (time, gives_up_within_s) in [(None, 30), (Some(180), 30), (Some(10), 10)] {
        let begin = Instant::now();
        let (answer, _) = deliver(batch(Source::Sqs, &["down"]), time.map(Duration::from_secs), bot).await;
        assert_eq!(answer, Ok(json!({"batchItemFailures": [{"itemIdentifier": "r0"}]})));
        let took = begin.elapsed();
        assert!(took > Duration::from_secs(5) && took <= Duration::from_secs(gives_up_within_s), "{time:?} {took:?}");
    }
}

#[tokio::test(start_paused = true)]
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
