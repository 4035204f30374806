//! Message processing: who sees a message when, and what becomes of one that its processor does not let through.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use relevo_connect::{
    ErrorKind,
    api::{GetTranscript, MediaProcessing, Send},
    item::{Item, ProcessingStatus, event},
    ports::FunctionError,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    fakes::{Counted, FakeFunctions},
    world::{
        Customer, GREETING, INSTANCE, START_MS, World, accept, config, connect, heard, pass, queue_flow, text_message,
    },
};

const PROCESSOR: &str = "arn:aws:lambda:us-east-1:123456789012:function:processor";

fn processor(deliver_unprocessed: bool) -> MediaProcessing {
    MediaProcessing { processor_arn: PROCESSOR.into(), deliver_unprocessed }
}

/// `slow …` takes three seconds, `no …` is refused, `bad …` fails; all else is said aloud.
fn judge(functions: &FakeFunctions) {
    *functions.body.lock().unwrap() = Some(Arc::new(|_, event: Value| {
        Box::pin(async move {
            let content = event["chatContent"]["content"].as_str().unwrap().to_owned();
            if content.starts_with("slow") {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
            if content.starts_with("bad") {
                return Err(FunctionError::Failed("it cannot".into()));
            }
            if content.starts_with("no") {
                return Ok(json!({"status": "REJECTED"}));
            }
            let processed = json!({"content": content.to_uppercase(), "contentType": "text/plain"});
            Ok(json!({"status": "PROCESSED", "result": {"processedChatContent": processed}}))
        })
    }));
}

/// A chat whose messages go through the processor.
async fn processed(flow: &str, deliver_unprocessed: bool) -> (World, Customer) {
    let world = World::with_flow(flow).await;
    judge(&world.functions);
    let mut customer = world.customer().await;
    let begun =
        world.centre.start_contact_media_processing(INSTANCE, &customer.contact_id, processor(deliver_unprocessed));
    begun.await.unwrap();
    customer.heard();
    (world, customer)
}

/// The messages of the transcript, as one participant sees them: what is said, and how far it is.
async fn seen(world: &World, token: &SecretString) -> Vec<(String, Option<ProcessingStatus>)> {
    let all = GetTranscript { max_results: Some(100), ascending: true, ..GetTranscript::default() };
    let page = world.centre.get_transcript(token, all).await.unwrap();
    let said = page.items.iter().filter(|item| item.content.is_some());
    said.map(|item| (item.content.clone().unwrap(), item.processing_status())).collect()
}

fn word(text: &str, status: Option<ProcessingStatus>) -> (String, Option<ProcessingStatus>) {
    (text.to_owned(), status)
}

#[tokio::test(start_paused = true)]
async fn nobody_but_its_sender_sees_a_message_before_it_is_processed() {
    let (world, mut customer) = processed(GREETING, false).await;
    let bot = world.bot(&customer.contact_id).await;
    world.stream(&customer.contact_id, "s").await;
    customer.heard();
    let sent = world.say(&customer.token, "slow one").await;
    assert_eq!(sent.processing, Some(ProcessingStatus::Processing));
    pass(1).await;

    let mine: Item = serde_json::from_str(&customer.socket.items.try_recv().unwrap()).unwrap();
    assert_eq!((mine.id, mine.content.as_deref()), (sent.id.clone(), Some("slow one")));
    assert_eq!(mine.message_metadata.unwrap().message_processing_status, Some(ProcessingStatus::Processing));
    let hello = word("Hello", None);
    assert_eq!(
        seen(&world, &customer.token).await,
        [hello.clone(), word("slow one", Some(ProcessingStatus::Processing))]
    );
    assert_eq!(seen(&world, &bot).await, [word("Hello", None)]);
    assert_eq!(world.transcript(&customer.contact_id).await.last().unwrap(), "participant.joined CUSTOM_BOT");
    assert!(!world.topic.contents().iter().any(|said| said.contains("one")));
    let event = world.functions.events.lock().unwrap()[0].clone();
    assert_eq!(event["version"], "1.0");
    assert_eq!(event["instanceId"], INSTANCE);
    assert_eq!(event["chatContent"]["id"], sent.id);
    assert_eq!(event["chatContent"]["participantRole"], "CUSTOMER");
    assert_eq!(event["chatContent"]["absoluteTime"], sent.absolute_time);

    // What is not processed goes by.
    world.centre.send_event(&bot, crate::world::typing()).await.unwrap();
    assert_eq!(customer.heard(), ["typing CUSTOM_BOT"]);
    pass(3).await;
    let done: Item = serde_json::from_str(&customer.socket.items.try_recv().unwrap()).unwrap();
    assert_eq!((done.id, done.absolute_time), (sent.id, sent.absolute_time));
    assert_eq!((done.content.as_deref(), done.message_metadata), (Some("SLOW ONE"), None));
    for token in [&customer.token, &bot] {
        assert_eq!(seen(&world, token).await, [hello.clone(), word("SLOW ONE", None)]);
    }
    assert_eq!(world.topic.contents().last().unwrap(), "SLOW ONE");
    assert_eq!(world.functions.limits.lock().unwrap()[0], Duration::from_mins(3));
}

#[tokio::test(start_paused = true)]
async fn what_becomes_of_a_message_by_table() {
    use ProcessingStatus::{Failed, Rejected};
    for (deliver_unprocessed, said, sender_sees, others_see) in [
        (false, "hello", word("HELLO", None), Some("HELLO")),
        (false, "no way", word("no way", Some(Rejected)), None),
        (true, "no way", word("no way", Some(Rejected)), None),
        (false, "bad luck", word("bad luck", Some(Failed)), None),
        (true, "bad luck", word("bad luck", None), Some("bad luck")),
    ] {
        let (world, mut customer) = processed(GREETING, deliver_unprocessed).await;
        let bot = world.bot(&customer.contact_id).await;
        world.stream(&customer.contact_id, "s").await;
        let sent = world.centre.send_message(&customer.token, text_message(said, Some("t"))).await.unwrap();
        pass(1).await;
        let about = format!("{said}, {deliver_unprocessed}");
        assert_eq!(seen(&world, &customer.token).await.last().unwrap(), &sender_sees, "{about}");
        assert_eq!(customer.heard().last().unwrap(), &sender_sees.0, "{about}");
        let heard_by_bot = seen(&world, &bot).await.get(1).map(|(text, _)| text.clone());
        assert_eq!(heard_by_bot.as_deref(), others_see, "{about}");
        assert_eq!(world.topic.contents().last().map(String::as_str), others_see, "{about}");
        // Again is the same message, with what has become of it.
        let again = world.centre.send_message(&customer.token, text_message(said, Some("t"))).await.unwrap();
        assert_eq!((again.id.clone(), again.processing), (sent.id, sender_sees.1), "{about}");
        if others_see.is_none() {
            let content = Some(format!(r#"{{"messageId":"{}"}}"#, again.id));
            let receipt = Send { content_type: event::READ.into(), content, client_token: None };
            let refused = world.centre.send_event(&bot, receipt).await.unwrap_err();
            assert_eq!(refused.kind, ErrorKind::InvalidParameter, "nobody has read what is not there");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_makes_no_sense_is_a_failure() {
    let content = |content: Value, kind: &str| json!({"status": "PROCESSED", "result": {"processedChatContent": {"content": content, "contentType": kind}}});
    for answer in [
        json!(null),
        json!("PROCESSED"),
        json!({"status": "DONE"}),
        json!({"status": "FAILED"}),
        json!({"status": "PROCESSED"}),
        content(json!(""), "text/plain"),
        content(json!(7), "text/plain"),
        content(json!("x"), "text/html"),
        // The chat does not take it.
        content(json!("x"), "text/markdown"),
        content(json!("x".repeat(16_385)), "text/plain"),
    ] {
        let (world, customer) = processed(GREETING, false).await;
        let about = answer.to_string();
        *world.functions.body.lock().unwrap() = Some(Arc::new(move |_, _| {
            let answer = answer.clone();
            Box::pin(async move { Ok(answer) })
        }));
        world.say(&customer.token, "hello").await;
        pass(1).await;
        let last = seen(&world, &customer.token).await.pop().unwrap();
        assert_eq!(last, word("hello", Some(ProcessingStatus::Failed)), "{about:.100}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_are_delivered_in_the_order_in_which_they_were_said() {
    let (world, mut customer) = processed(GREETING, false).await;
    let bot = world.bot(&customer.contact_id).await;
    world.stream(&customer.contact_id, "s").await;
    for text in ["slow first", "second", "no third", "fourth"] {
        world.say(&customer.token, text).await;
    }
    pass(1).await;
    assert_eq!(seen(&world, &bot).await, [word("Hello", None)]);
    customer.heard();
    pass(3).await;
    assert_eq!(customer.heard(), ["SLOW FIRST", "SECOND", "no third", "FOURTH"]);
    assert_eq!(world.topic.contents()[..], ["SLOW FIRST", "SECOND", "FOURTH"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_asks_the_processor_again() {
    let (world, customer) = processed(GREETING, false).await;
    let commits = world.store.commits.load(Ordering::Relaxed);
    world.say(&customer.token, "slow one").await;
    assert_eq!(world.store.commits.load(Ordering::Relaxed), commits + 1, "the message and that it is held, at once");
    pass(1).await;
    let functions = Arc::<FakeFunctions>::default();
    judge(&functions);
    let store = Arc::new(world.store.reopened());
    let again = World::open_with(
        config(&[("main", GREETING)]),
        store,
        Arc::new(Counted::default()),
        START_MS + 1000,
        functions,
        Arc::default(),
    )
    .await;
    let waiting = seen(&again, &customer.token).await.pop().unwrap();
    assert_eq!(waiting, word("slow one", Some(ProcessingStatus::Processing)));
    pass(4).await;
    assert_eq!(seen(&again, &customer.token).await.pop().unwrap(), word("SLOW ONE", None));
    // The processor is still there for what comes next.
    again.say(&customer.token, "two").await;
    pass(1).await;
    assert_eq!(again.transcript(&customer.contact_id).await.last().unwrap(), "TWO");
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_ends_meanwhile_leaves_nothing_in_processing() {
    for (deliver_unprocessed, expected) in
        [(true, vec!["Hello", "slow one", "chat.ended"]), (false, vec!["Hello", "chat.ended"])]
    {
        let (world, customer) = processed(GREETING, deliver_unprocessed).await;
        world.say(&customer.token, "slow one").await;
        pass(1).await;
        world.centre.stop_contact(INSTANCE, &customer.contact_id).await.unwrap();
        pass(4).await;
        let words = world.transcript(&customer.contact_id).await;
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.contains("joined")).collect();
        assert_eq!(words, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_agents_words_are_processed_too_until_it_is_stopped() {
    let (world, mut customer) = processed(&queue_flow(), false).await;
    let agent = accept(&world.centre, &customer.contact_id).await;
    let (token, secret) = connect(&world.centre, &agent.participant_token).await;
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    pass(1).await;
    customer.heard();
    heard(&mut socket);
    world.say(&token, "slow answer").await;
    pass(1).await;
    world.centre.stop_contact_media_processing(INSTANCE, &customer.contact_id).await.unwrap();
    world.centre.stop_contact_media_processing(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!(world.say(&token, "not processed").await.processing, None);
    // What the processor has already, it keeps.
    pass(3).await;
    assert_eq!(customer.heard(), ["not processed", "SLOW ANSWER"]);
    assert_eq!(heard(&mut socket), ["slow answer", "not processed", "SLOW ANSWER"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_started() {
    let (world, customer) = processed(GREETING, false).await;
    for (instance, contact) in [("another", customer.contact_id.as_str()), (INSTANCE, "another")] {
        let refused = world.centre.start_contact_media_processing(instance, contact, processor(true)).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
        let refused = world.centre.stop_contact_media_processing(instance, contact).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
    }
    let unknown = MediaProcessing { processor_arn: "arn:unknown".into(), deliver_unprocessed: true };
    let refused = world.centre.start_contact_media_processing(INSTANCE, &customer.contact_id, unknown).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}
