//! The flow goes on without the bot, and says so: the bot leaves without a word, whatever it is at.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Bot, Received,
    sessions::{CloseReason, Op, Outcome, Sessions, Status},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{
    faults::process,
    world::{Broken, CONTACT, EPOCH_MS, State, World, event, item},
};

async fn joined() -> (Arc<World>, Bot) {
    let world = World::calm();
    let bot = world.bot();
    assert_eq!(bot.start(&event()).await["status"], "success");
    (world, bot)
}

/// The event of the flow's block that has the bot leave.
fn leave() -> Value {
    let mut event = event();
    event["Details"]["Parameters"]["bot"] = "leave".into();
    event
}

fn left() -> Value {
    json!({"status": "left", "reason": ""})
}

fn is_out(world: &World) {
    let record = world.sessions.get(CONTACT).unwrap();
    assert_eq!((record.status, record.session.closed), (Status::Closed, Some(CloseReason::FlowWentOn)));
    assert_eq!(record.session.streaming_id, None);
    let state = world.state();
    assert!(state.participants.values().all(|name| state.left.contains(name)), "the bot is still there");
    assert!(state.streams.values().all(|id| state.stopped.contains(id)), "it still streams");
}

#[tokio::test(start_paused = true)]
async fn it_leaves_and_says_nothing_any_more() {
    let (world, bot) = joined().await;
    assert_eq!(bot.start(&leave()).await, left());
    is_out(&world);
    assert_eq!(bot.receive(&item("m1", "quiero hablar con una persona", 0)).await, Ok(Received::Closed));
    // The call that was late, and the block once more.
    assert_eq!(bot.start(&event()).await["status"], "success");
    assert_eq!(bot.start(&leave()).await, left());
    assert_eq!((world.texts(), world.state().participants.len()), (vec!["[greeting]".to_owned()], 1));
    assert!(world.state().attributes.is_empty());
    // The flow comes back to the bot later.
    sleep(Duration::from_mins(1)).await;
    assert_eq!(bot.start(&event()).await["status"], "success");
    assert_eq!(world.sessions.get(CONTACT).unwrap().session.stay, 2);
}

#[tokio::test(start_paused = true)]
async fn a_turn_at_work_is_called_off() {
    for word in ["slow", "quiero hablar con una persona"] {
        let (world, bot) = joined().await;
        world.throttle(Duration::from_mins(1));
        let at_work = bot.clone();
        let turn = tokio::spawn(async move { at_work.receive(&item("m1", word, 0)).await });
        sleep(Duration::from_secs(18)).await;
        assert_eq!(bot.start(&leave()).await, left());
        assert!(matches!(turn.await.unwrap(), Ok(Received::Superseded | Received::Ended)), "{word}");
        is_out(&world);
        assert_eq!(world.texts(), ["[greeting]"]);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_wait_of_a_day_it_leaves_with_a_token_that_is_good() {
    let (world, bot) = joined().await;
    sleep(Duration::from_hours(24)).await;
    world.state().connected.clear();
    assert_eq!(bot.start(&leave()).await, left());
    is_out(&world);
}

/// The flow gave up on a function that was slow to begin, or whose process died: what comes of it later joins nothing.
#[tokio::test(start_paused = true)]
async fn a_start_that_is_too_late_does_not_join() {
    let reserve =
        |contact_id: &str| Op::Reserve { contact_id: contact_id.into(), call: 7, now_ms: EPOCH_MS, keep_ms: 1_000_000 };
    for before in ["nothing", "starting", "failed"] {
        let world = World::calm();
        if before != "nothing" {
            world.sessions.apply(CONTACT, reserve(CONTACT)).await.unwrap();
        }
        if before == "failed" {
            let close = Op::Close { stay: 1, reason: CloseReason::StartFailed, now_ms: EPOCH_MS };
            world.sessions.apply(CONTACT, close).await.unwrap();
        }
        let bot = world.bot();
        assert_eq!(bot.start(&leave()).await, left(), "{before}");
        assert_eq!(bot.start(&event()).await["status"], "success", "{before}");
        let record = world.sessions.get(CONTACT).unwrap();
        assert_eq!((record.status, record.session.closed), (Status::Closed, Some(CloseReason::FlowWentOn)), "{before}");
        assert!(world.texts().is_empty(), "{before}");
        let there = |state: &State| state.participants.values().any(|name| !state.left.contains(name));
        assert!(!there(&world.state()), "{before}");
        // The flow comes back to the bot later.
        sleep(Duration::from_mins(1)).await;
        assert_eq!(bot.start(&event()).await["status"], "success", "{before}");
        assert_eq!(world.texts(), ["[greeting]"], "{before}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_is_still_joining_does_not_stay() {
    let world = World::calm();
    let joining = world.bot();
    let start = tokio::spawn(async move { joining.start(&event()).await });
    while world.state().connected.is_empty() {
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(world.bot().start(&leave()).await, left());
    assert_eq!(start.await.unwrap()["status"], "failure");
    is_out(&world);
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_does_not_let_it_go_hears_nothing_from_it_all_the_same() {
    for seed in 0..60 {
        let world = World::new(seed, 60, 100, Broken::No);
        world.faults.stop();
        assert_eq!(world.bot().start(&event()).await["status"], "success");
        world.faults.resume();
        let begin = Instant::now();
        let answer = process(world.bot().start(&leave())).await;
        assert!(begin.elapsed() < Duration::from_secs(4), "seed {seed}: {:?}", begin.elapsed());
        world.faults.stop();
        let read = world.sessions.apply(CONTACT, Op::Read).await.unwrap();
        let Outcome::Record(record) = read else { panic!("no record") };
        if answer == Some(left()) {
            assert_eq!(record.status, Status::Closed, "seed {seed}");
        }
        if record.status == Status::Closed {
            assert_eq!(world.bot().receive(&item("m1", "hola", 0)).await, Ok(Received::Closed), "seed {seed}");
        }
    }
}
