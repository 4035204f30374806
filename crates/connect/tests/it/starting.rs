//! `StartChatContact`, attributes, `DescribeContact`, `StopContact`, and the ends of a contact.

use relevo_connect::{
    ErrorKind,
    api::{Attributes, StartChatContact},
};

use crate::world::{GREETING, INSTANCE, World, both, kind, pass, start, text_message};

#[tokio::test(start_paused = true)]
async fn the_flow_waits_for_the_customer() {
    let world = World::with_flow(GREETING).await;
    let started = world.centre.start_chat_contact(start()).await.unwrap();
    let connection = world.centre.create_participant_connection(&started.participant_token, both()).await.unwrap();
    assert!(world.transcript(&started.contact_id).await.is_empty());
    assert_eq!(world.centre.inspect(&started.contact_id).await.unwrap().path, []);

    let (secret, expiry_ms) = connection.websocket.unwrap();
    assert_eq!(expiry_ms, crate::world::START_MS + 100_000);
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    assert_eq!(crate::world::heard(&mut socket), ["participant.joined CUSTOMER", "Hello"]);
    assert_eq!(world.transcript(&started.contact_id).await, ["participant.joined CUSTOMER", "Hello"]);
    let inspection = world.centre.inspect(&started.contact_id).await.unwrap();
    assert_eq!((inspection.state.as_str(), inspection.flow.as_str()), ("FLOW", "The flow main"));
    assert_eq!(inspection.path.last().unwrap().identifier, "wait");
}

#[tokio::test(start_paused = true)]
async fn connect_participant_starts_the_flow_only_with_streaming() {
    let world = World::with_flow(GREETING).await;
    let started = world.centre.start_chat_contact(start()).await.unwrap();
    let request =
        relevo_connect::api::CreateConnection { websocket: false, credentials: true, connect_participant: true };
    world.centre.create_participant_connection(&started.participant_token, request).await.unwrap();
    assert!(world.transcript(&started.contact_id).await.is_empty());

    world.stream(&started.contact_id, "s").await;
    world.centre.create_participant_connection(&started.participant_token, request).await.unwrap();
    assert_eq!(world.transcript(&started.contact_id).await, ["participant.joined CUSTOMER", "Hello"]);
    // once more is no second joining
    world.centre.create_participant_connection(&started.participant_token, request).await.unwrap();
    assert_eq!(world.transcript(&started.contact_id).await.len(), 2);
    pass(1).await;
    assert_eq!(world.topic.contents(), ["participant.joined CUSTOMER", "Hello"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_message_is_in_the_transcript() {
    let world = World::with_flow(GREETING).await;
    let request = StartChatContact { initial_message: Some(("text/plain".into(), "Where is it?".into())), ..start() };
    let customer = world.customer_with(request).await;
    assert_eq!(world.transcript(&customer.contact_id).await, ["Where is it?", "participant.joined CUSTOMER", "Hello"]);
}

#[tokio::test(start_paused = true)]
async fn the_same_client_token_is_the_same_contact() {
    let world = World::with_flow(GREETING).await;
    let with_token = |token: &str| StartChatContact { client_token: Some(token.into()), ..start() };
    let (first, again, other) = tokio::join!(
        world.centre.start_chat_contact(with_token("a/")),
        world.centre.start_chat_contact(with_token("a/")),
        world.centre.start_chat_contact(with_token("a")),
    );
    let (first, again, other) = (first.unwrap(), again.unwrap(), other.unwrap());
    assert_eq!(first.contact_id, again.contact_id);
    assert_ne!(first.contact_id, other.contact_id);
    world.centre.stop_contact(INSTANCE, &first.contact_id).await.unwrap();
    let late = world.centre.start_chat_contact(with_token("a/")).await.unwrap();
    assert_eq!(late.contact_id, first.contact_id);
    assert_eq!(world.store.keys("contact/").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_its_limits_is_refused() {
    let world = World::with_flow(GREETING).await;
    let attribute = |key: &str, value: String| Attributes::from([(key.to_owned(), value)]);
    let types = |types: &[&str]| types.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let cases: Vec<(&str, StartChatContact, ErrorKind)> = vec![
        ("instance", StartChatContact { instance_id: "x".into(), ..start() }, ErrorKind::NotFound),
        ("flow", StartChatContact { contact_flow_id: "x".into(), ..start() }, ErrorKind::NotFound),
        ("no name", StartChatContact { display_name: String::new(), ..start() }, ErrorKind::InvalidParameter),
        ("long name", StartChatContact { display_name: "ñ".repeat(257), ..start() }, ErrorKind::InvalidParameter),
        ("short", StartChatContact { chat_duration_in_minutes: Some(59), ..start() }, ErrorKind::InvalidParameter),
        ("long", StartChatContact { chat_duration_in_minutes: Some(10_081), ..start() }, ErrorKind::InvalidParameter),
        (
            "key",
            StartChatContact { attributes: attribute("a b", String::new()), ..start() },
            ErrorKind::InvalidParameter,
        ),
        (
            "size",
            StartChatContact { attributes: attribute("a", "x".repeat(32_768)), ..start() },
            ErrorKind::InvalidRequest,
        ),
        (
            "no text/plain",
            StartChatContact { supported_messaging_content_types: types(&["text/markdown"]), ..start() },
            ErrorKind::InvalidParameter,
        ),
        (
            "unknown type",
            StartChatContact { supported_messaging_content_types: types(&["text/plain", "text/html"]), ..start() },
            ErrorKind::InvalidParameter,
        ),
        (
            "first message's type",
            StartChatContact { initial_message: Some(("text/markdown".into(), "x".into())), ..start() },
            ErrorKind::InvalidParameter,
        ),
        ("customer", StartChatContact { customer_id: Some("x".repeat(129)), ..start() }, ErrorKind::InvalidParameter),
    ];
    for (about, request, expected) in cases {
        assert_eq!(kind(world.centre.start_chat_contact(request).await), expected, "{about}");
    }
    assert!(world.store.keys("").is_empty());
    // the ARN of a flow and of the instance are as good as their ids
    let config = world.centre.config();
    let request = StartChatContact {
        instance_id: config.instance_arn(),
        contact_flow_id: config.arn("contact-flow", "main"),
        ..start()
    };
    world.centre.start_chat_contact(request).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn attributes_also_of_a_contact_that_is_over() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let one = |key: &str, value: &str| Attributes::from([(key.to_owned(), value.to_owned())]);
    world.centre.update_contact_attributes(INSTANCE, id, one("a", "1")).await.unwrap();
    world.centre.stop_contact(INSTANCE, id).await.unwrap();
    world.centre.update_contact_attributes(INSTANCE, id, one("b", "2")).await.unwrap();
    let all = world.centre.get_contact_attributes(INSTANCE, id).await.unwrap();
    assert_eq!(all, Attributes::from([("a".into(), "1".into()), ("b".into(), "2".into())]));
    assert_eq!(
        kind(world.centre.update_contact_attributes(INSTANCE, id, one("a b", "")).await),
        ErrorKind::InvalidParameter
    );
    for unknown in ["", "nobody", &id[..20]] {
        let update = world.centre.update_contact_attributes(INSTANCE, unknown, one("a", "1")).await;
        assert_eq!(kind(update), ErrorKind::NotFound, "{unknown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_contact_is_stopped_once_and_then_it_is_over() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let id = customer.contact_id.clone();
    world.stream(&id, "s").await;
    world.centre.stop_contact(INSTANCE, &id).await.unwrap();
    assert_eq!(customer.heard().last().unwrap(), "chat.ended");
    assert!(customer.socket.items.is_closed());
    assert_eq!(kind(world.centre.stop_contact(INSTANCE, &id).await), ErrorKind::ContactNotFound);
    assert_eq!(kind(world.centre.stop_contact(INSTANCE, "nobody").await), ErrorKind::NotFound);

    let described = world.centre.describe_contact(INSTANCE, &id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("API"));
    assert!(described.disconnect_ms.is_some());
    assert_eq!(world.centre.inspect(&id).await.unwrap().state, "ENDED");
    assert!(world.transcript(&id).await.contains(&"chat.ended".to_owned()));

    let message = text_message("hello?", None);
    assert_eq!(kind(world.centre.send_message(&customer.token, message).await), ErrorKind::AccessDenied);
    let connection = world.centre.create_participant_connection(&customer.participant_token, both()).await;
    assert_eq!(kind(connection), ErrorKind::AccessDenied);
    let page = world.centre.get_transcript(&customer.token, relevo_connect::api::GetTranscript::default()).await;
    assert_eq!(kind(page), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.disconnect_participant(&customer.token).await), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.create_participant(crate::world::bot(&id, None)).await), ErrorKind::NotFound);

    pass(1).await;
    let taken = world.topic.taken.lock().unwrap();
    let (_, ended) = taken.last().unwrap();
    let message: serde_json::Value = serde_json::from_str(&ended.message).unwrap();
    assert!(message.get("ParticipantRole").is_none() && message.get("ContactId").is_none());
    assert_eq!(message["InitialContactId"], id.as_str());
    assert_eq!(ended.attributes.get("ParticipantRole"), None);
}

#[tokio::test(start_paused = true)]
async fn the_clock_ends_contacts() {
    let world = World::with_flow(GREETING).await;
    let never = world.centre.start_chat_contact(start()).await.unwrap().contact_id;
    pass(299).await;
    assert_eq!(world.centre.inspect(&never).await.unwrap().disconnect_reason, None);
    pass(2).await;
    let reason = world.centre.inspect(&never).await.unwrap().disconnect_reason;
    assert_eq!(reason.as_deref(), Some("CUSTOMER_CONNECTION_NOT_ESTABLISHED"));

    // a flow that does nothing after the greeting: the chat's duration ends it
    let idle = GREETING.replace("3600", "604800");
    let world = World::with_flow(&idle).await;
    let short = StartChatContact { chat_duration_in_minutes: Some(60), ..start() };
    let (short, usual) = (world.customer_with(short).await, world.customer().await);
    pass(3599).await;
    assert_eq!(world.centre.inspect(&short.contact_id).await.unwrap().state, "FLOW");
    pass(2).await;
    let reason = world.centre.inspect(&short.contact_id).await.unwrap().disconnect_reason;
    assert_eq!(reason.as_deref(), Some("EXPIRED"));
    pass(24 * 3600 - 2).await;
    assert_eq!(world.centre.inspect(&usual.contact_id).await.unwrap().state, "FLOW");
    pass(2).await;
    assert_eq!(world.centre.inspect(&usual.contact_id).await.unwrap().state, "ENDED");
}
