//! One conversation after the other, in a calm world.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Bot, Received, Streaming,
    ports::{Input, ResultState},
    sessions::{CloseReason, Status},
};
use serde_json::json;
use tokio::time::sleep;

use crate::world::{Broken, CONTACT, World, event, item, policy};

async fn started() -> (Arc<World>, Bot) {
    let world = World::calm();
    let bot = world.bot();
    assert_eq!(bot.start(&event()).await["status"], "success");
    (world, bot)
}

/// Delivers a message; what it leads to is done.
pub(crate) async fn say(bot: &Bot, id: &str, text: &str) -> Received {
    let received = bot.receive(&item(id, text, 0)).await.unwrap();
    sleep(Duration::from_millis(10)).await;
    received
}

fn said(world: &World) -> Vec<String> {
    world.texts().iter().map(|text| text.split(':').next().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_out_paragraph_by_paragraph() {
    let (world, bot) = started().await;
    assert_eq!(say(&bot, "m1", "long").await, Received::Answered);
    assert_eq!(said(&world), ["[greeting]", "m1 paragraph 0", "m1 paragraph 1", "m1 paragraph 2", "m1 paragraph 3"]);
    let state = world.state();
    let (first, last) = (state.said[1].at_ms, state.said[4].at_ms);
    assert!(last - first > 500, "the first part waited for the whole answer");
    let asked = &state.asked[0].question;
    assert_eq!(asked.input, Input::Text("long".into()));
    assert_eq!(asked.session_id, CONTACT);
    assert_eq!(asked.session_attributes["turnId"], "m1");
    assert_eq!(asked.prompt_session_attributes["language"], "es");
    assert!(state.typed_ms.first().unwrap() < &first, "no typing before the answer");
    assert!(state.typed_ms.iter().all(|at| *at < last), "typing after the answer");
    drop(state);
    let record = world.sessions.get(CONTACT).unwrap();
    assert!(record.lease_until_ms == 0 && record.taken.is_empty() && record.inbox.is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_round_trips_besides_the_agent_before_the_first_words() {
    let (world, bot) = started().await;
    let before = world.sessions.get(CONTACT).unwrap().version;
    say(&bot, "m1", "hola").await;
    // Deliver; the part stored while it is sent; finish.
    assert_eq!(world.sessions.get(CONTACT).unwrap().version - before, 3);
}

#[tokio::test(start_paused = true)]
async fn in_one_piece_if_so_configured() {
    let world = World::calm();
    let mut policy = policy();
    policy.streaming = Streaming::Whole;
    let bot = world.bot_with(policy);
    bot.start(&event()).await;
    say(&bot, "m1", "long").await;
    assert_eq!(world.texts().len(), 2);
    assert!(world.texts()[1].contains("paragraph 0") && world.texts()[1].contains("paragraph 3"));
}

#[tokio::test(start_paused = true)]
async fn duplicates_are_answered_once() {
    let (world, bot) = started().await;
    let item = item("m1", "hola", 0);
    let (one, two) = tokio::join!(bot.receive(&item), bot.receive(&item));
    assert!(one == Ok(Received::Answered) || two == Ok(Received::Answered), "{one:?} {two:?}");
    assert_eq!(bot.receive(&item).await, Ok(Received::Duplicate));
    assert_eq!(said(&world), ["[greeting]", "m1 paragraph 0"]);
}

#[tokio::test(start_paused = true)]
async fn messages_that_wait_are_asked_together_in_the_order_they_were_sent() {
    let (world, bot) = started().await;
    let first = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.receive(&item("m1", "slow", 0)).await })
    };
    sleep(Duration::from_secs(1)).await;
    assert_eq!(bot.receive(&item("m3", "third", 3_000)).await, Ok(Received::Waiting));
    assert_eq!(bot.receive(&item("m2", "second", 2_000)).await, Ok(Received::Waiting));
    assert_eq!(first.await.unwrap(), Ok(Received::Answered));
    let inputs: Vec<Input> = world.state().asked.iter().map(|asked| asked.question.input.clone()).collect();
    assert_eq!(inputs, [Input::Text("slow".into()), Input::Text("second\nthird".into())]);
}

#[tokio::test(start_paused = true)]
async fn a_long_turn_keeps_its_lease_and_says_that_it_works() {
    let (world, bot) = started().await;
    let long = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.receive(&item("m1", "slow", 0)).await })
    };
    sleep(Duration::from_secs(35)).await;
    let busy = bot.receive(&item("m1", "slow", 0)).await;
    assert!(busy.is_err(), "the lease was lost: {busy:?}");
    assert_eq!(long.await.unwrap(), Ok(Received::Answered));
    assert_eq!(said(&world), ["[greeting]", "[still]", "m1 paragraph 0"]);
    assert!(world.state().typed_ms.len() >= 5, "typing was not renewed");
}

#[tokio::test(start_paused = true)]
async fn the_agents_hand_off() {
    let (world, bot) = started().await;
    say(&bot, "m1", "mi pedido llegó roto").await;
    assert_eq!(say(&bot, "m2", "escalate").await, Received::HandedOff);
    assert_eq!(said(&world), ["[greeting]", "m1 paragraph 0", "m2 paragraph 0", "[handoff]"]);
    {
        let state = world.state();
        let expected = [
            ("actionGroup", "Group"),
            ("description", "broken"),
            ("escalationLanguage", "es"),
            ("escalationReason", "agent_request"),
            ("escalationSummary", "mi pedido llegó roto / escalate"),
            ("functionName", "escalate"),
            ("order_number", "10020030"),
        ];
        let attributes: Vec<_> = state.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(attributes, expected);
        assert_eq!(state.stopped.len(), 1);
        assert_eq!(state.left.len(), 1);
        assert_eq!(state.asked.len(), 2, "the hand-off waits for no model");
    }
    let record = world.sessions.get(CONTACT).unwrap();
    assert_eq!((record.status, record.session.closed), (Status::Closed, Some(CloseReason::AgentRequest)));
    assert!(record.session.connection_token.is_none() && record.session.history.is_empty());
    assert_eq!(say(&bot, "m3", "hola").await, Received::Closed);
    assert_eq!(world.state().asked.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_return_to_the_bot_is_a_fresh_session_that_knows() {
    let (world, bot) = started().await;
    say(&bot, "m1", "escalate").await;
    sleep(Duration::from_mins(1)).await;
    assert_eq!(bot.start(&event()).await, json!({"status": "success", "reason": ""}));
    assert_eq!(world.state().attributes["functionName"], "", "the old hand-off could come again");
    assert_eq!(bot.receive(&item("late", "escalate", 1_000)).await, Ok(Received::Answered));
    assert_eq!(bot.receive(&item("m1", "escalate", 0)).await, Ok(Received::Duplicate));
    assert_eq!(world.state().asked.len(), 1, "what was said to the person was asked");
    assert_eq!(bot.receive(&item("m2", "hola", 70_000)).await, Ok(Received::Answered));
    let asked = world.state().asked[1].question.clone();
    assert_eq!(asked.session_id, format!("{CONTACT}-2"));
    assert_eq!(asked.prompt_session_attributes["previousHandoff"], "agent_request: escalate");
    assert_eq!(world.texts().iter().filter(|text| *text == "[greeting]").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn failures_are_said_and_lead_to_a_person() {
    for (first, second) in [("fail", "empty"), ("cut", "hang"), ("empty", "fail")] {
        let (world, bot) = started().await;
        assert_eq!(say(&bot, "m1", first).await, Received::Answered);
        assert_eq!(world.texts().last().unwrap(), "[failure]");
        assert_eq!(say(&bot, "m2", second).await, Received::HandedOff);
        assert_eq!(world.texts().last().unwrap(), "[failure handoff]");
        let state = world.state();
        assert_eq!(state.attributes["escalationReason"], "agent_failure");
        assert_eq!(state.attributes["functionName"], "escalate");
        assert_eq!(state.left.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_between_forgives_a_failure() {
    let (world, bot) = started().await;
    for (id, text, expected) in
        [("m1", "fail", "[failure]"), ("m2", "hola", "m2 paragraph 0"), ("m3", "fail", "[failure]")]
    {
        assert_eq!(say(&bot, id, text).await, Received::Answered);
        assert_eq!(said(&world).last().unwrap(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_for_a_person_is_granted_whatever_the_agent_does() {
    for text in ["quiero hablar con una persona", "quiero hablar con una persona, fail", "hablar con una persona hang"]
    {
        let (world, bot) = started().await;
        assert_eq!(say(&bot, "m1", text).await, Received::HandedOff, "{text}");
        assert_eq!(world.texts().last().unwrap(), "[handoff]");
        let state = world.state();
        assert_eq!(state.attributes["escalationReason"], "customer_request");
        assert!(state.left_ms.unwrap() - state.asked[0].at_ms < 20_000, "{text}: the customer waited");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wish_during_a_long_turn_is_noticed_at_once() {
    let (world, bot) = started().await;
    let long = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.receive(&item("m1", "slow", 0)).await })
    };
    sleep(Duration::from_secs(5)).await;
    assert_eq!(say(&bot, "m2", "I want to talk to a human").await, Received::Waiting);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(world.texts().last().unwrap(), "[handoff]");
    assert_eq!(long.await.unwrap(), Ok(Received::HandedOff));
    assert_eq!(world.state().attributes["escalationSummary"], "slow / I want to talk to a human");
}

#[tokio::test(start_paused = true)]
async fn functions_are_run_and_unknown_ones_answered() {
    let (world, bot) = started().await;
    assert_eq!(say(&bot, "m1", "check").await, Received::Answered);
    assert_eq!(said(&world), ["[greeting]", "m1 paragraph 0", "m1 result", "m1 paragraph 1"][..3].to_vec());
    assert!(world.texts()[2].contains("checked"));
    assert_eq!(say(&bot, "m2", "unknown").await, Received::Answered);
    let state = world.state();
    let Input::Results { results, .. } = &state.asked.last().unwrap().question.input else { panic!("no results") };
    assert_eq!((results[0].state, results[0].agent_id.as_deref()), (ResultState::Reprompt, Some("A1")));
    assert!(state.left.is_empty(), "a function that is no hand-off sent the bot away");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_gets_a_word() {
    let (world, bot) = started().await;
    let file = json!({"Type": "ATTACHMENT", "Id": "a1", "ParticipantRole": "CUSTOMER", "ContactId": CONTACT});
    assert_eq!(bot.receive(&file.to_string()).await, Ok(Received::Answered));
    assert_eq!(world.texts(), ["[greeting]", "[unsupported]"]);
    assert!(world.state().asked.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refused_length_is_split_and_remembered() {
    let (world, bot) = started().await;
    world.state().longest = 40;
    world.state().said.clear();
    let mut small = policy();
    small.limits.part_bytes = 60;
    let bot_small = world.bot_with(small);
    say(&bot_small, "m1", "hola").await;
    assert!(world.texts().len() >= 2, "{:?}", world.texts());
    assert!(world.texts().iter().all(|text| text.len() <= 40));
    drop(bot);
}

#[tokio::test(start_paused = true)]
async fn the_customers_language_is_followed() {
    let (world, bot) = started().await;
    say(&bot, "m1", "hello, please fail with my order").await;
    assert_eq!(world.texts().last().unwrap(), "[failure en]");
    assert_eq!(world.state().asked[0].question.prompt_session_attributes["language"], "en");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_chat_closes_the_session_and_stops_a_turn() {
    let (world, bot) = started().await;
    let long = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.receive(&item("m1", "slow", 0)).await })
    };
    sleep(Duration::from_secs(5)).await;
    let ended = json!({"Type": "EVENT", "ContentType": "application/vnd.amazonaws.connect.event.chat.ended",
        "InitialContactId": CONTACT, "Id": "e1"});
    assert_eq!(bot.receive(&ended.to_string()).await, Ok(Received::Ended));
    assert_eq!(bot.receive(&ended.to_string()).await, Ok(Received::Closed));
    assert_eq!(long.await.unwrap(), Ok(Received::Superseded));
    assert!(world.state().asking.is_empty(), "the agent still works");
    assert_eq!(world.texts(), ["[greeting]"]);
    assert_eq!(world.sessions.get(CONTACT).unwrap().session.closed, Some(CloseReason::ChatEnded));
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_was_removed_closes_its_session() {
    let (world, bot) = started().await;
    world.state().left.insert("p0".into());
    assert_eq!(say(&bot, "m1", "hola").await, Received::Ended);
    let record = world.sessions.get(CONTACT).unwrap();
    assert_eq!((record.status, record.session.closed), (Status::Closed, Some(CloseReason::NotOurs)));
    assert_eq!(world.state().stopped.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_connection_token_is_renewed_in_a_chat_of_days() {
    let (world, bot) = started().await;
    sleep(Duration::from_hours(25)).await;
    let first = world.sessions.get(CONTACT).unwrap().session.connection_expiry_ms;
    assert_eq!(say(&bot, "m1", "hola").await, Received::Answered);
    assert!(world.sessions.get(CONTACT).unwrap().session.connection_expiry_ms > first);
}

#[tokio::test(start_paused = true)]
async fn strange_items_do_nothing() {
    let (world, bot) = started().await;
    for item in ["", "{}", "[]", "null", r#"{"ContactId":7}"#] {
        assert_eq!(bot.receive(item).await, Ok(Received::Ignored));
    }
    let other = item("m1", "hola", 0).replace(CONTACT, "another");
    assert_eq!(bot.receive(&other).await, Ok(Received::Unknown));
    assert!(world.state().asked.is_empty());
}

#[tokio::test(start_paused = true)]
async fn memory_keeps_the_contract() {
    let world = World::new(1, 0, 0, Broken::No);
    relevo_bot::sessions::contract::check(world, "memory").await.unwrap();
}
