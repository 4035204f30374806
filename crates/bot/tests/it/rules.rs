//! What leads to a person, to a question or to the end besides the agent's own hand-off, in a calm world.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Bot, Policy, Received,
    ports::{ConfirmationAnswer, Input},
    sessions::CloseReason,
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    scenarios::say,
    world::{CONTACT, World, event, item, policy},
};

async fn started() -> (Arc<World>, Bot) {
    started_with(json!({})).await
}

/// A bot whose policy has these members besides the usual ones.
async fn started_with(members: Value) -> (Arc<World>, Bot) {
    let mut value = serde_json::to_value(policy()).unwrap();
    let add = members.as_object().unwrap().clone();
    value.as_object_mut().unwrap().extend(add);
    let policy: Policy = serde_json::from_value(value).unwrap();
    let world = World::calm();
    let bot = world.bot_with(policy);
    assert_eq!(bot.start(&event()).await["status"], "success");
    (world, bot)
}

fn last(world: &World) -> String {
    world.texts().last().cloned().unwrap()
}

fn closed(world: &World) -> Option<CloseReason> {
    world.sessions.get(CONTACT).unwrap().session.closed
}

fn reason(world: &World) -> String {
    world.state().attributes["escalationReason"].clone()
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_says_that_it_transfers_has_transferred() {
    let (world, bot) = started().await;
    assert_eq!(say(&bot, "m1", "promise").await, Received::HandedOff);
    let texts = world.texts();
    assert!(texts[1].starts_with("Entendido. Te paso"), "{texts:?}");
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert_eq!((reason(&world).as_str(), closed(&world)), ("agent_promise", Some(CloseReason::AgentPromise)));
    assert_eq!(world.state().attributes["functionName"], "escalate");
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_never_understands_gives_way_to_a_person() {
    for (word, attempts) in [("puzzled", 3), ("parrot", 4)] {
        let (world, bot) = started().await;
        for n in 1..attempts {
            assert_eq!(say(&bot, &format!("m{n}"), word).await, Received::Answered, "{word} {n}");
        }
        assert_eq!(say(&bot, "last", word).await, Received::HandedOff, "{word}");
        assert_eq!(last(&world), "[handoff]");
        assert_eq!(reason(&world), "clarifications");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_between_forgives_the_clarifications() {
    let (world, bot) = started().await;
    for (id, text) in [("1", "puzzled"), ("2", "puzzled"), ("3", "hola"), ("4", "puzzled"), ("5", "puzzled")] {
        assert_eq!(say(&bot, id, text).await, Received::Answered, "{id}");
    }
    assert!(world.state().left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_rules_can_be_switched_off() {
    let handoff = json!({"afterClarifications": 0, "promises": {"es": []}, "wishes": {"es": []}});
    let (world, bot) = started_with(json!({"handoff": handoff})).await;
    for (n, text) in
        ["promise", "puzzled", "puzzled", "puzzled", "puzzled", "quiero hablar con un agente"].iter().enumerate()
    {
        assert_eq!(say(&bot, &format!("m{n}"), text).await, Received::Answered, "{text}");
    }
    assert!(world.state().left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_function_that_requires_confirmation_is_run_after_a_yes() {
    let (world, bot) = started().await;
    assert_eq!(say(&bot, "m1", "pay").await, Received::Answered);
    let asked = last(&world);
    assert!(asked.contains("70") && asked.contains("m1"), "the customer does not know what to confirm: {asked}");
    assert!(world.state().handled.is_empty(), "it was done before it was confirmed");
    assert_eq!(say(&bot, "m2", "Sí, dale").await, Received::Answered);
    let state = world.state();
    assert_eq!(state.handled.iter().map(|it| it.1.as_str()).collect::<Vec<_>>(), ["pay"]);
    let Input::Results { results, .. } = &state.asked.last().unwrap().question.input else { panic!("no results") };
    assert_eq!((results[0].body.as_str(), results[0].confirmation), ("checked", Some(ConfirmationAnswer::Confirm)));
}

#[tokio::test(start_paused = true)]
async fn a_no_is_told_to_the_agent_and_nothing_is_run() {
    let (world, bot) = started().await;
    say(&bot, "m1", "pay").await;
    assert_eq!(say(&bot, "m2", "no, gracias").await, Received::Answered);
    let state = world.state();
    assert!(state.handled.is_empty());
    let Input::Results { results, .. } = &state.asked.last().unwrap().question.input else { panic!("no results") };
    assert_eq!(results[0].confirmation, Some(ConfirmationAnswer::Deny));
}

#[tokio::test(start_paused = true)]
async fn what_is_neither_yes_nor_no_is_a_question_of_its_own() {
    let (world, bot) = started().await;
    say(&bot, "m1", "pay").await;
    assert_eq!(say(&bot, "m2", "¿cuánto era?").await, Received::Answered);
    assert_eq!(world.state().asked.last().unwrap().question.input, Input::Text("¿cuánto era?".into()));
    assert_eq!(say(&bot, "m3", "sí").await, Received::Answered);
    assert!(world.state().handled.is_empty(), "a yes to something else paid");
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_without_a_run_goes_back_to_the_agent_in_its_own_words() {
    let confirmations = json!({"refund": {"es": "¿Devolvemos ${amount}?"}});
    let (world, bot) = started_with(json!({"confirmations": confirmations})).await;
    say(&bot, "m1", "refund").await;
    assert_eq!(last(&world), "¿Devolvemos $70?");
    assert_eq!(say(&bot, "m2", "sí").await, Received::Answered);
    let state = world.state();
    assert!(state.handled.is_empty(), "the agent runs this one itself");
    let Input::Results { results, .. } = &state.asked.last().unwrap().question.input else { panic!("no results") };
    assert_eq!(results[0].confirmation, Some(ConfirmationAnswer::Confirm));
}

#[tokio::test(start_paused = true)]
async fn a_wish_for_a_person_is_stronger_than_an_open_confirmation() {
    let (world, bot) = started().await;
    say(&bot, "m1", "pay").await;
    assert_eq!(say(&bot, "m2", "mejor quiero hablar con una persona").await, Received::HandedOff);
    assert_eq!(reason(&world), "customer_request");
    assert!(world.state().handled.is_empty());
}

#[tokio::test(start_paused = true)]
async fn markdown_is_tried_once_and_what_was_refused_is_remembered() {
    for (takes, expected) in [
        (vec!["text/markdown"], vec!["text/markdown", "text/markdown"]),
        (vec![], vec!["text/markdown", "text/plain", "text/plain"]),
    ] {
        let (world, bot) = started().await;
        world.state().takes = takes;
        world.state().content_types.clear();
        say(&bot, "m1", "markup").await;
        say(&bot, "m2", "markup").await;
        assert_eq!(world.state().content_types, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn words_without_markup_and_a_plain_policy_are_plain() {
    for (members, text) in [(json!({}), "hola"), (json!({"format": "plain"}), "markup")] {
        let (world, bot) = started_with(members).await;
        world.state().takes = vec!["text/markdown"];
        say(&bot, "m1", text).await;
        assert!(world.state().content_types.iter().all(|kind| kind == "text/plain"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_command_ends_the_chat_only_where_it_is_configured() {
    let mut texts = serde_json::to_value(policy().texts).unwrap();
    texts["goodbye"] = json!({"es": "Adiós"});
    let commands = json!({"es": ["salir"], "en": ["quit"]});
    let (world, bot) = started_with(json!({"endCommands": commands, "texts": texts})).await;
    assert_eq!(say(&bot, "m1", "quiero salir de dudas").await, Received::Answered);
    assert_eq!(say(&bot, "m2", " Salir. ").await, Received::Ended);
    assert_eq!(last(&world), "Adiós");
    let attributes = world.state().attributes.clone();
    assert_eq!(attributes["functionName"], "endChat");
    assert_eq!((reason(&world).as_str(), closed(&world)), ("customer_quit", Some(CloseReason::CustomerQuit)));
    assert_eq!(world.state().asked.len(), 1, "the command was asked");

    let (world, bot) = started().await;
    assert_eq!(say(&bot, "m1", "quit").await, Received::Answered);
    assert!(world.state().left.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_agents_own_summary_opens_the_packets() {
    let (world, bot) = started().await;
    for (id, text) in [("m1", "digest"), ("m2", "hello"), ("m3", "hi"), ("m4", "escalate")] {
        say(&bot, id, text).await;
    }
    let summary = "The customer's parcel 10020030 is lost. / hello / hi / escalate";
    assert_eq!(world.state().attributes["escalationSummary"], summary);
}

#[tokio::test(start_paused = true)]
async fn what_the_agents_tried_is_in_the_packet() {
    let (world, bot) = started().await;
    say(&bot, "m1", "tools").await;
    say(&bot, "m2", "check").await;
    say(&bot, "m3", "escalate").await;
    let tried = world.state().attributes["escalationTried"].clone();
    for name in ["getOrderStatus", "cutTicket", "check"] {
        assert!(tried.contains(name), "{tried}");
    }
}

/// What was only wanted was not tried: nobody executes it, or the customer did not say yes.
#[tokio::test(start_paused = true)]
async fn only_what_was_executed_was_tried() {
    for (said, expected) in [
        (&["check"][..], Some("check")),
        (&["pay"], None),
        (&["pay", "no, gracias"], None),
        (&["pay", "sí, dale"], Some("pay")),
        (&["unknown"], None),
        (&["check", "unknown", "pay"], Some("check")),
        (&["escalate"], None),
    ] {
        let (world, bot) = started().await;
        for (n, text) in said.iter().enumerate() {
            say(&bot, &format!("m{n}"), text).await;
        }
        say(&bot, "last", "quiero hablar con una persona").await;
        let attributes = world.state().attributes.clone();
        assert_eq!(attributes.get("escalationTried").map(String::as_str), expected, "{said:?}");
    }
}

/// The bot remembers what the agent may read, and of that no number of a card.
#[tokio::test(start_paused = true)]
async fn what_no_agent_may_read_no_person_gets() {
    for (said, expected) in [
        (&["my password is hunter2secret", "escalate"][..], "escalate"),
        (
            &["soy ana@example.com", "me robaron la 4111 1111 1111 1111, quiero hablar con una persona"],
            "soy {EMAIL} / me robaron la •••• 1111, quiero hablar con una persona",
        ),
        (&["my password is hunter2secret, I want to talk to a human"], ""),
    ] {
        let (world, bot) = started().await;
        for (n, text) in said.iter().enumerate() {
            say(&bot, &format!("m{n}"), text).await;
        }
        assert_eq!(world.state().attributes["escalationSummary"], expected);
        let record = format!("{:?}", world.sessions.get(CONTACT));
        assert!(!record.contains("hunter2") && !record.contains("4111"), "{record}");
    }
}

/// By a function that an agent called, or by one that the bot executed for it.
#[tokio::test(start_paused = true)]
async fn the_packet_says_whether_the_customer_was_verified_where_it_can_be_known() {
    for (functions, said, expected) in [
        (json!([]), "tools", None),
        (json!(["getOrderStatus"]), "hello", Some("false")),
        (json!(["getOrderStatus"]), "tools", Some("true")),
        // It answered with an error.
        (json!(["cutTicket"]), "tools", Some("false")),
        (json!(["cutTicket", "check"]), "check", Some("true")),
        // The customer said nothing yet to the question whether it shall be done.
        (json!(["pay"]), "pay", Some("false")),
        (json!(["escalate"]), "hello", Some("false")),
    ] {
        let (world, bot) = started_with(json!({"verifiedBy": functions})).await;
        say(&bot, "m1", said).await;
        say(&bot, "m2", "quiero hablar con una persona").await;
        let attributes = world.state().attributes.clone();
        assert_eq!(attributes.get("customerVerified").map(String::as_str), expected, "{functions} after {said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_longer_than_an_invocation_goes_on_in_the_next() {
    let (world, bot) = started_with(json!({"limits": {"agentTimeoutMs": 3_600_000}})).await;
    world.state().goes_on = true;
    let invocation = Duration::from_mins(15);
    assert_eq!(bot.receive_within(&item("m1", "marathon", 0), invocation).await, Ok(Received::GoesOn));
    let mut invocations = 1;
    loop {
        let mail = std::mem::take(&mut world.state().mail);
        assert_eq!(mail.len(), 1, "nobody is woken, or more than once");
        invocations += 1;
        match bot.receive_within(&mail[0], invocation).await.unwrap() {
            Received::GoesOn => {}
            received => break assert_eq!(received, Received::Answered),
        }
    }
    assert_eq!(invocations, 3, "forty minutes are three invocations");
    let answers = world.texts().iter().filter(|text| text.starts_with("m1 paragraph")).count();
    assert_eq!(answers, 1);
    let asked = world.state().asked.clone();
    assert!(asked.iter().all(|asked| asked.turn_id == "m1" && asked.question.input == Input::Text("marathon".into())));
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_cannot_go_on_gets_no_more_than_the_invocation() {
    let (world, bot) = started_with(json!({"limits": {"agentTimeoutMs": 3_600_000}})).await;
    let received = bot.receive_within(&item("m1", "marathon", 0), Duration::from_mins(15)).await;
    assert_eq!(received, Ok(Received::Answered));
    assert_eq!(last(&world), "[failure]");
    assert!(world.state().mail.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_message_during_a_long_turn_is_noticed_at_once() {
    let (world, bot) = started_with(json!({"limits": {"stillWorkingAfterMs": []}})).await;
    let long = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.receive(&item("m1", "slow", 0)).await })
    };
    sleep(Duration::from_secs(10)).await;
    assert_eq!(say(&bot, "m2", "¿sigues ahí?").await, Received::Waiting);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(last(&world), "[still]");
    assert_eq!(long.await.unwrap(), Ok(Received::Answered));
    assert_eq!(world.texts().iter().filter(|text| *text == "[still]").count(), 1);
}
