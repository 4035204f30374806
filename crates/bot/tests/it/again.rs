//! The flow's call comes again: its answer was lost, or its process died. What the bot has done meanwhile is not undone.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Bot, Policy, Received,
    sessions::{CloseReason, SessionRecord, Status},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::world::{CONTACT, World, event, item, policy};

const PERSON: &str = "quiero hablar con una persona";

/// A bot that has joined.
async fn joined() -> (Arc<World>, Bot) {
    let world = World::calm();
    let mut value = serde_json::to_value(policy()).unwrap();
    value["endCommands"] = json!({"es": ["salir"]});
    let bot = world.bot_with(serde_json::from_value::<Policy>(value).unwrap());
    assert_eq!(bot.start(&event()).await, success());
    (world, bot)
}

fn success() -> Value {
    json!({"status": "success", "reason": ""})
}

fn record(world: &World) -> SessionRecord {
    world.sessions.get(CONTACT).unwrap()
}

/// A hand-off whose process dies once it has written the attributes, with the chat's lease.
async fn half_way() -> (Arc<World>, Bot) {
    let (world, bot) = joined().await;
    let dying = bot.clone();
    let process = tokio::spawn(async move { dying.receive(&item("m1", PERSON, 0)).await });
    while world.state().attributes.is_empty() {
        sleep(Duration::from_millis(1)).await;
    }
    world.throttle(Duration::from_secs(3));
    sleep(Duration::from_millis(100)).await;
    process.abort();
    assert_eq!(record(&world).status, Status::Leaving);
    (world, bot)
}

/// Nothing but the one greeting and the one hand-off, and the flow finds why the bot left.
fn handed_over_once(world: &World) {
    let words = world.texts().into_iter().filter(|text| !text.contains("paragraph")).collect::<Vec<_>>();
    assert_eq!(words, ["[greeting]", "[handoff]"]);
    let state = world.state();
    assert_eq!((state.participants.len(), state.left.len()), (1, 1));
    assert_eq!(state.attributes["functionName"], "escalate");
    assert_eq!(state.departed, [CloseReason::CustomerRequest]);
}

#[tokio::test(start_paused = true)]
async fn a_stay_that_is_over_is_not_begun_anew() {
    for (said, received) in [(PERSON, Received::HandedOff), ("salir", Received::Ended)] {
        let (world, bot) = joined().await;
        assert_eq!(bot.receive(&item("m1", said, 0)).await, Ok(received));
        let before = world.state().attributes.clone();
        let texts = world.texts();
        assert_eq!(bot.start(&event()).await, success(), "the flow's Wait finds the bot gone");
        assert_eq!((record(&world).status, record(&world).session.stay), (Status::Closed, 1));
        let state = world.state();
        assert_eq!((state.participants.len(), &state.attributes), (1, &before), "{said}");
        drop(state);
        assert_eq!(world.texts(), texts, "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stay_that_nobody_noted_as_over_is_not_begun_anew() {
    let (world, bot) = joined().await;
    assert_eq!(bot.receive(&item("m1", "hola", 0)).await, Ok(Received::Answered));
    world.state().left.insert("p0".into());
    assert_eq!(bot.start(&event()).await, success());
    assert_eq!((record(&world).session.closed, world.state().participants.len()), (Some(CloseReason::NotOurs), 1));
}

/// The flow comes to its block again: it brings what the hand-off wrote, a queue, or comes late.
#[tokio::test(start_paused = true)]
async fn who_comes_back_gets_the_bot_again() {
    let mut attributes = event();
    attributes["Details"]["ContactData"]["Attributes"]["functionName"] = "escalate".into();
    let mut queue = event();
    queue["Details"]["ContactData"]["Queue"] = json!({"Name": "BasicQueue"});
    let mut contact = event();
    contact["Details"]["ContactData"]["ContactId"] = "transferred".into();
    for (event, after) in [(attributes, 0), (queue, 0), (contact, 0), (event(), 20)] {
        let (world, bot) = joined().await;
        for stay in 2..=3 {
            assert_eq!(bot.receive(&item(&format!("m{stay}"), PERSON, 60_000)).await, Ok(Received::HandedOff));
            assert_eq!(world.state().attributes["functionName"], "escalate");
            // A second return looks like the first, but for its time.
            sleep(Duration::from_secs(if stay == 2 { after } else { 20 })).await;
            assert_eq!(bot.start(&event).await, success());
            assert_eq!((record(&world).status, record(&world).session.stay), (Status::Open, stay), "{event}");
            let attributes = world.state().attributes.clone();
            assert_eq!(attributes["functionName"], "", "the former hand-off would come again");
            assert_eq!(attributes["botStay"], stay.to_string(), "the next event would be the same");
            assert_eq!(world.texts().last().unwrap(), "[greeting]");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_way_out_is_left_to_whoever_is_at_it() {
    let (world, bot) = joined().await;
    world.throttle(Duration::from_secs(6));
    let at_work = bot.clone();
    let leaving = tokio::spawn(async move { at_work.receive(&item("m1", PERSON, 0)).await });
    while record(&world).status != Status::Leaving {
        sleep(Duration::from_millis(1)).await;
    }
    let begin = Instant::now();
    assert_eq!(bot.start(&event()).await, success());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    assert_eq!(world.state().mail.len(), 0, "nobody is needed");
    assert_eq!(leaving.await.unwrap(), Ok(Received::HandedOff));
    handed_over_once(&world);
}

#[tokio::test(start_paused = true)]
async fn a_way_out_that_nobody_is_at_is_gone_on_with() {
    let (world, bot) = half_way().await;
    assert_eq!(bot.start(&event()).await, success());
    assert_eq!((world.state().mail.len(), record(&world).status), (0, Status::Leaving), "its lease is not over");
    sleep(Duration::from_secs(40)).await;
    // After a restart of the laptop the call comes late.
    assert_eq!(bot.start(&event()).await, success());
    let wake = world.state().mail.remove(0);
    assert_eq!(bot.receive(&wake).await, Ok(Received::HandedOff));
    handed_over_once(&world);
}

#[tokio::test(start_paused = true)]
async fn a_way_out_has_an_item_that_takes_it_up() {
    let (world, bot) = half_way().await;
    let half = record(&world);
    assert_eq!(half.wake_up(half.lease_until_ms - 1), None, "somebody may be at it");
    let wake = half.wake_up(half.lease_until_ms).unwrap();
    assert!(bot.receive(&wake).await.is_err(), "the delivery comes again when the lease is over");
    sleep(Duration::from_secs(40)).await;
    assert_eq!(bot.receive(&wake).await, Ok(Received::HandedOff));
    handed_over_once(&world);
    assert_eq!(record(&world).wake_up(i64::MAX), None);
}
