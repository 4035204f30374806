//! Whatever reaches `chat-bot`: no panic, no function error, the agent is asked for a customer's words alone, and the next
//! good event is answered.
#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;
use relevo_fuzz::{CONTACT, OTHER, World, connect_event, item, sns_event, sqs_event};
use relevo_lambdas::events::Batch;
use serde_json::{Value, json};

thread_local! {
    static WORLD: LazyCell<World> = LazyCell::new(World::new);
}

fuzz_target!(|input: &[u8]| WORLD.with(|world| run(world, input)));

fn run(world: &World, input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else { return };
    // As the runtime hands it on.
    let text = String::from_utf8_lossy(rest);
    let event = match kind % 4 {
        0 | 1 => text.into_owned(),
        2 => sns_event(&text),
        _ => sqs_event(&text),
    };
    world.forget();
    for contact in [CONTACT, OTHER] {
        assert_eq!(world.start(&connect_event(contact))["status"], "success");
    }
    let before = world.counts();
    let answer = world.chat(&event);
    let after = world.counts();
    assert!(answer.is_some_and(|it| it == json!({}) || it == json!({"batchItemFailures": []})), "{event}");
    let theirs = Batch::read(&event).records.iter().filter(|it| it.item.as_deref().is_ok_and(customers)).count();
    assert!(after.asked - before.asked <= theirs, "{theirs} messages, {before:?} {after:?}: {event}");
    assert!(theirs > 0 || after.said == before.said, "words for nobody's: {event}");
    assert_eq!(after.joined, before.joined);
    let good = world.chat(&sns_event(&item(OTHER, "the next good one")));
    assert_eq!((good, world.counts().asked), (Some(json!({})), after.asked + 1), "{event}");
}

/// Whether an item is something that a customer sent to the contact: read in another way than the bot reads it.
fn customers(item: &str) -> bool {
    let item: Value = serde_json::from_str(item).unwrap_or_default();
    let is = |name: &str, wanted: &[&str]| item[name].as_str().is_some_and(|it| wanted.contains(&it.trim()));
    is("ParticipantRole", &["CUSTOMER"])
        && is("Type", &["MESSAGE", "ATTACHMENT"])
        && (is("InitialContactId", &[CONTACT]) || is("ContactId", &[CONTACT]))
}
