//! Tokens, messages, events and transcripts of participants.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::{CreateConnection, GetTranscript, Send, StartChatContact, StartPosition},
    item::event,
};
use secrecy::SecretString;
use serde_json::Value;

use crate::{
    fakes::Counted,
    world::{
        GREETING, START_MS, World, both, config, connect, heard, kind, pass, secrets, start, text_message, typing,
    },
};

#[tokio::test(start_paused = true)]
async fn each_operation_wants_its_own_kind_of_token() {
    let world = World::with_flow(GREETING).await;
    let started = world.centre.start_chat_contact(start()).await.unwrap();
    let participant = started.participant_token;
    let (connection, websocket) = connect(&world.centre, &participant).await;
    let stranger = SecretString::from("stranger");
    for wrong in [&connection, &websocket, &stranger] {
        assert_eq!(kind(world.centre.create_participant_connection(wrong, both()).await), ErrorKind::AccessDenied);
    }
    for wrong in [&participant, &websocket, &stranger] {
        assert_eq!(kind(world.centre.send_message(wrong, text_message("x", None)).await), ErrorKind::AccessDenied);
        assert_eq!(kind(world.centre.send_event(wrong, typing()).await), ErrorKind::AccessDenied);
        assert_eq!(kind(world.centre.get_transcript(wrong, GetTranscript::default()).await), ErrorKind::AccessDenied);
        assert_eq!(kind(world.centre.disconnect_participant(wrong).await), ErrorKind::AccessDenied);
    }
    for wrong in [&participant, &connection, &stranger] {
        assert_eq!(kind(world.centre.check_websocket(wrong).await), ErrorKind::AccessDenied);
        assert_eq!(kind(world.centre.open_websocket(wrong).await), ErrorKind::AccessDenied);
    }
    let nothing = world.centre.create_participant_connection(&participant, CreateConnection::default()).await;
    assert_eq!(kind(nothing), ErrorKind::InvalidRequest);
    let only = CreateConnection { websocket: false, credentials: true, connect_participant: false };
    let answer = world.centre.create_participant_connection(&participant, only).await.unwrap();
    assert!(answer.websocket.is_none() && answer.credentials.is_some());
}

#[tokio::test(start_paused = true)]
async fn tokens_end_and_are_renewed() {
    let world = World::with_flow(&GREETING.replace("3600", "604800")).await;
    let customer = world.customer_with(StartChatContact { chat_duration_in_minutes: Some(10_080), ..start() }).await;
    let (_, websocket) = connect(&world.centre, &customer.participant_token).await;
    pass(99).await;
    world.centre.check_websocket(&websocket).await.unwrap();
    pass(1).await;
    assert_eq!(kind(world.centre.check_websocket(&websocket).await), ErrorKind::AccessDenied);

    pass(24 * 3600 - 102).await;
    world.say(&customer.token, "still there").await;
    pass(3).await;
    let late = world.centre.send_message(&customer.token, text_message("late", None)).await;
    assert_eq!(kind(late), ErrorKind::AccessDenied);
    let (renewed, _) = connect(&world.centre, &customer.participant_token).await;
    world.say(&renewed, "and again").await;
}

#[tokio::test(start_paused = true)]
async fn a_message_has_limits() {
    let world = World::with_flow(GREETING).await;
    let types = ["text/plain", "application/vnd.amazonaws.connect.message.interactive.response"];
    let request = StartChatContact { supported_messaging_content_types: types.map(str::to_owned).to_vec(), ..start() };
    let customer = world.customer_with(request).await;
    let send = |content_type: &str, content: String| {
        let message = Send { content_type: content_type.into(), content: Some(content), client_token: None };
        world.centre.send_message(&customer.token, message)
    };
    send("text/plain", "x".repeat(16_384)).await.unwrap();
    send(types[1], "{}".into()).await.unwrap();
    for (content_type, content) in [
        ("text/plain", "x".repeat(16_385)),
        ("text/plain", "ñ".repeat(8_193)),
        ("text/plain", String::new()),
        ("text/markdown", "x".into()),
        ("application/json", "{}".into()),
        (event::TYPING, "x".into()),
    ] {
        let about = format!("{content_type} {}", content.len());
        assert_eq!(kind(send(content_type, content).await), ErrorKind::InvalidParameter, "{about}");
    }
    let empty = Send { content_type: "text/plain".into(), content: None, client_token: None };
    assert_eq!(kind(world.centre.send_message(&customer.token, empty).await), ErrorKind::InvalidParameter);
}

#[tokio::test(start_paused = true)]
async fn the_same_client_token_says_it_once() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let token = world.bot(&customer.contact_id).await;
    customer.heard();
    let (first, again) = tokio::join!(
        world.centre.send_message(&customer.token, text_message("one", Some("t"))),
        world.centre.send_message(&customer.token, text_message("two", Some("t"))),
    );
    let (first, again) = (first.unwrap(), again.unwrap());
    assert_eq!((&first.id, &first.absolute_time), (&again.id, &again.absolute_time));
    // another participant's token of the same text is another one
    let other = world.centre.send_message(&token, text_message("three", Some("t"))).await.unwrap();
    assert_ne!(other.id, first.id);
    assert_eq!(customer.heard(), ["one", "three"]);

    let with_token = Send { client_token: Some("e".into()), ..typing() };
    let first = world.centre.send_event(&token, with_token.clone()).await.unwrap();
    let again = world.centre.send_event(&token, with_token).await.unwrap();
    assert_eq!(first.id, again.id);
    assert_eq!(customer.heard(), ["typing CUSTOM_BOT"]);
}

#[tokio::test(start_paused = true)]
async fn no_two_items_of_a_contact_share_a_time() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let mut times = Vec::new();
    for n in 0..20 {
        times.push(world.say(&customer.token, &format!("{n}")).await.absolute_time);
    }
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
}

/// A message is stored as its item alone, so where the transcript ends is read from the items.
#[tokio::test(start_paused = true)]
async fn the_order_holds_over_a_restart_by_a_clock_that_went_back() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    world.say(&customer.token, "one").await;
    let written = world.store.written.lock().unwrap().clone();
    assert!(matches!(&written[..], [item] if item.starts_with("item/")), "{written:?}");

    let flows = config(&[("main", GREETING)]);
    let store = Arc::new(world.store.reopened());
    let again = World::open(flows, store, Arc::new(Counted::default()), START_MS - 60_000).await;
    again.say(&customer.token, "two").await;
    let items = again.centre.transcript(&customer.contact_id).await.unwrap();
    let said: Vec<_> = items.iter().filter_map(|item| item.content.as_deref()).collect();
    assert!(said.ends_with(&["one", "two"]), "{said:?}");
    assert!(items.windows(2).all(|two| two[0].absolute_time < two[1].absolute_time), "{items:?}");
}

#[tokio::test(start_paused = true)]
async fn typing_is_for_the_others_and_in_no_transcript() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let bot = world.centre.create_participant(crate::world::bot(&customer.contact_id, None)).await.unwrap();
    let (token, secret) = connect(&world.centre, &bot.participant_token).await;
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    world.stream(&customer.contact_id, "s").await;
    customer.heard();
    let commits = world.store.commits.load(std::sync::atomic::Ordering::Relaxed);
    world.centre.send_event(&token, typing()).await.unwrap();
    assert_eq!(customer.heard(), ["typing CUSTOM_BOT"]);
    assert!(heard(&mut socket).is_empty());
    world.centre.send_event(&customer.token, typing()).await.unwrap();
    assert_eq!(heard(&mut socket), ["typing CUSTOMER"]);
    pass(1).await;
    assert_eq!(world.topic.contents(), ["typing CUSTOM_BOT", "typing CUSTOMER"]);
    assert!(!world.transcript(&customer.contact_id).await.iter().any(|i| i.contains("typing")));
    assert_eq!(world.store.commits.load(std::sync::atomic::Ordering::Relaxed), commits);
    let unknown = Send { content_type: event::CHAT_ENDED.into(), content: None, client_token: None };
    assert_eq!(kind(world.centre.send_event(&token, unknown).await), ErrorKind::InvalidParameter);
}

#[tokio::test(start_paused = true)]
async fn receipts_go_to_the_sender_alone() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let bot = world.centre.create_participant(crate::world::bot(&customer.contact_id, None)).await.unwrap();
    let (token, secret) = connect(&world.centre, &bot.participant_token).await;
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    let sent = world.say(&customer.token, "read me").await;
    customer.heard();
    heard(&mut socket);
    let receipt = |content_type: &str, id: &str| Send {
        content_type: content_type.into(),
        content: Some(format!(r#"{{"messageId":"{id}"}}"#)),
        client_token: None,
    };
    for (content_type, timestamp) in [(event::DELIVERED, "DeliveredTimestamp"), (event::READ, "ReadTimestamp")] {
        world.centre.send_event(&token, receipt(content_type, &sent.id)).await.unwrap();
        let json: Value = serde_json::from_str(&customer.socket.items.try_recv().unwrap()).unwrap();
        assert_eq!(json["Type"], "MESSAGEMETADATA");
        assert_eq!(json["MessageMetadata"]["MessageId"], sent.id.as_str());
        let receipts = json["MessageMetadata"]["Receipts"].as_array().unwrap();
        assert_eq!(receipts[0]["RecipientParticipantId"], bot.participant_id.as_str());
        assert!(receipts[0][timestamp].is_string());
        assert!(json["ContactId"].is_string() && json["InitialContactId"].is_string());
        assert!(heard(&mut socket).is_empty());
    }
    // one's own message needs no receipt
    world.centre.send_event(&customer.token, receipt(event::READ, &sent.id)).await.unwrap();
    assert!(customer.heard().is_empty());
    for content in [None, Some("x"), Some("{}"), Some(r#"{"messageId":"nothing"}"#)] {
        let event = Send { content: content.map(str::to_owned), ..receipt(event::READ, "") };
        assert_eq!(kind(world.centre.send_event(&token, event).await), ErrorKind::InvalidParameter, "{content:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_transcript_as_a_participant_pages_it() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    for n in 0..5 {
        world.say(&customer.token, &format!("m{n}")).await;
    }
    let page = |request| world.centre.get_transcript(&customer.token, request);
    let newest = page(GetTranscript { max_results: Some(2), ..GetTranscript::default() }).await.unwrap();
    let contents = |t: &relevo_connect::api::Transcript| {
        t.items.iter().map(|i| i.content.clone().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(contents(&newest), ["m4", "m3"]);
    let next = GetTranscript { max_results: Some(2), next_token: newest.next_token, ..GetTranscript::default() };
    assert_eq!(contents(&page(next).await.unwrap()), ["m2", "m1"]);
    let start = Some(StartPosition::Id(newest.items[1].id.clone()));
    let forward = GetTranscript { start, ascending: true, ..GetTranscript::default() };
    assert_eq!(contents(&page(forward).await.unwrap()), ["m3", "m4"]);
    let own = GetTranscript { contact_id: Some(customer.contact_id.clone()), ..GetTranscript::default() };
    assert_eq!(page(own).await.unwrap().initial_contact_id, customer.contact_id);
    let other = GetTranscript { contact_id: Some("other".into()), ..GetTranscript::default() };
    assert_eq!(kind(page(other).await), ErrorKind::InvalidParameter);
}

#[tokio::test(start_paused = true)]
async fn the_old_acknowledgement_connects_a_streamed_customer() {
    let world = World::with_flow(GREETING).await;
    let started = world.centre.start_chat_contact(start()).await.unwrap();
    let connection = world.centre.create_participant_connection(&started.participant_token, both()).await.unwrap();
    let (token, _) = secrets(connection);
    world.stream(&started.contact_id, "s").await;
    let acknowledge = Send { content_type: event::CONNECTION_ACKNOWLEDGED.into(), content: None, client_token: None };
    world.centre.send_event(&token, acknowledge).await.unwrap();
    assert_eq!(world.transcript(&started.contact_id).await, ["participant.joined CUSTOMER", "Hello"]);
}
