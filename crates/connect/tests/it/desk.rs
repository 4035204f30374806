//! The desk: the queue, accepting, and how it ends.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::{DeskState, GetTranscript},
};

use crate::world::{GREETING, INSTANCE, START_MS, World, accept, config, connect, kind, pass, queue_flow};

#[tokio::test(start_paused = true)]
async fn a_person_takes_a_contact_over() {
    let world = World::with_flow(&queue_flow()).await;
    let mut first = world.customer().await;
    pass(5).await;
    let second = world.customer().await;
    pass(5).await;
    let desk = world.centre.desk_contacts().await;
    assert_eq!(desk.iter().map(|c| c.contact_id.as_str()).collect::<Vec<_>>(), [&first.contact_id, &second.contact_id]);
    assert_eq!((desk[0].state, desk[0].waiting_ms, desk[0].enqueued_at_ms), (DeskState::Queued, 10_000, START_MS));
    assert_eq!((desk[0].queue.as_str(), desk[0].customer_display_name.as_str()), ("People", "Ana"));
    assert_eq!(first.heard(), ["participant.joined CUSTOMER", "transfer.succeeded SYSTEM"]);

    let id = first.contact_id.clone();
    let agent = accept(&world.centre, &id).await;
    assert!(first.heard().is_empty());
    assert_eq!(kind(world.centre.desk_accept(&id, "Luis").await), ErrorKind::Conflict);
    // the answer was lost and is asked for again
    assert_eq!(accept(&world.centre, &id).await.participant_id, agent.participant_id);
    let (token, _) = connect(&world.centre, &agent.participant_token).await;
    assert_eq!(kind(world.centre.desk_accept(&id, "Eva").await), ErrorKind::Conflict);
    assert_eq!(first.heard(), ["participant.joined AGENT"]);
    let page = world.centre.get_transcript(&token, GetTranscript { ascending: true, ..GetTranscript::default() }).await;
    assert_eq!(page.unwrap().items.len(), 3);

    pass(7).await;
    let desk = world.centre.desk_contacts().await;
    assert_eq!((desk[0].state, desk[0].waiting_ms), (DeskState::Active, 10_000));
    assert_eq!(desk[0].agent_display_name.as_deref(), Some("Eva"));
    let described = world.centre.describe_contact(INSTANCE, &id).await.unwrap();
    assert_eq!(described.agent, Some((agent.participant_id, START_MS + 10_000)));
    assert_eq!(described.queue.unwrap().1, START_MS);
    assert_eq!(world.centre.inspect(&id).await.unwrap().state, "ACTIVE");

    world.centre.disconnect_participant(&token).await.unwrap();
    assert_eq!(first.heard(), ["participant.left AGENT", "chat.ended"]);
    assert!(first.socket.items.is_closed());
    let reason = world.centre.inspect(&id).await.unwrap().disconnect_reason;
    assert_eq!(reason.as_deref(), Some("AGENT_DISCONNECT"));
    assert_eq!(world.centre.desk_contacts().await.len(), 1);
    assert_eq!(kind(world.centre.desk_accept(&id, "Eva").await), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn only_what_is_queued_can_be_accepted() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    assert_eq!(kind(world.centre.desk_accept(&customer.contact_id, "Eva").await), ErrorKind::Conflict);
    assert_eq!(kind(world.centre.desk_accept("nobody", "Eva").await), ErrorKind::NotFound);
    assert!(world.centre.desk_contacts().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_two_people_one_gets_it() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let (eva, luis) = tokio::join!(world.centre.desk_accept(id, "Eva"), world.centre.desk_accept(id, "Luis"));
    assert!(eva.is_ok() != luis.is_ok());
    assert_eq!(eva.err().or(luis.err()).unwrap().kind, ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn a_customer_who_leaves_leaves_the_queue() {
    let world = World::with_flow(&queue_flow()).await;
    let mut customer = world.customer().await;
    customer.heard();
    world.centre.disconnect_participant(&customer.token).await.unwrap();
    assert_eq!(customer.heard(), ["participant.left CUSTOMER", "chat.ended"]);
    assert!(world.centre.desk_contacts().await.is_empty());
    let described = world.centre.describe_contact(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!(described.disconnect_reason.as_deref(), Some("CUSTOMER_DISCONNECT"));
    assert!(described.queue.is_some() && described.agent.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_takes_nobody() {
    let queue = queue_flow();
    let mut config = config(&[("main", queue.as_str())]);
    config.queue.capacity = Some(1);
    let world = World::open(config, Arc::default(), Arc::default(), START_MS).await;
    let first = world.customer().await;
    let mut second = world.customer().await;
    let expected = ["participant.joined CUSTOMER", "transfer.failed SYSTEM", "Nobody is free", "chat.ended"];
    assert_eq!(second.heard(), expected);
    let reason = world.centre.inspect(&second.contact_id).await.unwrap().disconnect_reason;
    assert_eq!(reason.as_deref(), Some("CONTACT_FLOW_DISCONNECT"));
    // a contact that an agent has does not wait
    accept(&world.centre, &first.contact_id).await;
    let mut third = world.customer().await;
    assert_eq!(third.heard().last().unwrap(), "transfer.succeeded SYSTEM");

    // a place that was taken for a change that could not be stored is free again
    world.centre.disconnect_participant(&third.token).await.unwrap();
    let started = world.centre.start_chat_contact(crate::world::start()).await.unwrap();
    let (_, secret) = connect(&world.centre, &started.participant_token).await;
    world.store.fails.store(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(kind(world.centre.open_websocket(&secret).await), ErrorKind::Internal);
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    assert_eq!(crate::world::heard(&mut socket).last().unwrap(), "transfer.succeeded SYSTEM");
}
