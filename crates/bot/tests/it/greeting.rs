//! A greeting that the chat does not take while the bot joins: it is said later, once, and before any answer.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    ReceiveError, Received,
    sessions::{MessageKind, Op, Outcome, Sessions, Status},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::world::{CONTACT, World, event, item};

/// A world whose chat takes no message for so long, and the bot that joined meanwhile.
async fn joined(throttled: Duration, early: &[&str]) -> Arc<World> {
    let world = World::calm();
    for text in early {
        let item: Value = serde_json::from_str(&item(text, text, -500)).unwrap();
        world.state().transcript.push(item);
    }
    world.throttle(throttled);
    let begin = Instant::now();
    assert_eq!(world.bot().start(&event()).await, json!({"status": "success", "reason": ""}));
    assert!(begin.elapsed() < Duration::from_secs(3), "the flow waited {:?} for a greeting", begin.elapsed());
    assert_eq!(world.texts(), [""; 0]);
    world
}

/// Delivers what is in the mailbox.
async fn mail(world: &Arc<World>) -> Vec<Result<Received, ReceiveError>> {
    let mail = std::mem::take(&mut world.state().mail);
    let mut received = Vec::new();
    for item in mail {
        received.push(world.bot().receive(&item).await);
    }
    received
}

fn said(world: &World) -> Vec<String> {
    world.texts().iter().map(|text| text.split(':').next().unwrap().to_owned()).collect()
}

fn nothing_waits(world: &World) -> bool {
    let record = world.sessions.get(CONTACT).unwrap();
    record.status == Status::Open && record.inbox.is_empty() && record.taken.is_empty()
}

#[tokio::test(start_paused = true)]
async fn it_is_said_as_soon_as_the_chat_takes_it() {
    let world = joined(Duration::from_secs(6), &[]).await;
    assert_eq!(world.sessions.get(CONTACT).unwrap().inbox[0].kind, MessageKind::Greeting, "it can be lost");
    let begin = Instant::now();
    assert_eq!(mail(&world).await, [Ok(Received::Answered)]);
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
    assert_eq!(world.texts(), ["[greeting]"]);
    assert!(nothing_waits(&world) && world.state().asked.is_empty());
    // Connect calls again: it has been said.
    assert_eq!(world.bot().start(&event()).await["status"], "success");
    assert_eq!((mail(&world).await, world.texts()), (vec![], vec!["[greeting]".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_fails_comes_again() {
    let world = joined(Duration::from_secs(50), &[]).await;
    let wake = world.state().mail.remove(0);
    let mut tries = 0;
    while let Err(error) = world.bot().receive(&wake).await {
        assert!(matches!(error, ReceiveError::Unavailable(_)), "{error:?}");
        tries += 1;
        sleep(Duration::from_secs(1)).await;
    }
    assert!(tries > 1);
    assert!(nothing_waits(&world));
    assert_eq!(world.bot().receive(&wake).await, Ok(Received::Duplicate));
    assert_eq!(world.texts(), ["[greeting]"]);
}

#[tokio::test(start_paused = true)]
async fn it_comes_before_the_answer_to_what_was_said_already() {
    let world = joined(Duration::from_secs(4), &["m1"]).await;
    assert_eq!(mail(&world).await, [Ok(Received::Answered)]);
    assert_eq!(said(&world), ["[greeting]", "stay1 paragraph 0"]);
    assert!(nothing_waits(&world));
}

#[tokio::test(start_paused = true)]
async fn the_next_message_takes_it_along_when_nobody_was_woken() {
    let world = joined(Duration::from_secs(4), &[]).await;
    world.state().mail.clear();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(world.bot().receive(&item("m1", "hola", 9_000)).await, Ok(Received::Answered));
    assert_eq!(said(&world), ["[greeting]", "stay1 paragraph 0"]);
    assert_eq!(world.state().asked.len(), 1);
    assert!(nothing_waits(&world));
}

#[tokio::test(start_paused = true)]
async fn one_whose_answer_was_lost_is_not_said_twice() {
    let world = World::calm();
    world.state().answers_lost = 100;
    assert_eq!(world.bot().start(&event()).await["status"], "success");
    world.state().answers_lost = 0;
    assert_eq!(world.sessions.get(CONTACT).unwrap().inbox.len(), 1);
    assert_eq!(mail(&world).await, [Ok(Received::Answered)]);
    assert_eq!(world.texts(), ["[greeting]"]);
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_a_person_does_not_wait_for_it() {
    let world = joined(Duration::from_secs(15), &["quiero hablar con una persona"]).await;
    let begin = Instant::now();
    assert_eq!(mail(&world).await, [Ok(Received::HandedOff)]);
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    assert_eq!(world.state().left.len(), 1);
    assert!(!world.texts().contains(&"[greeting]".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_call_for_it_that_comes_late_changes_nothing() {
    let world = joined(Duration::from_secs(2), &[]).await;
    let wake = world.state().mail.remove(0);
    // The bot was put out, and is back with a greeting of its own.
    world.state().left.insert("p0".into());
    sleep(Duration::from_mins(1)).await;
    assert_eq!(world.bot().start(&event()).await["status"], "success");
    let Outcome::Record(record) = world.sessions.apply(CONTACT, Op::Read).await.unwrap() else { panic!("no record") };
    assert_eq!((record.session.stay, record.inbox.len()), (2, 0));
    assert_eq!(world.bot().receive(&wake).await, Ok(Received::Duplicate));
    assert_eq!(world.texts(), ["[greeting]"]);
}
