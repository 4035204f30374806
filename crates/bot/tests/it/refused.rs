//! A chat that says "access denied": to a bot that is out, to one whose connection has expired, and to one it is wrong about.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Bot, ReceiveError, Received,
    ports::ChatError,
    sessions::{CloseReason, Op, Outcome, Sessions, Status},
};
use tokio::time::{Instant, sleep};

use crate::{
    logs::Logs,
    world::{BY_TOKEN, CONTACT, World, event, item},
};

const FOR_EVER: u32 = u32::MAX;
const WISH: &str = "quiero hablar con una persona";

async fn started() -> (Arc<World>, Bot) {
    let world = World::calm();
    let bot = world.bot();
    assert_eq!(bot.start(&event()).await["status"], "success");
    (world, bot)
}

async fn say(bot: &Bot, id: &str, text: &str) -> Result<Received, ReceiveError> {
    let received = bot.receive(&item(id, text, 0)).await;
    sleep(Duration::from_secs(1)).await;
    received
}

fn stands(world: &World) -> (Status, Option<CloseReason>) {
    let record = world.sessions.get(CONTACT).unwrap();
    (record.status, record.session.closed)
}

/// The customer is where the flow wanted them to be.
fn handed_over(world: &World, why: &str) {
    let state = world.state();
    assert_eq!((state.left.len(), state.stopped.len()), (1, 1), "{why}");
    assert_eq!(state.attributes["functionName"], "escalate", "{why}");
    assert_eq!(state.said.iter().filter(|said| said.text == "[handoff]").count(), 1, "{why}");
    assert!(state.said.last().unwrap().text == "[handoff]", "{why}: said after the hand-off");
}

#[tokio::test(start_paused = true)]
async fn one_refusal_of_any_call_changes_nothing_for_the_customer() {
    for operation in BY_TOKEN {
        for error in [ChatError::AccessDenied, ChatError::NotFound] {
            for turn in [1, 2] {
                let why = format!("{operation} {error} in turn {turn}");
                let (world, bot) = started().await;
                for (n, text) in [(1, "long"), (2, "escalate")] {
                    if n == turn {
                        world.state().end(operation, 1, error.clone());
                    }
                    let expected = if n == 1 { Received::Answered } else { Received::HandedOff };
                    assert_eq!(say(&bot, &format!("m{n}"), text).await, Ok(expected), "{why}");
                }
                handed_over(&world, &why);
                let answer = world.texts().iter().filter(|text| text.starts_with("m1 paragraph")).count();
                assert_eq!((answer, stands(&world)), (4, (Status::Closed, Some(CloseReason::AgentRequest))), "{why}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn typing_that_always_fails_ends_no_turn() {
    let errors = [ChatError::AccessDenied, ChatError::Unavailable("500".into()), ChatError::Invalid("400".into())];
    for error in errors {
        let (world, bot) = started().await;
        world.state().end("send_typing", FOR_EVER, error.clone());
        assert_eq!(say(&bot, "m1", "slow").await, Ok(Received::Answered), "{error}");
        // Taken up a second time, because the chat takes no words the first time.
        world.throttle(Duration::from_secs(25));
        assert!(say(&bot, "m2", "hola").await.is_err());
        assert_eq!(say(&bot, "m2", "hola").await, Ok(Received::Answered), "{error}");
        assert_eq!(say(&bot, "m3", WISH).await, Ok(Received::HandedOff), "{error}");
        handed_over(&world, &error.to_string());
        assert!(world.state().connections <= 7, "a new connection for every typing");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_has_expired_early_is_made_anew_once() {
    let (world, bot) = started().await;
    world.state().good_from = 1;
    assert_eq!(say(&bot, "m1", "long").await, Ok(Received::Answered));
    assert_eq!(say(&bot, "m2", "hola").await, Ok(Received::Answered));
    assert_eq!(world.state().connections, 2);
    assert_eq!(world.state().asked.len(), 2, "the answer was not lost");
    let record = world.sessions.get(CONTACT).unwrap();
    assert!(record.session.connection_token.unwrap().expose().ends_with("/1"), "it is stored");
}

/// A new connection may take its time. Who has taken the chat over by then is not spoken over.
#[tokio::test(start_paused = true)]
async fn a_session_that_was_closed_while_the_bot_connected_says_nothing() {
    let (world, bot) = started().await;
    world.state().good_from = 1;
    world.state().slow.insert("create_connection", Duration::from_millis(5_500));
    let at_work = bot.clone();
    let turn = tokio::spawn(async move { at_work.receive(&item("m1", "hola", 0)).await });
    sleep(Duration::from_secs(4)).await;
    world.state().slow.clear();
    let close = Op::Close { stay: 1, reason: CloseReason::PersonJoined, now_ms: 1 };
    assert!(matches!(world.sessions.apply(CONTACT, close).await, Ok(Outcome::Closed(_))));
    assert_eq!(turn.await.unwrap(), Ok(Received::Superseded));
    assert_eq!(world.texts(), ["[greeting]"]);
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_may_not_speak_hands_over() {
    let (world, bot) = started().await;
    world.state().end("send_message", FOR_EVER, ChatError::AccessDenied);
    assert_eq!(say(&bot, "m1", "hola").await, Ok(Received::Answered));
    assert_eq!(say(&bot, "m2", "hola").await, Ok(Received::HandedOff));
    assert_eq!(world.state().attributes["escalationReason"], "agent_failure");
    assert_eq!(world.state().left.len(), 1);
    assert_eq!(world.texts(), ["[greeting]"]);
}

#[tokio::test(start_paused = true)]
async fn that_it_left_is_believed_only_when_it_did() {
    for error in [ChatError::AccessDenied, ChatError::Conflict, ChatError::Invalid("400".into())] {
        let (world, bot) = started().await;
        world.state().end("disconnect", FOR_EVER, error.clone());
        for _ in 0..3 {
            assert!(matches!(say(&bot, "m1", WISH).await, Err(ReceiveError::Unavailable(_))), "{error}");
            assert_eq!(stands(&world), (Status::Leaving, None), "{error}");
        }
        world.state().ends.clear();
        assert_eq!(say(&bot, "m1", WISH).await, Ok(Received::HandedOff), "{error}");
        handed_over(&world, &error.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_way_out_is_a_way_out() {
    let (world, bot) = started().await;
    let slow = ["update_attributes", "send_message", "disconnect"];
    world.state().slow = slow.map(|operation| (operation, Duration::from_secs(6))).into();
    let begin = Instant::now();
    assert_eq!(say(&bot, "m1", WISH).await, Ok(Received::HandedOff));
    handed_over(&world, "slow");
    assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_is_out_says_why_it_stops() {
    let logs = Logs::default();
    let _guard = logs.catch();
    let (world, bot) = started().await;
    world.state().left.insert("p0".into());
    assert_eq!(say(&bot, "m1", "hola").await, Ok(Received::Ended));
    assert_eq!(stands(&world), (Status::Closed, Some(CloseReason::NotOurs)));
    assert!(logs.text().contains("no longer in the chat"), "{}", logs.text());
    assert_eq!(world.texts(), ["[greeting]"]);
}

/// A service that refuses a bot everything but to leave: the flow goes on, and sends the customer to a person.
#[tokio::test(start_paused = true)]
async fn a_bot_that_is_wrongly_put_out_leaves() {
    let (world, bot) = started().await;
    for operation in BY_TOKEN.into_iter().filter(|operation| *operation != "disconnect") {
        world.state().end(operation, FOR_EVER, ChatError::AccessDenied);
    }
    assert_eq!(say(&bot, "m1", "hola").await, Ok(Received::Ended));
    let left = world.state().left.len();
    assert_eq!((left, stands(&world)), (1, (Status::Closed, Some(CloseReason::NotOurs))));
}

#[tokio::test(start_paused = true)]
async fn a_second_start_finds_the_bot_although_its_typing_is_refused() {
    let (world, bot) = started().await;
    world.state().end("send_typing", 1, ChatError::AccessDenied);
    assert_eq!(bot.start(&event()).await["status"], "success");
    let participants = world.state().participants.len();
    assert_eq!((participants, stands(&world)), (1, (Status::Open, None)));
    assert_eq!(say(&bot, "m1", WISH).await, Ok(Received::HandedOff));
    handed_over(&world, "after a second start");
}
