//! Persistent chats: what goes on, what is refused, and what the desk and the figures make of it.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::{GetTranscript, StartChatContact},
};

use crate::{
    attachments::{attach, get},
    world::{Customer, GREETING, INSTANCE, START_MS, World, config, connect, kind, start},
};

fn after(source: &str) -> StartChatContact {
    StartChatContact { persistent: Some(source.into()), ..start() }
}

async fn said(world: &World, customer: &Customer) -> Vec<(String, Option<String>)> {
    let page = GetTranscript { ascending: true, max_results: Some(100), ..GetTranscript::default() };
    let items = world.centre.get_transcript(&customer.token, page).await.unwrap().items;
    let messages = items.into_iter().filter(|item| item.content_type == "text/plain" && item.participant_id.is_some());
    messages.map(|item| (item.content.unwrap(), item.related_contact_id)).collect()
}

#[tokio::test(start_paused = true)]
async fn the_past_comes_first_and_its_own_past_before_it() {
    let world = World::with_flow(GREETING).await;
    let first = world.customer().await;
    world.say(&first.token, "one").await;
    assert_eq!(kind(world.centre.start_chat_contact(after(&first.contact_id)).await), ErrorKind::InvalidRequest);
    world.centre.disconnect_participant(&first.token).await.unwrap();

    let mut second = world.customer_with(after(&first.contact_id)).await;
    assert_eq!(second.heard()[..2], ["chat.rehydrated", "participant.joined CUSTOMER"]);
    world.say(&second.token, "two").await;
    let of_first = ("one".to_owned(), Some(first.contact_id.clone()));
    assert_eq!(said(&world, &second).await, [of_first.clone(), ("two".into(), None)]);
    world.centre.disconnect_participant(&second.token).await.unwrap();

    let third = world.customer_with(after(&second.contact_id)).await;
    let of_second = ("two".to_owned(), Some(second.contact_id.clone()));
    assert_eq!(said(&world, &third).await, [of_first.clone(), of_second.clone()]);
    let described = world.centre.describe_contact(INSTANCE, &third.contact_id).await.unwrap();
    assert_eq!(described.association_id, first.contact_id);
    assert_eq!(described.related_contact_id, Some(second.contact_id.clone()));

    // The figures count what was said once.
    let records = world.centre.records(true).await.unwrap();
    let of_third = records.iter().find(|it| it.inspection.contact_id == third.contact_id).unwrap();
    assert!(of_third.items.iter().all(|item| item.related_contact_id.is_none()));

    let store = Arc::new(world.store.reopened());
    let next = World::open(config(&[("main", GREETING)]), store, Arc::default(), START_MS + 1000).await;
    let (token, _) = connect(&next.centre, &third.participant_token).await;
    let third = Customer { token, ..third };
    assert_eq!(said(&next, &third).await, [of_first, of_second]);
}

/// What the transcript shows as approved can be had, however long ago it was sent, and by nobody of another chat.
#[tokio::test(start_paused = true)]
async fn files_of_the_past_can_be_had() {
    let world = World::with_flow(GREETING).await;
    let first = world.customer().await;
    let file = attach(&world, &first.token, "t", "hello").await;
    world.centre.disconnect_participant(&first.token).await.unwrap();
    let second = world.customer_with(after(&first.contact_id)).await;
    world.centre.disconnect_participant(&second.token).await.unwrap();
    let third = world.customer_with(after(&second.contact_id)).await;
    let given = world.centre.get_attachment(&third.token, &get(&file)).await.unwrap();
    assert_eq!(world.centre.download(&given.access).await.unwrap().bytes, b"hello");
    let other = world.customer().await;
    assert_eq!(kind(world.centre.get_attachment(&other.token, &get(&file)).await), ErrorKind::InvalidParameter);
}

#[tokio::test(start_paused = true)]
async fn a_past_that_never_was() {
    let world = World::with_flow(GREETING).await;
    assert_eq!(kind(world.centre.start_chat_contact(after("nobody")).await), ErrorKind::NotFound);
    let customer = world.customer().await;
    let described = world.centre.describe_contact(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!((described.association_id, described.related_contact_id), (customer.contact_id, None));
}
