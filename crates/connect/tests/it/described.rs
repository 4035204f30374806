//! `DescribeContact`: what it says of a chat stays true, whatever comes after.

use std::sync::Arc;

use relevo_connect::{
    api::{ContactAgent, ContactDescription},
    desk::TransferTo,
    directory::user_id,
};

use crate::{
    fakes::MemoryStore,
    world::{INSTANCE, START_MS, World, accept, config, connect, pass, queue_flow, text_message},
};

async fn described(world: &World, id: &str) -> ContactDescription {
    let whole = world.centre.describe_contact(INSTANCE, id).await.unwrap();
    // What is searched is the same, but for what the transcript alone can tell.
    let searched = world.centre.describe_contacts(INSTANCE).await.unwrap();
    let searched = searched.into_iter().find(|it| it.id == id).unwrap();
    assert_eq!((&searched.agent, &searched.queue), (&whole.agent, &whole.queue));
    assert_eq!(searched.chat_metrics, None);
    whole
}

async fn reopened(store: MemoryStore) -> World {
    let flow = queue_flow();
    World::open(config(&[("main", flow.as_str())]), Arc::new(store), Arc::default(), START_MS + 600_000).await
}

fn eva(connected_ms: Option<i64>) -> ContactAgent {
    ContactAgent { id: user_id("Eva"), connected_ms, after_contact_work: None }
}

#[tokio::test(start_paused = true)]
async fn a_past_time_stays() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    assert_eq!(described(&world, id).await.connected_ms, Some(START_MS));
    pass(10).await;
    assert_eq!(described(&world, id).await.agent, None);
    let agent = accept(&world.centre, id).await;
    assert_eq!(described(&world, id).await.agent, Some(eva(None)), "accepted is not connected");
    pass(5).await;
    let (token, _) = connect(&world.centre, &agent.participant_token).await;
    let connected = Some(eva(Some(START_MS + 15_000)));
    assert_eq!(described(&world, id).await.agent, connected);
    pass(3).await;
    world.say(&token, "I am Eva").await;
    pass(20).await;
    world.say(&customer.token, "Thanks").await;
    let before = described(&world, id).await;
    pass(2).await;
    world.centre.disconnect_participant(&customer.token).await.unwrap();

    let after = described(&world, id).await;
    assert_eq!((after.agent.clone(), after.connected_ms), (connected.clone(), Some(START_MS)));
    assert_eq!((&after.queue, after.initiation_ms), (&before.queue, before.initiation_ms));
    let metrics = after.chat_metrics.clone().unwrap();
    assert_eq!(metrics.contact.agent_first_response_ms, Some(START_MS + 18_000));
    assert_eq!(metrics.contact.agent_first_response_time_ms, Some(3_000));
    assert_eq!(metrics.contact.conversation_close_time_ms, Some(2_000));
    let thanks = metrics.customer.unwrap();
    assert_eq!((thanks.responses, thanks.total_response_time_ms), (1, 20_000));

    // For another process it is the same.
    let again = reopened(world.store.reopened()).await;
    let later = described(&again, id).await;
    assert_eq!(
        (&later.agent, later.connected_ms, &later.chat_metrics),
        (&after.agent, after.connected_ms, &after.chat_metrics)
    );
    // What was stored without these times, has them in its transcript.
    let old = world.store.rewritten("ended/", |contact| {
        for participant in contact["participants"].as_array_mut().unwrap() {
            participant.as_object_mut().unwrap().remove("had_joined_ms").unwrap();
        }
        for key in ["served", "after_contact_done_ms"] {
            contact["desk"].as_object_mut().unwrap().remove(key).unwrap();
        }
    });
    let old = reopened(old).await;
    let read = described(&old, id).await;
    assert_eq!(
        (&read.agent, read.connected_ms, &read.chat_metrics),
        (&after.agent, after.connected_ms, &after.chat_metrics)
    );
}

#[tokio::test(start_paused = true)]
async fn an_agent_who_never_came_was_never_connected() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    accept(&world.centre, &customer.contact_id).await;
    pass(5).await;
    world.centre.disconnect_participant(&customer.token).await.unwrap();
    let described = described(&world, &customer.contact_id).await;
    assert_eq!(described.agent, Some(eva(None)));
    assert_eq!(described.chat_metrics.unwrap().agent.unwrap().conversation_abandon, Some(true));
}

#[tokio::test(start_paused = true)]
async fn the_work_after_the_contact_is_told_when_it_is_done() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let agent = accept(&world.centre, id).await;
    connect(&world.centre, &agent.participant_token).await;
    pass(30).await;
    world.centre.disconnect_participant(&customer.token).await.unwrap();
    assert_eq!(described(&world, id).await.agent.unwrap().after_contact_work, None);
    let again = reopened(world.store.reopened()).await;
    pass(7).await;
    again.centre.desk_close(id).await.unwrap();
    let work = described(&again, id).await.agent.unwrap().after_contact_work;
    assert_eq!(work, Some((START_MS + 30_000, START_MS + 607_000)));
    pass(7).await;
    // Once more is nothing more.
    again.centre.desk_close(id).await.unwrap();
    assert_eq!(described(&again, id).await.agent.unwrap().after_contact_work, work);
}

#[tokio::test(start_paused = true)]
async fn a_transfer_makes_another_agents_contact_of_it() {
    let world = World::with_flow(&queue_flow()).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let agent = accept(&world.centre, id).await;
    let (token, _) = connect(&world.centre, &agent.participant_token).await;
    world.centre.send_message(&token, text_message("I am Eva", None)).await.unwrap();
    pass(10).await;
    world.centre.desk_transfer(id, TransferTo::Queue("People".into()), String::new()).await.unwrap();
    let waiting = described(&world, id).await;
    assert_eq!((waiting.agent, waiting.queue.unwrap().1), (None, START_MS + 10_000));
    assert_eq!(waiting.chat_metrics.unwrap().agent, None);
    pass(10).await;
    let luis = world.centre.desk_accept(id, "Luis").await.unwrap();
    let (token, _) = connect(&world.centre, &luis.participant_token).await;
    world.centre.send_message(&token, text_message("I am Luis", None)).await.unwrap();
    let with_luis = described(&world, id).await;
    let agent = with_luis.agent.unwrap();
    assert_eq!((agent.id, agent.connected_ms), (user_id("Luis"), Some(START_MS + 20_000)));
    let metrics = with_luis.chat_metrics.unwrap();
    assert_eq!((metrics.contact.total_messages, metrics.agent.unwrap().messages_sent), (2, 1));
}
