//! Message streaming: what a topic gets, when, and that nothing is lost on the way.

use std::{sync::Arc, time::Duration};

use relevo_connect::{ErrorKind, stream::FilterPolicy};

use crate::{
    fakes::Meets,
    world::{GREETING, INSTANCE, START_MS, TOPIC, World, config, kind, pass},
};

#[tokio::test(start_paused = true)]
async fn a_topic_gets_what_is_said_from_now_on() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let streaming = world.stream(id, "s").await;
    assert_eq!(world.stream(id, "s").await, streaming);
    world.say(&customer.token, "help").await;
    pass(1).await;
    {
        let taken = world.topic.taken.lock().unwrap();
        let [(topic, notification)] = taken.as_slice() else { panic!("one notification, not {}", taken.len()) };
        assert_eq!(topic, TOPIC);
        let item: serde_json::Value = serde_json::from_str(&notification.message).unwrap();
        let attributes: Vec<(&str, &str)> =
            notification.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            attributes,
            [
                ("AccountId", "123456789012"),
                ("ContactId", id),
                ("ContentType", "text/plain"),
                ("InitialContactId", id),
                ("InstanceId", INSTANCE),
                ("MessageVisibility", "ALL"),
                ("ParticipantRole", "CUSTOMER"),
                ("Type", "MESSAGE"),
            ]
        );
        let keys: Vec<&String> = item.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "AbsoluteTime",
                "Content",
                "ContentType",
                "Id",
                "Type",
                "ParticipantId",
                "DisplayName",
                "ParticipantRole",
                "InitialContactId",
                "ContactId",
            ]
        );
        let policy = FilterPolicy::parse(r#"{"ParticipantRole":["CUSTOMER"],"Type":["MESSAGE"]}"#).unwrap();
        assert!(policy.matches(notification));
    }
    world.centre.stop_contact_streaming(INSTANCE, id, &streaming).await.unwrap();
    world.centre.stop_contact_streaming(INSTANCE, id, &streaming).await.unwrap();
    world.say(&customer.token, "unheard").await;
    pass(1).await;
    assert_eq!(world.topic.contents(), ["help"]);
    assert_eq!(kind(world.centre.stop_contact_streaming(INSTANCE, id, "other").await), ErrorKind::NotFound);
    world.centre.stop_contact(INSTANCE, id).await.unwrap();
    world.centre.stop_contact_streaming(INSTANCE, id, &streaming).await.unwrap();
    assert_eq!(kind(world.centre.stop_contact_streaming(INSTANCE, "nobody", &streaming).await), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn two_topics_and_each_item_once_for_each() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let id = customer.contact_id.as_str();
    let start =
        |topic: &'static str, token: &'static str| world.centre.start_contact_streaming(INSTANCE, id, topic, token);
    let other = "arn:aws:sns:us-east-1:123456789012:other";
    let third = "arn:aws:sns:us-east-1:123456789012:third";
    start(TOPIC, "a").await.unwrap();
    start(TOPIC, "b").await.unwrap();
    let streaming = start(other, "c").await.unwrap();
    assert_eq!(kind(start(third, "d").await), ErrorKind::LimitExceeded);
    for wrong in ["", "topic", "arn:aws:sqs:us-east-1:123456789012:queue", "arn:aws:sns:us-east-1:123456789012:x.fifo"]
    {
        let started = world.centre.start_contact_streaming(INSTANCE, id, wrong, "e").await;
        assert_eq!(kind(started), ErrorKind::InvalidParameter, "{wrong}");
    }
    let elsewhere = world.centre.start_contact_streaming(INSTANCE, "nobody", TOPIC, "f").await;
    assert_eq!(kind(elsewhere), ErrorKind::NotFound);
    world.say(&customer.token, "once").await;
    pass(1).await;
    let topics: Vec<String> = world.topic.taken.lock().unwrap().iter().map(|(topic, _)| topic.clone()).collect();
    assert_eq!(topics, [TOPIC, other]);
    world.centre.stop_contact_streaming(INSTANCE, id, &streaming).await.unwrap();
    start(third, "g").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_slow_publication_holds_back_no_other() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    world.stream(&customer.contact_id, "s").await;
    world.topic.meets.lock().unwrap().push_back(Meets::Slowness(Duration::from_mins(10)));
    for text in ["one", "two", "three"] {
        world.say(&customer.token, text).await;
    }
    pass(1).await;
    assert_eq!(world.topic.contents(), ["two", "three"]);
    assert_eq!(world.topic.begun.lock().unwrap().len(), 3);
    assert_eq!(world.store.keys("outbox/").len(), 1);
    pass(600).await;
    assert_eq!(world.topic.contents(), ["two", "three", "one"]);
    assert!(world.store.keys("outbox/").is_empty());
}

#[tokio::test(start_paused = true)]
async fn publications_begin_in_order() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    world.stream(&customer.contact_id, "s").await;
    world.topic.meets.lock().unwrap().extend([Meets::Slowness(Duration::from_secs(5)); 30]);
    let texts: Vec<String> = (0..30).map(|n| n.to_string()).collect();
    for text in &texts {
        world.say(&customer.token, text).await;
    }
    pass(10).await;
    let begun: Vec<String> =
        world.topic.begun.lock().unwrap().iter().map(|(_, n)| crate::fakes::brief(&n.message)).collect();
    assert_eq!(begun, texts);
}

#[tokio::test(start_paused = true)]
async fn what_a_topic_does_not_take_is_tried_again() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    world.stream(&customer.contact_id, "s").await;
    world.topic.meets.lock().unwrap().extend([Meets::Failure; 6]);
    world.say(&customer.token, "hard").await;
    pass(0).await;
    world.say(&customer.token, "harder").await;
    pass(60).await;
    let mut contents = world.topic.contents();
    contents.sort();
    assert_eq!(contents, ["hard", "harder"]);
    assert_eq!(world.topic.begun.lock().unwrap().len(), 8);
    assert!(world.store.keys("outbox/").is_empty());
}

#[test]
fn what_was_not_taken_is_published_by_the_next_process() {
    let ids = Arc::default();
    let first = runtime();
    let (store, said) = first.block_on(async {
        let world = World::open(config(&[("main", GREETING)]), Arc::default(), Arc::clone(&ids), START_MS).await;
        let customer = world.customer().await;
        world.stream(&customer.contact_id, "s").await;
        world.topic.meets.lock().unwrap().extend([Meets::Slowness(Duration::from_mins(10)), Meets::Failure]);
        for text in ["slow", "failing", "fine"] {
            world.say(&customer.token, text).await;
        }
        pass(0).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert_eq!(world.topic.contents(), ["fine"]);
        (world.store.reopened(), customer.contact_id)
    });
    drop(first);
    runtime().block_on(async {
        let config = config(&[("main", GREETING)]);
        let world = World::open(config, Arc::new(store), ids, START_MS + 1000).await;
        pass(1).await;
        assert_eq!(world.topic.contents(), ["slow", "failing"], "{said}");
        assert!(world.store.keys("outbox/").is_empty());
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}
