//! Chats over lines: SMS and WhatsApp, from either end.

use relevo_connect::{
    ErrorKind,
    api::{
        Attributes, Send, StartChatContact,
        line::{ChatEvent, Integrated, IntegrationEvent, Line, NewSession},
    },
    item::event,
};

use crate::world::{GREETING, INSTANCE, TOPIC, World, kind, pass, start, text_message, typing};

const PHONE: &str = "+34600000000";
const NUMBER: &str = "arn:aws:connect:us-east-1:123456789012:phone-number/1";

fn line() -> Line {
    Line { customer: PHONE.into(), system: NUMBER.into() }
}

fn outbound(client_token: Option<&str>) -> StartChatContact {
    StartChatContact {
        line: Some(line()),
        segment_attributes: Attributes::from([("connect:Subtype".into(), "connect:SMS".into())]),
        initial_system_message: Some(("text/plain".into(), "Your parcel waits".into())),
        client_token: client_token.map(str::to_owned),
        ..start()
    }
}

fn happens(event: ChatEvent) -> IntegrationEvent {
    IntegrationEvent { line: line(), subtype: Some("connect:SMS".into()), event, new_session: NewSession::default() }
}

fn says(text: &str) -> IntegrationEvent {
    happens(ChatEvent::Message(text_message(text, None)))
}

#[tokio::test(start_paused = true)]
async fn the_centre_begins_and_the_phone_answers() {
    let world = World::with_flow(GREETING).await;
    let contact_id = world.centre.start_outbound_chat(outbound(None)).await.unwrap();
    let begun = ["Your parcel waits", "participant.joined CUSTOMER", "Hello"];
    assert_eq!(world.transcript(&contact_id).await, begun, "nobody has to connect");
    let busy = world.centre.start_outbound_chat(outbound(None)).await;
    assert_eq!(kind(busy), ErrorKind::Conflict, "one chat on a line at a time");

    let same = Integrated { contact_id: Some(contact_id.clone()), is_new: false };
    assert_eq!(world.centre.integrate(says("when?")).await.unwrap(), same);
    assert_eq!(world.centre.integrate(happens(ChatEvent::Event(typing()))).await.unwrap(), same);
    assert_eq!(world.transcript(&contact_id).await.last().unwrap(), "when?");
    let wrong = Send { content_type: event::CHAT_ENDED.into(), content: None, client_token: None };
    assert_eq!(kind(world.centre.integrate(happens(ChatEvent::Event(wrong))).await), ErrorKind::InvalidParameter);
    assert_eq!(world.centre.integrate(happens(ChatEvent::Disconnect)).await.unwrap(), same);
    let described = world.centre.describe_contact(INSTANCE, &contact_id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("CUSTOMER_DISCONNECT"));
    assert_eq!(described.line, Some(line()));
}

#[tokio::test(start_paused = true)]
async fn the_phone_begins() {
    let world = World::with_flow(GREETING).await;
    let nothing = Integrated { contact_id: None, is_new: false };
    assert_eq!(world.centre.integrate(happens(ChatEvent::Disconnect)).await.unwrap(), nothing);
    assert_eq!(world.centre.integrate(happens(ChatEvent::Event(typing()))).await.unwrap(), nothing);

    let session = NewSession {
        display_name: Some("Ana".into()),
        attributes: Attributes::from([("lang".into(), "es".into())]),
        streaming_endpoint_arn: Some(TOPIC.into()),
        ..NewSession::default()
    };
    let fifo = NewSession { streaming_endpoint_arn: Some(format!("{TOPIC}.fifo")), ..session.clone() };
    let refused = world.centre.integrate(IntegrationEvent { new_session: fifo, ..says("hola") }).await;
    assert_eq!(kind(refused), ErrorKind::InvalidParameter);
    assert!(world.store.keys("contact/").is_empty(), "nothing has begun");

    let first = IntegrationEvent { new_session: session, ..says("hola") };
    let (one, two) = tokio::join!(world.centre.integrate(first), world.centre.integrate(says("¿hay alguien?")));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.contact_id.clone(), one.is_new, two.is_new), (two.contact_id, true, false), "one chat");
    let contact_id = one.contact_id.unwrap();
    let said = ["hola", "participant.joined CUSTOMER", "Hello", "¿hay alguien?"];
    assert_eq!(world.transcript(&contact_id).await, said);
    pass(1).await;
    assert_eq!(world.topic.contents(), ["participant.joined CUSTOMER", "Hello", "¿hay alguien?"]);
    let described = world.centre.describe_contact(INSTANCE, &contact_id).await.unwrap();
    assert_eq!(
        (described.attributes["lang"].as_str(), described.segment_attributes["connect:Subtype"].as_str()),
        ("es", "connect:SMS")
    );

    let other = IntegrationEvent { subtype: Some("connect:WhatsApp".into()), ..says("hola") };
    assert_ne!(world.centre.integrate(other).await.unwrap().contact_id, Some(contact_id.clone()), "another line");
    world.centre.stop_contact(INSTANCE, &contact_id).await.unwrap();
    let anew = world.centre.integrate(says("otra vez")).await.unwrap();
    assert!(anew.is_new && anew.contact_id != Some(contact_id));
}

#[tokio::test(start_paused = true)]
async fn a_line_takes_shorter_messages() {
    let world = World::with_flow(GREETING).await;
    for (subtype, longest) in [("connect:SMS", 1_024), ("connect:WhatsApp", 4_096)] {
        let event = |length: usize| IntegrationEvent { subtype: Some(subtype.into()), ..says(&"ñ".repeat(length)) };
        assert_eq!(kind(world.centre.integrate(event(longest + 1)).await), ErrorKind::InvalidParameter);
        let contact_id = world.centre.integrate(event(longest)).await.unwrap().contact_id.unwrap();
        let bot = world.bot(&contact_id).await;
        let too_long = text_message(&"ñ".repeat(longest + 1), None);
        assert_eq!(kind(world.centre.send_message(&bot, too_long).await), ErrorKind::InvalidParameter, "{subtype}");
        world.say(&bot, &"ñ".repeat(longest)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_outbound_token_is_good_for_seven_days() {
    let world = World::with_flow(GREETING).await;
    let first = world.centre.start_outbound_chat(outbound(Some("t"))).await.unwrap();
    let other = StartChatContact { display_name: "Somebody else".into(), ..outbound(Some("t")) };
    assert_eq!(world.centre.start_outbound_chat(other).await.unwrap(), first);
    world.centre.stop_contact(INSTANCE, &first).await.unwrap();
    pass(7 * 24 * 3_600 - 2).await;
    assert_eq!(world.centre.start_outbound_chat(outbound(Some("t"))).await.unwrap(), first);
    pass(2).await;
    let anew = world.centre.start_outbound_chat(outbound(Some("t"))).await.unwrap();
    assert_ne!(anew, first);
    assert_eq!(
        world.centre.start_outbound_chat(outbound(Some("t"))).await.unwrap(),
        anew,
        "and that one's from then on"
    );
}
