//! The custom bot: one, in time, and never beside an agent.

use relevo_connect::{
    ErrorKind,
    api::{CreateConnection, CreateParticipant},
    item::Role,
};

use crate::world::{GREETING, World, accept, bot, both, connect, kind, pass, queue_flow, text_message};

#[tokio::test(start_paused = true)]
async fn a_bot_is_there_once_it_is_connected() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let id = customer.contact_id.clone();
    customer.heard();
    let created = world.centre.create_participant(bot(&id, Some("b"))).await.unwrap();
    assert!(customer.heard().is_empty());
    let again = world.centre.create_participant(bot(&id, Some("b"))).await.unwrap();
    assert_eq!(created.participant_id, again.participant_id);
    assert_eq!(kind(world.centre.create_participant(bot(&id, Some("c"))).await), ErrorKind::Conflict);
    assert_eq!(kind(world.centre.create_participant(bot(&id, None)).await), ErrorKind::Conflict);

    pass(14).await;
    let request = CreateConnection { websocket: false, credentials: true, connect_participant: true };
    let connection = world.centre.create_participant_connection(&created.participant_token, request).await.unwrap();
    assert_eq!(customer.heard(), ["participant.joined CUSTOM_BOT"]);
    pass(60).await;
    let (token, _) = connection.credentials.unwrap();
    world.say(&token, "hi").await;
    world.centre.disconnect_participant(&token).await.unwrap();
    assert_eq!(customer.heard(), ["hi", "participant.left CUSTOM_BOT"]);
    assert_eq!(kind(world.centre.send_message(&token, text_message("x", None)).await), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.disconnect_participant(&token).await), ErrorKind::AccessDenied);
    let renewed = world.centre.create_participant_connection(&created.participant_token, both()).await;
    assert_eq!(kind(renewed), ErrorKind::AccessDenied);
    // the next one may come
    world.bot(&id).await;
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_comes_too_late_is_gone() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let created = world.centre.create_participant(bot(&customer.contact_id, None)).await.unwrap();
    pass(15).await;
    let late = world.centre.create_participant_connection(&created.participant_token, both()).await;
    assert_eq!(kind(late), ErrorKind::NotFound);
    world.bot(&customer.contact_id).await;
    let transcript = world.transcript(&customer.contact_id).await;
    assert_eq!(transcript.iter().filter(|i| i.contains("CUSTOM_BOT")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_a_custom_bot_can_be_created() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    for role in [Role::Agent, Role::Customer, Role::System, Role::Supervisor] {
        let request = CreateParticipant { role, ..bot(id, None) };
        assert_eq!(kind(world.centre.create_participant(request).await), ErrorKind::InvalidRequest);
    }
    let nameless = CreateParticipant { display_name: String::new(), ..bot(id, None) };
    assert_eq!(kind(world.centre.create_participant(nameless).await), ErrorKind::InvalidParameter);
    assert_eq!(kind(world.centre.create_participant(bot("nobody", None)).await), ErrorKind::NotFound);
    let elsewhere = CreateParticipant { instance_id: "other".into(), ..bot(id, None) };
    assert_eq!(kind(world.centre.create_participant(elsewhere).await), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn an_agent_sends_the_bot_away() {
    let world = World::with_flow(&queue_flow()).await;
    let mut customer = world.customer().await;
    let id = customer.contact_id.clone();
    let token = world.bot(&id).await;
    customer.heard();
    let agent = accept(&world.centre, &id).await;
    assert_eq!(customer.heard(), ["participant.left CUSTOM_BOT"]);
    assert_eq!(kind(world.centre.send_message(&token, text_message("x", None)).await), ErrorKind::AccessDenied);
    assert_eq!(kind(world.centre.create_participant(bot(&id, None)).await), ErrorKind::Conflict);
    connect(&world.centre, &agent.participant_token).await;
    assert_eq!(customer.heard(), ["participant.joined AGENT"]);
    assert_eq!(kind(world.centre.create_participant(bot(&id, None)).await), ErrorKind::Conflict);
}
