//! Flows that the API makes: drafts, what is published, names, and all of it after a restart.

use std::sync::Arc;

use relevo_connect::{
    ErrorKind,
    api::{
        Attributes, StartChatContact,
        flows::{CreateContactFlow, UpdateContactFlow},
    },
    flow::FlowKind,
};

use crate::world::{GREETING, INSTANCE, START_MS, World, config, kind, start};

fn create(name: &str, content: &str) -> CreateContactFlow {
    CreateContactFlow {
        instance_id: INSTANCE.into(),
        name: name.into(),
        kind: FlowKind::Inbound,
        description: None,
        content: content.into(),
        publish: true,
        tags: Attributes::new(),
    }
}

fn rename(flow_id: &str, name: &str) -> UpdateContactFlow {
    UpdateContactFlow {
        instance_id: INSTANCE.into(),
        flow_id: flow_id.into(),
        name: Some(name.into()),
        description: None,
        archived: None,
    }
}

/// What the flow's customer hears first.
async fn heard(world: &World, flow_id: &str) -> String {
    let request = StartChatContact { contact_flow_id: flow_id.into(), ..start() };
    world.customer_with(request).await.heard().remove(1)
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_not_run_until_it_is_published() {
    let world = World::with_flow(GREETING).await;
    let (id, arn) = world.centre.create_contact_flow(create("Two", GREETING)).await.unwrap();
    assert_eq!(heard(&world, &id).await, "Hello");
    let second = GREETING.replace("Hello", "Good evening");
    let draft = format!("{arn}:$SAVED");
    world.centre.update_contact_flow_content(INSTANCE, &draft, second.clone()).await.unwrap();
    assert_eq!(heard(&world, &id).await, "Hello");
    let described = world.centre.describe_contact_flow(INSTANCE, &draft).await.unwrap();
    assert_eq!((described.content, described.summary.published), (second.clone(), false));
    assert_eq!(world.centre.describe_contact_flow(INSTANCE, &id).await.unwrap().content, GREETING);
    world.centre.update_contact_flow_content(INSTANCE, &arn, second.clone()).await.unwrap();
    assert_eq!(heard(&world, &id).await, "Good evening");
    let described = world.centre.describe_contact_flow(INSTANCE, &draft).await.unwrap();
    assert_eq!((described.content, described.summary.published), (second, true));
}

#[tokio::test(start_paused = true)]
async fn made_flows_are_there_after_a_restart() {
    let world = World::with_flow(GREETING).await;
    let (id, _) = world.centre.create_contact_flow(create("Two", GREETING)).await.unwrap();
    world.centre.update_contact_flow(rename(&id, "Second")).await.unwrap();
    let store = Arc::new(world.store.reopened());
    let next = World::open(config(&[("main", GREETING)]), store, Arc::default(), START_MS).await;
    assert_eq!(heard(&next, &id).await, "Hello");
    let listed = next.centre.list_contact_flows(INSTANCE).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|flow| flow.name.as_str()).collect();
    assert_eq!(names, ["The flow main", "Second"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_or_changed() {
    let world = World::with_flow(GREETING).await;
    let centre = &world.centre;
    let (id, _) = centre.create_contact_flow(create("Two", GREETING)).await.unwrap();
    for taken in ["Two", "The flow main"] {
        assert_eq!(kind(centre.create_contact_flow(create(taken, GREETING)).await), ErrorKind::DuplicateResource);
    }
    assert_eq!(kind(centre.update_contact_flow(rename(&id, "The flow main")).await), ErrorKind::DuplicateResource);
    centre.update_contact_flow(rename(&id, "Two")).await.expect("its own name is not taken by another");

    let wrong = GREETING.replace(r#""NextAction":"wait""#, r#""NextAction":"nowhere""#);
    let refused = centre.create_contact_flow(create("Wrong", &wrong)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidContactFlow);
    assert!(refused.problems.iter().any(|problem| problem.contains("nowhere")), "{:?}", refused.problems);
    let other_queue = crate::world::queue_flow().replace(crate::world::QUEUE, "another");
    assert_eq!(kind(centre.create_contact_flow(create("Q", &other_queue)).await), ErrorKind::InvalidContactFlow);
    assert_eq!(kind(centre.create_contact_flow(create("Empty", "")).await), ErrorKind::InvalidParameter);

    let draft = CreateContactFlow { publish: false, ..create("Draft", &wrong) };
    let (draft, _) = centre.create_contact_flow(draft).await.expect("a draft is not checked");
    let described = centre.describe_contact_flow(INSTANCE, &draft).await;
    assert_eq!(kind(described), ErrorKind::ContactFlowNotPublished);
    let started = centre.start_chat_contact(StartChatContact { contact_flow_id: draft, ..start() }).await;
    assert_eq!(kind(started), ErrorKind::NotFound);

    let of_a_file = centre.update_contact_flow_content(INSTANCE, "main", GREETING.into()).await;
    assert_eq!(kind(of_a_file), ErrorKind::InvalidRequest);
    assert_eq!(kind(centre.update_contact_flow(rename("nobody", "x")).await), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_could_not_be_stored_is_not_there() {
    let world = World::with_flow(GREETING).await;
    world.store.fails.store(1, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(kind(world.centre.create_contact_flow(create("Two", GREETING)).await), ErrorKind::Internal);
    assert_eq!(world.centre.list_contact_flows(INSTANCE).await.unwrap().len(), 1);
    world.centre.create_contact_flow(create("Two", GREETING)).await.expect("its name is free");
}
