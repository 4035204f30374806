//! What whoever counts is told.

use std::sync::Arc;

use relevo_bot::{Bot, Received, sessions::CloseReason};

use crate::world::{World, event, item};

async fn started() -> (Arc<World>, Bot) {
    let world = World::calm();
    let bot = world.bot();
    assert_eq!(bot.start(&event()).await["status"], "success");
    (world, bot)
}

#[tokio::test(start_paused = true)]
async fn turns_that_fail_are_told_by_kind() {
    for (words, kind) in [("fail", "agent_unavailable"), ("empty", "agent_empty"), ("hang", "agent_timeout")] {
        let (world, bot) = started().await;
        assert_eq!(bot.receive(&item("m1", words, 0)).await, Ok(Received::Answered));
        assert_eq!(bot.receive(&item("m2", "hola", 0)).await, Ok(Received::Answered));
        assert_eq!(world.state().failed, [kind], "{words}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_said_while_a_person_took_over_is_told() {
    for (reason, told) in [
        (CloseReason::PersonJoined, 1),
        (CloseReason::AgentRequest, 1),
        (CloseReason::ChatEnded, 0),
        (CloseReason::CustomerLeft, 0),
    ] {
        let (world, bot) = started().await;
        world.state().meanwhile = Some(reason);
        assert_eq!(bot.receive(&item("m1", "long", 0)).await, Ok(Received::Superseded));
        let state = world.state();
        assert_eq!((state.said.len(), state.said_late), (2, told), "{reason:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_departure_is_told_once_with_its_reason() {
    let (world, bot) = started().await;
    assert_eq!(bot.receive(&item("m1", "escalate", 0)).await, Ok(Received::HandedOff));
    assert_eq!(bot.receive(&item("m2", "hola", 0)).await, Ok(Received::Closed));
    let state = world.state();
    assert_eq!(state.departed, [CloseReason::AgentRequest]);
    assert_eq!((state.failed.len(), state.said_late), (0, 0));
}
