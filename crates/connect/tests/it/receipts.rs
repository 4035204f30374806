//! Receipts: who hears of them, and what the transcript keeps.

use std::sync::{Arc, atomic::Ordering};

use relevo_connect::{
    api::{GetTranscript, Send},
    item::{MessageMetadata, event},
};
use secrecy::SecretString;

use crate::{
    fakes::Counted,
    world::{GREETING, START_MS, World, config, pass},
};

fn receipt(content_type: &str, id: &str) -> Send {
    let content = Some(format!(r#"{{"messageId":"{id}"}}"#));
    Send { content_type: content_type.into(), content, client_token: None }
}

/// The receipts of a message, as a participant reads them.
async fn kept(world: &World, token: &SecretString, id: &str) -> Option<MessageMetadata> {
    let all = GetTranscript { max_results: Some(100), ..GetTranscript::default() };
    let page = world.centre.get_transcript(token, all).await.unwrap();
    page.items.into_iter().find(|item| item.id == id).unwrap().message_metadata
}

#[tokio::test(start_paused = true)]
async fn the_transcript_keeps_the_first_of_each_and_over_a_restart() {
    let world = World::with_flow(GREETING).await;
    let customer = world.customer().await;
    let bot = world.bot(&customer.contact_id).await;
    world.stream(&customer.contact_id, "s").await;
    let sent = world.say(&customer.token, "read me").await;
    assert_eq!(kept(&world, &bot, &sent.id).await, None);

    world.centre.send_event(&bot, receipt(event::READ, &sent.id)).await.unwrap();
    pass(1).await;
    world.centre.send_event(&bot, receipt(event::DELIVERED, &sent.id)).await.unwrap();
    let both = kept(&world, &customer.token, &sent.id).await.unwrap();
    assert_eq!((both.message_id.as_str(), both.receipts.len()), (sent.id.as_str(), 1), "one for each recipient");
    let (read, delivered) = (both.receipts[0].read_timestamp.clone(), both.receipts[0].delivered_timestamp.clone());
    assert!(read.is_some() && read < delivered, "as they came: {both:?}");

    let commits = world.store.commits.load(Ordering::Relaxed);
    pass(1).await;
    world.centre.send_event(&bot, receipt(event::READ, &sent.id)).await.unwrap();
    assert_eq!(kept(&world, &customer.token, &sent.id).await, Some(both.clone()), "the first counts");
    assert_eq!(world.store.commits.load(Ordering::Relaxed), commits, "nothing is new");
    let streamed = world.topic.contents();
    assert!(!streamed.iter().any(|item| item.contains("message.")), "no topic hears of receipts: {streamed:?}");

    let flows = config(&[("main", GREETING)]);
    let again = World::open(flows, Arc::new(world.store.reopened()), Arc::new(Counted::default()), START_MS).await;
    assert_eq!(kept(&again, &customer.token, &sent.id).await, Some(both));
}

#[tokio::test(start_paused = true)]
async fn the_flows_words_have_no_sender_to_tell() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    let items = world.centre.transcript(&customer.contact_id).await.unwrap();
    let hello = items.iter().find(|item| item.content.as_deref() == Some("Hello")).unwrap();
    customer.heard();
    world.centre.send_event(&customer.token, receipt(event::READ, &hello.id)).await.unwrap();
    assert_eq!(kept(&world, &customer.token, &hello.id).await, None);
    assert!(customer.heard().is_empty());
}
