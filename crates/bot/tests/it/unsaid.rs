//! A chat that takes no words: whoever asks for a person comes to one, and whoever waits for an answer does after the
//! configured count of failures.

use std::{sync::Arc, time::Duration};

use relevo_bot::{ReceiveError, Received, ports::ChatError};
use tokio::time::{Instant, sleep};

use crate::world::{World, event, item};

const WISH: &str = "quiero hablar con una persona";

/// A bot that joined a chat that takes no words from now on, or did not from before.
async fn speechless(greeted: bool) -> Arc<World> {
    let world = World::calm();
    let mute = |world: &World| world.state().end("send_message", u32::MAX, ChatError::Unavailable("500".into()));
    if !greeted {
        mute(&world);
    }
    assert_eq!(world.bot().start(&event()).await["status"], "success");
    mute(&world);
    world
}

async fn say(world: &Arc<World>, id: &str, text: &str) -> Result<Received, ReceiveError> {
    world.bot().receive(&item(id, text, 0)).await
}

/// Delivers what waits for the greeting once.
async fn wake(world: &Arc<World>) -> Result<Received, ReceiveError> {
    let mail = world.state().mail.first().cloned().unwrap();
    world.bot().receive(&mail).await
}

fn handed_over(world: &World, reason: &str) {
    let state = world.state();
    assert_eq!((state.left.len(), state.stopped.len()), (1, 1));
    assert_eq!(state.attributes["escalationReason"], reason);
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_a_person_after_the_greeting_was_tried_waits_for_nothing() {
    let world = speechless(false).await;
    assert!(wake(&world).await.is_err());
    let begin = Instant::now();
    assert_eq!(say(&world, "m1", WISH).await, Ok(Received::HandedOff));
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    handed_over(&world, "customer_request");
    assert_eq!(world.state().attributes["escalationSummary"], WISH);
    assert!(world.state().asked.is_empty(), "a person was asked for, and the agent asked");
}

#[tokio::test(start_paused = true)]
async fn who_asks_while_the_greeting_is_tried_is_noticed() {
    let world = speechless(false).await;
    let trying = tokio::spawn({
        let world = world.clone();
        async move { wake(&world).await }
    });
    sleep(Duration::from_secs(3)).await;
    assert_eq!(say(&world, "m1", WISH).await, Ok(Received::Waiting));
    assert_eq!(trying.await.unwrap(), Ok(Received::HandedOff));
    handed_over(&world, "customer_request");
}

#[tokio::test(start_paused = true)]
async fn an_agents_answer_to_a_wish_need_not_be_said() {
    let world = speechless(true).await;
    let begin = Instant::now();
    assert_eq!(say(&world, "m1", WISH).await, Ok(Received::HandedOff));
    assert!(begin.elapsed() < Duration::from_secs(45), "{:?}", begin.elapsed());
    handed_over(&world, "customer_request");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_an_answer_comes_to_a_person_at_the_count_of_failures() {
    for (greeted, text) in [(false, "hola"), (true, "hola"), (true, "fail"), (true, "check")] {
        let world = speechless(greeted).await;
        let mut deliveries = 1;
        while let Err(error) = say(&world, "m1", text).await {
            assert!(matches!(error, ReceiveError::Unavailable(_)), "{error:?}");
            deliveries += 1;
        }
        assert!(deliveries <= 2, "{greeted} {text}: {deliveries}, and a queue gives up after four");
        handed_over(&world, "agent_failure");
        assert!(world.state().failed.contains(&"chat_unavailable"), "{greeted} {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_does_not_answer_at_all_holds_nobody_who_can_leave() {
    let world = speechless(true).await;
    for operation in ["send_typing", "create_connection"] {
        world.state().end(operation, u32::MAX, ChatError::Unavailable("500".into()));
    }
    assert!(say(&world, "m1", "hola").await.is_err());
    assert_eq!(say(&world, "m2", WISH).await, Ok(Received::HandedOff));
    handed_over(&world, "customer_request");
}

#[tokio::test(start_paused = true)]
async fn who_has_said_nothing_yet_is_greeted_whenever_it_can_be() {
    let world = speechless(false).await;
    for _ in 0..6 {
        assert!(wake(&world).await.is_err());
    }
    assert!(world.state().left.is_empty(), "nobody asked for anything");
    world.state().ends.clear();
    assert_eq!(wake(&world).await, Ok(Received::Answered));
    assert_eq!(say(&world, "m1", "hola").await, Ok(Received::Answered));
    let texts = world.texts();
    assert!(texts[0] == "[greeting]" && texts.len() == 2, "{texts:?}");
}

#[tokio::test(start_paused = true)]
async fn words_that_go_out_at_last_are_no_failure() {
    let world = speechless(true).await;
    for id in ["m1", "m2", "m3"] {
        world.state().end("send_message", u32::MAX, ChatError::Throttled);
        assert!(say(&world, id, "hola").await.is_err());
        world.state().ends.clear();
        assert_eq!(say(&world, id, "hola").await, Ok(Received::Answered));
    }
    assert!(world.state().left.is_empty() && world.state().failed.is_empty());
    assert_eq!(world.texts().len(), 4);
}
