//! Joining a contact.

use std::time::Duration;

use relevo_bot::sessions::Status;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{
    faults::process,
    world::{Broken, CONTACT, World, event, item, policy},
};

#[tokio::test(start_paused = true)]
async fn it_joins_streams_remembers_and_greets_in_time() {
    let world = World::calm();
    let begin = Instant::now();
    assert_eq!(world.bot().start(&event()).await, json!({"status": "success", "reason": ""}));
    assert!(begin.elapsed() < Duration::from_secs(8));
    assert_eq!(world.texts(), ["[greeting]"]);
    let record = world.sessions.get(CONTACT).unwrap();
    assert_eq!((record.status, record.session.stay), (Status::Open, 1));
    assert_eq!(record.session.streaming_id.as_deref(), Some("stream0"), "the id, not the whole answer");
    assert!(record.ttl > 1_790_000_000 + 7 * 86_400, "the record ends before the longest chat");
    let debug = format!("{record:?}");
    assert!(!debug.contains("s3cr3t"), "tokens in Debug");
    let stored = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<relevo_bot::sessions::SessionRecord>(&stored).unwrap(), record);
}

#[tokio::test(start_paused = true)]
async fn called_again_it_changes_nothing() {
    let world = World::calm();
    let bot = world.bot();
    let (one, event) = (event(), event());
    let (one, two) = tokio::join!(bot.start(&one), bot.start(&event));
    assert_eq!((&one["status"], &two["status"]), (&json!("success"), &json!("success")));
    assert_eq!(bot.start(&event).await["status"], "success");
    assert_eq!(world.texts(), ["[greeting]"]);
    let state = world.state();
    assert_eq!((state.participants.len(), state.streams.len(), state.left.len()), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_event_without_a_contact_is_a_failure() {
    let answer = World::calm().bot().start(&json!({"Details": {}})).await;
    assert_eq!(answer, json!({"status": "failure", "reason": "invalid_event"}));
}

#[tokio::test(start_paused = true)]
async fn what_fails_leaves_nothing_half_made_and_tells_the_flow() {
    let world = World::calm();
    let mut policy = policy();
    policy.limits.part_bytes = 1;
    world.state().longest = 0;
    let answer = world.bot_with(policy).start(&event()).await;
    assert_eq!(answer, json!({"status": "failure", "reason": "greeting_failed"}));
    {
        let state = world.state();
        assert_eq!((state.left.len(), state.stopped.len()), (1, 1));
    }
    assert_eq!(world.sessions.get(CONTACT).unwrap().status, Status::Closed);
    assert_eq!(world.bot().receive(&item("m1", "hola", 0)).await, Ok(relevo_bot::Received::Closed));
    world.state().longest = 16_384;
    assert_eq!(world.bot().start(&event()).await["status"], "success", "the flow may try again");
}

#[tokio::test(start_paused = true)]
async fn it_always_answers_within_the_flows_limit() {
    for seed in 0..60 {
        let world = World::new(seed, 60, 100, Broken::No);
        let begin = Instant::now();
        let answer = process(world.bot().start(&event())).await;
        assert!(begin.elapsed() < Duration::from_secs(8), "seed {seed}: {:?}, {answer:?}", begin.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_while_the_bot_joins_is_answered() {
    let world = World::calm();
    let bot = world.bot();
    let joining = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.start(&event()).await })
    };
    while world.sessions.get(CONTACT).is_none() {
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(world.sessions.get(CONTACT).unwrap().status, Status::Starting);
    assert_eq!(bot.receive(&item("m1", "hola", 0)).await, Ok(relevo_bot::Received::Answered));
    joining.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_was_put_out_joins_anew() {
    let world = World::calm();
    let bot = world.bot();
    bot.start(&event()).await;
    world.state().left.insert("p0".into());
    assert_eq!(bot.start(&event()).await["status"], "success");
    assert_eq!(world.state().participants.len(), 2);
    assert_eq!(world.sessions.get(CONTACT).unwrap().session.stay, 2);
    assert_eq!(bot.receive(&item("m1", "hola", 60_000)).await, Ok(relevo_bot::Received::Answered));
}
