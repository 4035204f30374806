//! Whatever reaches `start-bot`: no panic, a flat answer for the flow, nobody joins for an event without a contact, and the
//! next good event works.
#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;
use relevo_fuzz::{OTHER, World, connect_event};
use serde_json::Value;

thread_local! {
    static WORLD: LazyCell<World> = LazyCell::new(World::new);
}

fuzz_target!(|input: &[u8]| WORLD.with(|world| run(world, &String::from_utf8_lossy(input))));

fn run(world: &World, event: &str) {
    world.forget();
    let before = world.counts();
    let answer = world.start(event);
    let after = world.counts();
    let fields = answer.as_object().expect("an object");
    assert!(fields.values().all(Value::is_string), "not flat: {answer}");
    let started = answer["status"] == "success";
    assert!(started || answer["status"] == "failure", "{answer}");
    assert!(started || !answer["reason"].as_str().unwrap_or_default().is_empty(), "no reason: {event}");
    assert_eq!(after.asked, before.asked, "start asks no agent: {event}");
    assert_eq!(after.joined - before.joined, usize::from(started), "{answer}: {event}");
    assert_eq!(world.start(&connect_event(OTHER))["status"], "success", "{event}");
    assert_eq!(world.counts().joined, after.joined + 1, "{event}");
}
