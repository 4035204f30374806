//! The demo's flow: whatever happens, the customer reads a word in their language and reaches a person.

use serde_json::json;

use super::world::{World, feed, said, start};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep};

const QUEUE: &str = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000001/queue/00000000-0000-4000-8000-000000000010";

fn flow() -> Flow {
    let text = include_str!("../../../../../examples/envios/flow.json");
    Flow::parse(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn world(attributes: &[(&str, &str)]) -> World {
    let mut world = World::with_attributes(attributes);
    world.queues = vec![QUEUE.into()];
    world.metrics.insert("staffed", 1);
    world
}

fn success() -> FlowInput {
    FlowInput::Function(Ok(json!({"status": "success", "reason": ""})))
}

/// A run at the `Wait`, the bot in the chat.
fn with_bot(flow: &Flow, world: &mut World) -> FlowRun {
    let (mut run, steps) = start(flow, world);
    assert!(matches!(steps.as_slice(), [FlowStep::Say { .. }, FlowStep::Invoke { time_limit_ms: 8000, .. }]));
    world.bot = true;
    let steps = feed(&mut run, flow, world, success());
    assert_eq!(steps, [FlowStep::Wait { until_ms: world.now_ms + 86_400_000 }]);
    run
}

/// What comes after the flow has had the bot leave, however that went.
fn bot_leaves(run: &mut FlowRun, flow: &Flow, world: &mut World, mut steps: Vec<FlowStep>) -> Vec<FlowStep> {
    let leave = |step: &FlowStep| matches!(step, FlowStep::Invoke { parameters, time_limit_ms: 4000, .. } if parameters["bot"] == "leave");
    assert!(steps.last().is_some_and(leave), "{steps:?}");
    steps.extend(feed(run, flow, world, FlowInput::Function(Err("no function".into()))));
    steps
}

fn ends_in_queue(steps: &[FlowStep]) -> bool {
    steps.contains(&FlowStep::SetTargetQueue { queue: QUEUE.into() })
        && steps.last() == Some(&FlowStep::TransferToQueue)
}

#[test]
fn it_has_no_warnings() {
    assert_eq!(flow().warnings(), []);
}

#[test]
fn a_word_in_the_customers_language_comes_before_the_bot() {
    for (attributes, first) in
        [(&[][..], "Hola."), (&[("language", "es")], "Hola."), (&[("language", "en-US")], "Hello.")]
    {
        let (_, steps) = start(&flow(), &mut world(attributes));
        assert!(said(&steps)[0].starts_with(first), "{attributes:?}");
    }
}

#[test]
fn an_escalation_reaches_the_queue_in_the_language_of_the_escalation() {
    for (attributes, word) in [
        (&[][..], "Te estamos transfiriendo"),
        (&[("language", "en")], "We are transferring"),
        (&[("language", "es"), ("escalationLanguage", "en")], "We are transferring"),
        (&[("language", "en"), ("escalationLanguage", "es-CL")], "Te estamos transfiriendo"),
        (&[("language", "en"), ("escalationLanguage", "pt")], "We are transferring"),
    ] {
        let (flow, mut world) = (flow(), world(attributes));
        let mut run = with_bot(&flow, &mut world);
        world.attributes.insert("functionName".into(), "escalate".into());
        world.bot = false;
        let steps = feed(&mut run, &flow, &mut world, FlowInput::BotDisconnected);
        assert!(ends_in_queue(&steps), "{steps:?}");
        assert_eq!(said(&steps).len(), 1);
        assert!(said(&steps)[0].starts_with(word), "{attributes:?}: {steps:?}");
        assert_eq!(run.step(&flow, &world, FlowInput::Done), Some(FlowStep::End));
    }
}

#[test]
fn a_bot_that_hands_over_before_the_flow_waits_reaches_the_queue_too() {
    let (flow, mut world) = (flow(), world(&[]));
    let (mut run, _) = start(&flow, &mut world);
    world.bot = false;
    world.attributes.insert("functionName".into(), "escalate".into());
    assert_eq!(run.step(&flow, &world, FlowInput::BotDisconnected), None);
    let steps = feed(&mut run, &flow, &mut world, success());
    assert!(ends_in_queue(&steps));
    assert_eq!(said(&steps).len(), 1, "nothing but the transfer is spoken of: {steps:?}");
}

#[test]
fn a_bot_that_cannot_start_or_vanishes_leads_to_a_person_with_an_honest_word() {
    let answers = [
        FlowInput::Function(Err("no function".into())),
        FlowInput::Function(Ok(json!({"status": "failure", "reason": "x"}))),
        FlowInput::Function(Ok(json!({}))),
        FlowInput::Function(Ok(json!(null))),
        success(),
    ];
    for answer in answers {
        let (flow, mut world) = (flow(), world(&[("language", "en")]));
        world.bot = false;
        let (mut run, _) = start(&flow, &mut world);
        let steps = feed(&mut run, &flow, &mut world, answer.clone());
        let steps = bot_leaves(&mut run, &flow, &mut world, steps);
        assert!(ends_in_queue(&steps), "{answer:?}");
        assert!(said(&steps)[0].contains("not available"), "{answer:?}");
    }
}

#[test]
fn a_wait_that_is_over_leads_to_a_person() {
    let (flow, mut world) = (flow(), world(&[]));
    let mut run = with_bot(&flow, &mut world);
    world.now_ms += 86_400_000;
    let steps = feed(&mut run, &flow, &mut world, FlowInput::TimerFired);
    let steps = bot_leaves(&mut run, &flow, &mut world, steps);
    assert!(ends_in_queue(&steps));
    assert_eq!(said(&steps).len(), 2);
}

#[test]
fn a_bot_that_left_without_saying_why_leaves_nobody_alone() {
    let (flow, mut world) = (flow(), world(&[]));
    let mut run = with_bot(&flow, &mut world);
    let steps = feed(&mut run, &flow, &mut world, FlowInput::BotDisconnected);
    let steps = bot_leaves(&mut run, &flow, &mut world, steps);
    assert!(ends_in_queue(&steps));
    assert!(said(&steps)[0].contains("no está disponible"));
}

#[test]
fn when_nobody_is_there_the_customer_is_told_and_still_queued() {
    for (hours, staffed, nobody) in [
        (Some(true), Some(1), false),
        (Some(true), Some(0), true),
        (Some(false), Some(1), true),
        (None, Some(0), true),
        (None, None, false),
    ] {
        let (flow, mut world) = (flow(), world(&[("language", "en"), ("functionName", "escalate")]));
        world.hours = hours;
        world.metrics.remove("staffed");
        world.metrics.extend(staffed.map(|n| ("staffed", n)));
        let mut run = with_bot(&flow, &mut world);
        let steps = feed(&mut run, &flow, &mut world, FlowInput::BotDisconnected);
        assert!(ends_in_queue(&steps));
        assert_eq!(said(&steps)[0].contains("Nobody"), nobody, "{hours:?} {staffed:?}");
    }
}

#[test]
fn a_queue_that_does_not_take_the_customer_ends_with_a_word() {
    for (refusal, word) in [(FlowInput::QueueAtCapacity, "too many"), (FlowInput::Failed, "failure of ours")] {
        let (flow, mut world) = (flow(), world(&[("language", "en"), ("functionName", "escalate")]));
        let mut run = with_bot(&flow, &mut world);
        feed(&mut run, &flow, &mut world, FlowInput::BotDisconnected);
        let steps = feed(&mut run, &flow, &mut world, refusal);
        assert!(said(&steps)[0].contains(word));
        assert_eq!(steps.last(), Some(&FlowStep::Disconnect));
    }
    let (flow, mut world) = (flow(), world(&[("functionName", "escalate")]));
    world.queues.clear();
    let mut run = with_bot(&flow, &mut world);
    let steps = feed(&mut run, &flow, &mut world, FlowInput::BotDisconnected);
    assert!(said(&steps)[0].contains("falla nuestra"));
    assert_eq!(steps.last(), Some(&FlowStep::Disconnect));
}
