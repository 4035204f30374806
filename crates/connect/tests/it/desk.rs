//! The desk: the queue, accepting, and how it ends.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::{AttributeSource, ContactAgent, DeskState, GetTranscript, StartChatContact},
    centre::QueueConfig,
    desk::{AgentSettings, AgentStatus, Declined, Outcome, TransferTo},
    directory::{QueueFigures, user_id},
};

use crate::world::{GREETING, INSTANCE, QUEUE, START_MS, World, accept, config, connect, kind, pass, queue_flow};

/// An agent of every queue.
fn settings(status: AgentStatus, max_chats: u8) -> AgentSettings {
    AgentSettings { status, max_chats, queues: None }
}

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
    let eva = ContactAgent { id: user_id("Eva"), connected_ms: Some(START_MS + 10_000), after_contact_work: None };
    assert_eq!(described.agent, Some(eva));
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

fn outcome(code: &str) -> Outcome {
    Outcome { code: code.into(), note: "all good".into(), by: String::new(), at_ms: 0 }
}

/// Contact's customer, by agent it is offered to.
async fn offers(world: &World) -> Vec<(String, Option<String>)> {
    let contacts = world.centre.desk_contacts().await.into_iter();
    contacts.map(|it| (it.contact_id, it.offer.map(|offer| offer.agent))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_contact_is_offered_rejected_missed_and_goes_back_to_the_queue() {
    let world = World::with_flow(&queue_flow()).await;
    world.centre.set_agent("Eva", settings(AgentStatus::Available, 1)).await.unwrap();
    pass(1).await;
    world.centre.set_agent("Luis", settings(AgentStatus::Available, 1)).await.unwrap();
    let customer = world.customer().await;
    let id = customer.contact_id.clone();
    pass(1).await;
    // Eva has been available longer.
    assert_eq!(offers(&world).await, [(id.clone(), Some("Eva".into()))]);
    assert_eq!(kind(world.centre.desk_reject(&id, "Luis").await), ErrorKind::Conflict);
    world.centre.desk_reject(&id, "Eva").await.unwrap();
    pass(1).await;
    assert_eq!(offers(&world).await, [(id.clone(), Some("Luis".into()))]);
    // Luis says nothing: after 20 s it waits for anybody, and is not offered to who passed it up.
    pass(20).await;
    let [contact] = <[_; 1]>::try_from(world.centre.desk_contacts().await).unwrap();
    assert_eq!((contact.state, &contact.offer), (DeskState::Queued, &None));
    let how: Vec<_> = contact.passed.iter().map(|it| (it.agent.as_str(), it.how)).collect();
    assert_eq!(how, [("Eva", Declined::Rejected), ("Luis", Declined::Missed)]);
    // Who sets the status anew is asked again; who goes away is not, and leaves no offer behind.
    world.centre.set_agent("Eva", settings(AgentStatus::Available, 1)).await.unwrap();
    pass(1).await;
    assert_eq!(offers(&world).await, [(id.clone(), Some("Eva".into()))]);
    world.centre.set_agent("Eva", settings(AgentStatus::Offline, 1)).await.unwrap();
    pass(1).await;
    assert_eq!(offers(&world).await, [(id.clone(), None)]);
    // Anybody may take what waits, offered or not.
    accept(&world.centre, &id).await;
    assert_eq!(world.centre.desk_contacts().await[0].passed, []);
}

#[tokio::test(start_paused = true)]
async fn an_agent_has_several_chats_and_no_more_than_its_places() {
    let world = World::with_flow(&queue_flow()).await;
    world.centre.set_agent("Eva", settings(AgentStatus::Available, 2)).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.customer().await.contact_id);
        pass(1).await;
    }
    let offered: Vec<_> = offers(&world).await.into_iter().filter_map(|(id, agent)| agent.map(|_| id)).collect();
    assert_eq!(offered, ids[..2]);
    let mut tokens = Vec::new();
    for id in &ids[..2] {
        let agent = accept(&world.centre, id).await;
        tokens.push(connect(&world.centre, &agent.participant_token).await.0);
    }
    let view = &world.centre.agents()[0];
    assert_eq!((view.active, view.offered, view.after_contact), (2, 0, 0));
    // An end without an outcome keeps the place until the work after it is done.
    world.centre.disconnect_participant(&tokens[0]).await.unwrap();
    pass(1).await;
    assert_eq!(offers(&world).await.last().unwrap().1, None);
    assert_eq!(world.centre.agents()[0].after_contact, 1);
    world.centre.desk_outcome(&ids[0], outcome("resolved")).await.unwrap();
    pass(1).await;
    assert_eq!(offers(&world).await.last().unwrap().1.as_deref(), Some("Eva"));
    assert_eq!(world.centre.inspect(&ids[0]).await.unwrap().outcome.unwrap().by, "Eva");
    // With the end at once: nothing is left to do.
    world.centre.desk_end(&ids[1], Some(outcome("follow_up"))).await.unwrap();
    assert_eq!(world.centre.agents()[0].after_contact, 0);
    let inspection = world.centre.inspect(&ids[1]).await.unwrap();
    assert_eq!(inspection.disconnect_reason.as_deref(), Some("AGENT_DISCONNECT"));
    assert_eq!(inspection.outcome.unwrap().code, "follow_up");
    let end = world.centre.desk_end(&ids[2], Some(outcome(""))).await;
    assert_eq!(kind(end), ErrorKind::Conflict);
}

/// A customer who is meant for somebody that has no place does not wait for ever beside people who have.
#[tokio::test(start_paused = true)]
async fn a_transfer_to_who_has_no_place_is_everybodys_after_a_while() {
    for status in [AgentStatus::Busy, AgentStatus::AfterContactWork] {
        let world = World::with_flow(&queue_flow()).await;
        for name in ["Eva", "Luis"] {
            world.centre.set_agent(name, settings(AgentStatus::Available, 3)).await.unwrap();
        }
        let customer = world.customer().await;
        let id = customer.contact_id.clone();
        let agent = accept(&world.centre, &id).await;
        let _there = connect(&world.centre, &agent.participant_token).await;
        world.centre.set_agent("Luis", settings(status, 3)).await.unwrap();
        world.centre.desk_transfer(&id, TransferTo::Agent("Luis".into()), String::new()).await.unwrap();
        pass(119).await;
        assert_eq!(offers(&world).await, [(id.clone(), None)]);
        pass(2).await;
        assert_eq!(offers(&world).await, [(id.clone(), Some("Eva".into()))], "{status:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_transfer_keeps_the_conversation_and_changes_the_person() {
    let world = World::with_flow(&queue_flow()).await;
    for name in ["Eva", "Luis"] {
        world.centre.set_agent(name, settings(AgentStatus::Available, 3)).await.unwrap();
    }
    let mut customer = world.customer().await;
    let id = customer.contact_id.clone();
    let agent = accept(&world.centre, &id).await;
    let (token, _) = connect(&world.centre, &agent.participant_token).await;
    world.say(&token, "Hello").await;
    customer.heard();
    let to = |name: &str| TransferTo::Agent(name.into());
    let refused = [
        (world.centre.desk_transfer(&id, to("Eva"), String::new()).await, ErrorKind::InvalidRequest),
        (world.centre.desk_transfer(&id, to("Nobody"), String::new()).await, ErrorKind::NotFound),
        (
            world.centre.desk_transfer(&id, TransferTo::Queue("Nowhere".into()), String::new()).await,
            ErrorKind::NotFound,
        ),
        (world.centre.desk_transfer(&id, to("Luis"), "n".repeat(1001)).await, ErrorKind::InvalidParameter),
    ];
    for (answer, wanted) in refused {
        assert_eq!(kind(answer), wanted);
    }
    world.centre.desk_transfer(&id, to("Luis"), "has the receipt".into()).await.unwrap();
    assert_eq!(customer.heard(), ["participant.left AGENT", "transfer.succeeded SYSTEM"]);
    assert_eq!(
        kind(world.centre.send_message(&token, crate::world::text_message("x", None)).await),
        ErrorKind::AccessDenied
    );
    assert_eq!(kind(world.centre.desk_transfer(&id, to("Luis"), String::new()).await), ErrorKind::Conflict);
    pass(1).await;
    assert_eq!(offers(&world).await, [(id.clone(), Some("Luis".into()))]);
    let luis = world.centre.desk_accept(&id, "Luis").await.unwrap();
    let (token, _) = connect(&world.centre, &luis.participant_token).await;
    let page = world.centre.get_transcript(&token, GetTranscript { ascending: true, ..GetTranscript::default() }).await;
    assert!(page.unwrap().items.iter().any(|item| item.content.as_deref() == Some("Hello")));
    let contact = &world.centre.desk_contacts().await[0];
    assert_eq!(contact.transfers[0].note, "has the receipt");
    // To a queue: whoever is there.
    world.centre.desk_transfer(&id, TransferTo::Queue("People".into()), String::new()).await.unwrap();
    pass(1).await;
    assert!(offers(&world).await[0].1.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_killed_process_loses_nothing_of_the_desk() {
    let world = World::with_flow(&queue_flow()).await;
    world.centre.set_agent("Eva", settings(AgentStatus::Available, 2)).await.unwrap();
    let ended = world.customer().await.contact_id;
    world.centre.desk_accept(&ended, "Eva").await.unwrap();
    world.centre.desk_end(&ended, None).await.unwrap();
    let id = world.customer().await.contact_id;
    pass(1).await;
    assert!(offers(&world).await[0].1.is_some());
    let flow = queue_flow();
    let config = config(&[("main", flow.as_str())]);
    let again = World::open(config, Arc::new(world.store.reopened()), Arc::default(), START_MS + 2_000).await;
    assert_eq!(offers(&again).await, [(id.clone(), Some("Eva".into()))]);
    let view = &again.centre.agents()[0];
    assert_eq!((view.agent.max_chats, view.offered, view.after_contact), (2, 1, 1));
    // The offer ends when it would have ended.
    pass(20).await;
    assert_eq!(again.centre.desk_contacts().await[0].passed[0].how, Declined::Missed);
    again.centre.desk_close(&ended).await.unwrap();
    assert_eq!(again.centre.agents()[0].after_contact, 0);
}

#[tokio::test(start_paused = true)]
async fn every_contact_has_a_record_with_how_its_attributes_came() {
    let world = World::with_flow(&queue_flow()).await;
    let mut request = crate::world::start();
    request.attributes.insert("language".into(), "es".into());
    let customer = world.customer_with(request).await;
    let id = customer.contact_id.clone();
    let set = [("order".to_owned(), "10020030".to_owned())].into();
    world.centre.update_contact_attributes(INSTANCE, &id, set).await.unwrap();
    world.say(&customer.token, "Hi").await;
    world.centre.disconnect_participant(&customer.token).await.unwrap();
    let open = world.customer().await.contact_id;
    let records = world.centre.records(true).await.unwrap();
    assert_eq!(records.len(), 2);
    assert!(records.iter().any(|it| it.inspection.contact_id == open && it.inspection.ended_at_ms.is_none()));
    let record = records.iter().find(|it| it.inspection.contact_id == id).unwrap();
    assert!(record.items.iter().any(|item| item.content.as_deref() == Some("Hi")));
    let changes: Vec<_> = record.inspection.attribute_changes.iter().map(|it| it.by).collect();
    assert_eq!(changes, [AttributeSource::Start, AttributeSource::Api]);
}

#[tokio::test(start_paused = true)]
async fn each_queue_has_its_own_room_figures_and_agents() {
    let queue =
        |id: &str, capacity| QueueConfig { id: id.into(), name: id.to_uppercase(), staffed_agents: 0, capacity };
    let claims = queue_flow().replace(QUEUE, "claims");
    let mut config = config(&[("main", queue_flow().as_str()), ("claims", claims.as_str())]);
    config.more_queues = vec![queue("claims", Some(1))];
    let world = World::open(config, Arc::default(), Arc::default(), START_MS).await;
    let come = async |flow: &str| {
        let start = StartChatContact { contact_flow_id: flow.into(), ..crate::world::start() };
        let mut customer = world.customer_with(start).await;
        (customer.heard(), customer.contact_id)
    };
    let figures = |id: &str| world.centre.queue_figures(INSTANCE, &[id]).unwrap();

    let (_, first) = come("main").await;
    pass(5).await;
    let (heard, claim) = come("claims").await;
    assert_eq!(
        heard.last().unwrap(),
        "transfer.succeeded SYSTEM",
        "the other queue's contact takes no place in this one"
    );
    let (heard, _) = come("claims").await;
    assert!(heard.contains(&"transfer.failed SYSTEM".to_owned()), "{heard:?}");
    come("main").await;
    let of = |it: QueueFigures| (it.queued, it.oldest_enqueued_ms);
    assert_eq!(of(figures(QUEUE)), (2, Some(START_MS)));
    assert_eq!(of(figures("claims")), (1, Some(START_MS + 5_000)));

    // One agent of claims alone: it is offered what waits there, and counts there alone.
    let of_claims = AgentSettings { queues: Some(vec!["CLAIMS".into()]), ..settings(AgentStatus::Available, 2) };
    world.centre.set_agent("Eva", of_claims).await.unwrap();
    let nobody = AgentSettings { queues: Some(vec!["nowhere".into()]), ..settings(AgentStatus::Available, 2) };
    assert_eq!(kind(world.centre.set_agent("Luis", nobody).await), ErrorKind::NotFound);
    pass(1).await;
    let offered: Vec<String> = world
        .centre
        .desk_contacts()
        .await
        .into_iter()
        .filter(|it| it.offer.is_some())
        .map(|it| it.contact_id)
        .collect();
    assert_eq!(offered, std::slice::from_ref(&claim));
    assert_eq!((figures("claims").staffed, figures(QUEUE).staffed), (1, 0));
    world.centre.desk_accept(&claim, "Eva").await.unwrap();
    // What it does not say again stays.
    world.centre.set_agent("Eva", settings(AgentStatus::Available, 2)).await.unwrap();
    let now = figures("claims");
    assert_eq!((now.queued, now.active, now.on_contact, now.free_places), (0, 1, 1, 1));

    let both = world.centre.queue_figures(INSTANCE, &[QUEUE, "claims"]).unwrap();
    assert_eq!((both.queued, both.staffed, both.on_contact), (2, 1, 1), "who serves one of them counts once");

    // A person's transfer is held against the room of the queue that it goes to.
    world.centre.desk_accept(&first, "Eva").await.unwrap();
    let to = || TransferTo::Queue("CLAIMS".into());
    world.centre.desk_transfer(&first, to(), String::new()).await.unwrap();
    assert_eq!(kind(world.centre.desk_transfer(&claim, to(), String::new()).await), ErrorKind::Conflict);
}
