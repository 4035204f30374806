//! What the customer says before the bot can hear it: it is greeted first, and answered then.

use std::{sync::Arc, time::Duration};

use relevo_bot::{
    Name, Received,
    ports::Input,
    sessions::{CloseReason, MemorySessions, Message, MessageKind, Op, Outcome, Sessions, Status},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::world::{CONTACT, World, event, item, policy};

/// A calm world in which something was said already.
fn world(said: &[(&str, &str, i64)]) -> Arc<World> {
    let world = World::calm();
    for (id, text, time_ms) in said {
        write(&world, id, text, *time_ms, "CUSTOMER");
    }
    world
}

fn write(world: &World, id: &str, text: &str, time_ms: i64, role: &str) {
    let mut item: Value = serde_json::from_str(&item(id, text, time_ms)).unwrap();
    item["ParticipantRole"] = role.into();
    world.state().transcript.push(item);
}

async fn start(world: &Arc<World>) {
    assert_eq!(world.bot().start(&event()).await, json!({"status": "success", "reason": ""}));
}

/// Delivers what is in the mailbox.
async fn mail(world: &Arc<World>) -> Vec<Received> {
    let mail = std::mem::take(&mut world.state().mail);
    let mut received = Vec::new();
    for item in mail {
        received.push(world.bot().receive(&item).await.unwrap());
    }
    received
}

fn asked(world: &World) -> Vec<String> {
    let text = |input: &Input| match input {
        Input::Text(text) => text.clone(),
        Input::Results { .. } => "results".into(),
    };
    world.state().asked.iter().map(|asked| text(&asked.question.input)).collect()
}

fn said(world: &World) -> Vec<String> {
    world.texts().iter().map(|text| text.split(':').next().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_chats_first_message_is_answered_once_after_the_greeting() {
    let world = world(&[("m1", "¿dónde está mi pedido?", -500)]);
    start(&world).await;
    assert_eq!((said(&world), asked(&world).len()), (vec!["[greeting]".to_owned()], 0));
    assert_eq!(world.sessions.get(CONTACT).unwrap().inbox.len(), 1, "it can be lost");
    assert_eq!(mail(&world).await, [Received::Answered]);
    assert_eq!(asked(&world), ["¿dónde está mi pedido?"]);
    // Connect calls again; the stream delivers it after all.
    start(&world).await;
    assert_eq!(mail(&world).await, []);
    let again = item("m1", "¿dónde está mi pedido?", -500);
    assert_eq!(world.bot().receive(&again).await, Ok(Received::Duplicate));
    assert_eq!(said(&world), ["[greeting]", "m1 paragraph 0"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_was_said_and_nobody_is_woken() {
    let world = world(&[]);
    write(&world, "s1", "Welcome", -900, "SYSTEM");
    start(&world).await;
    assert_eq!(mail(&world).await, []);
}

#[tokio::test(start_paused = true)]
async fn several_messages_are_asked_in_order_with_the_first_that_comes() {
    let world = world(&[("m1", "hola", -900), ("m2", "mi pedido no llega", -100)]);
    start(&world).await;
    let woken = std::mem::take(&mut world.state().mail);
    assert_eq!(woken.len(), 1);
    assert_eq!(world.bot().receive(&item("m3", "es el 10020030", 900)).await, Ok(Received::Answered));
    assert_eq!(asked(&world), ["hola\nmi pedido no llega\nes el 10020030"]);
    assert_eq!(world.bot().receive(&woken[0]).await, Ok(Received::Duplicate));
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_a_person_at_once_is_greeted_and_gets_one() {
    let world = world(&[("m1", "I want to talk to a human", -500)]);
    start(&world).await;
    assert_eq!(mail(&world).await, [Received::HandedOff]);
    let said = said(&world);
    assert_eq!((said[0].as_str(), said.last().unwrap().as_str()), ("[greeting en]", "[handoff en]"));
    assert_eq!(world.state().attributes["escalationSummary"], "I want to talk to a human");
}

#[tokio::test(start_paused = true)]
async fn a_file_before_the_greeting_gets_a_word() {
    let world = world(&[("a1", "", -500)]);
    world.state().transcript[0]["Type"] = "ATTACHMENT".into();
    start(&world).await;
    assert_eq!(mail(&world).await, [Received::Answered]);
    assert_eq!(world.texts(), ["[greeting]", "[unsupported]"]);
}

#[tokio::test(start_paused = true)]
async fn who_was_not_woken_is_woken_by_the_next_call_or_message() {
    let world = world(&[("m1", "hola", -500)]);
    start(&world).await;
    world.state().mail.clear();
    start(&world).await;
    assert_eq!(world.state().mail.len(), 1);
    world.state().mail.clear();
    assert_eq!(world.bot().receive(&item("m2", "¿hay alguien?", 9_000)).await, Ok(Received::Answered));
    assert_eq!(asked(&world), ["hola\n¿hay alguien?"]);
}

#[tokio::test(start_paused = true)]
async fn a_transcript_that_does_not_come_keeps_nobody_from_joining() {
    for hangs in [false, true] {
        let world = world(&[("m1", "hola", -500)]);
        world.state().transcript_fails = Some(hangs);
        let begin = Instant::now();
        start(&world).await;
        assert!(begin.elapsed() < Duration::from_millis(3_500), "{:?}", begin.elapsed());
        assert_eq!((mail(&world).await, said(&world)), (vec![], vec!["[greeting]".to_owned()]));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_person_only_what_is_meant_for_the_bot() {
    let world = world(&[("m1", "escalate", -500)]);
    start(&world).await;
    assert_eq!(mail(&world).await, [Received::HandedOff]);
    sleep(Duration::from_mins(2)).await;
    write(&world, "m2", "are you there?", 60_000, "CUSTOMER");
    write(&world, "p1", "yes", 117_000, "AGENT");
    write(&world, "m3", "thanks", 119_000, "CUSTOMER");
    write(&world, "p2", "left", 119_900, "AGENT");
    write(&world, "m4", "otra pregunta", 119_950, "CUSTOMER");
    start(&world).await;
    assert_eq!(mail(&world).await, [Received::Answered]);
    assert_eq!(asked(&world), ["escalate", "otra pregunta"]);
}

/// A delivery of the time with the person that comes late: what was asked for then is had.
#[tokio::test(start_paused = true)]
async fn what_was_said_to_a_person_is_no_wish_of_the_next_stay() {
    for (time_ms, expected) in [(60_000, Received::Answered), (121_000, Received::HandedOff)] {
        let world = world(&[("m1", "escalate", -500)]);
        start(&world).await;
        assert_eq!(mail(&world).await, [Received::HandedOff]);
        sleep(Duration::from_mins(2)).await;
        start(&world).await;
        let at_work = world.bot();
        let turn = tokio::spawn(async move { at_work.receive(&item("m2", "slow", 120_500)).await });
        sleep(Duration::from_secs(1)).await;
        let late = item("m3", "quiero hablar con una persona", time_ms);
        assert_eq!(world.bot().receive(&late).await, Ok(Received::Waiting));
        assert_eq!(turn.await.unwrap(), Ok(expected), "{time_ms}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_start_that_failed_leaves_the_words_to_the_next() {
    let store = MemorySessions::default();
    let apply = |op| store.apply(CONTACT, op);
    let early = vec![Message { id: "m1".into(), time_ms: 1, kind: MessageKind::Text("hola".into()) }];
    for stay in 1..=2 {
        let reserve = Op::Reserve { contact_id: CONTACT.into(), call: 1, now_ms: 5, keep_ms: 1_000 };
        let Outcome::Reserved(record) = apply(reserve).await.unwrap() else { panic!("not reserved") };
        let (fence, mut session) = (record.fence, Box::new(record.session));
        let open = Op::Open { fence, session: session.clone(), early: early.clone() };
        let Outcome::Saved(record) = apply(open).await.unwrap() else { panic!("not open") };
        assert_eq!((record.session.stay, &record.inbox), (stay, &early));
        session.revision += 1;
        session.closed = Some(CloseReason::StartFailed);
        let save = Op::Save { fence, session, status: Status::Closed, now_ms: 5, lease_ms: 0 };
        let Outcome::Saved(_) = apply(save).await.unwrap() else { panic!("not closed") };
    }
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_was_put_out_before_it_answered_answers_when_it_is_back() {
    let world = world(&[("m1", "hola", -500)]);
    start(&world).await;
    world.state().mail.clear();
    world.state().left.insert("p0".into());
    sleep(Duration::from_mins(1)).await;
    start(&world).await;
    assert_eq!(mail(&world).await, [Received::Answered]);
    assert_eq!(asked(&world), ["hola"]);
}

#[tokio::test(start_paused = true)]
async fn the_bots_name_is_in_the_contacts_language() {
    for (tag, expected) in [("es-US", "Asistente"), ("en-GB", "Assistant"), ("fr", "Asistente")] {
        let world = world(&[]);
        let mut policy = policy();
        let name = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        policy.display_name = Name::ByLanguage([name("es", "Asistente"), name("en", "Assistant")].into());
        let mut event = event();
        event["Details"]["ContactData"]["LanguageCode"] = tag.into();
        assert_eq!(world.bot_with(policy).start(&event).await["status"], "success");
        assert_eq!(world.state().names.iter().collect::<Vec<_>>(), [expected], "{tag}");
    }
}
