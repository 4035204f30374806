//! Flows that go round, runs that outlive their flow, and inputs that come at the wrong time.

use serde_json::json;

use super::world::{World, action, end, feed, flow_json, path, single, start};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep};

#[test]
fn a_flow_that_goes_round_without_waiting_ends_its_contact() {
    let round = |kind: &str, parameters| {
        let transitions = json!({"next": "a", "errors": {"NoMatchingError": "a"}});
        Flow::parse(&flow_json(&[action("a", kind, parameters, &transitions)])).unwrap()
    };
    for flow in [
        round("UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "Enabled"})),
        round("MessageParticipant", json!({"Text": "again"})),
        round("UpdateContactTargetQueue", json!({"QueueId": "none"})),
    ] {
        let (run, steps) = start(&flow, &mut World::default());
        assert_eq!(steps.last(), Some(&FlowStep::Disconnect));
        assert_eq!(run.path().len(), 1000);
        assert!(run.path().last().unwrap().outcome.as_ref().unwrap().contains("goes round"));
    }
}

#[test]
fn a_flow_that_goes_round_and_waits_goes_on() {
    let transitions = json!({"errors": {"NoMatchingError": "a"}, "conditions": [["Equals", "WaitCompleted", "a"]]});
    let wait = action("a", "Wait", json!({"TimeLimitSeconds": "1"}), &transitions);
    let flow = Flow::parse(&flow_json(&[wait])).unwrap();
    let mut world = World::default();
    let (mut run, _) = start(&flow, &mut world);
    for _ in 0..3000 {
        world.now_ms += 1000;
        let until_ms = world.now_ms + 1000;
        assert_eq!(feed(&mut run, &flow, &mut world, FlowInput::TimerFired), [FlowStep::Wait { until_ms }]);
    }
    assert_eq!(run.path().len(), 2000);
    assert_eq!(run.path().last().unwrap().outcome, None);
}

#[test]
fn an_error_without_a_branch_ends_the_contact_and_says_so() {
    let flow =
        single(action("a", "MessageParticipant", json!({"Text": "$.Attributes.none"}), &json!({"next": "b"})), &["b"]);
    let (run, steps) = start(&flow, &mut World::default());
    assert_eq!(steps, [FlowStep::Disconnect]);
    assert_eq!(path(&run), ["a:NoMatchingError; Disconnect: no branch for it"]);
    assert_eq!(run.pending(), Some(FlowStep::Disconnect));
}

#[test]
fn a_stored_run_meets_a_changed_flow() {
    let wait = |id: &str| {
        let transitions = json!({"errors": {"NoMatchingError": "z"}, "conditions": [["Equals", "WaitCompleted", "z"]]});
        single(action(id, "Wait", json!({"TimeLimitSeconds": "1"}), &transitions), &["z"])
    };
    let message = single(action("a", "MessageParticipant", json!({"Text": "x"}), &json!({"next": "z"})), &["z"]);
    for (changed, why) in [(wait("b"), "no such action"), (message, "another action")] {
        let mut world = World::default();
        let (mut run, _) = start(&wait("a"), &mut world);
        world.now_ms += 1000;
        assert_eq!(run.step(&changed, &world, FlowInput::TimerFired), Some(FlowStep::Disconnect));
        assert!(path(&run)[0].contains(why), "{:?}", path(&run));
    }
}

/// Every input that does not belong to the step is nothing, and changes nothing.
#[test]
fn inputs_at_the_wrong_time_change_nothing() {
    let all = [
        FlowInput::Start,
        FlowInput::Done,
        FlowInput::Failed,
        FlowInput::QueueAtCapacity,
        FlowInput::Function(Ok(json!({}))),
        FlowInput::TimerFired,
        FlowInput::BotDisconnected,
        FlowInput::CustomerReturned,
    ];
    let error = json!({"next": "z", "errors": {"NoMatchingError": "z"}});
    let waits = json!({"errors": {"NoMatchingError": "z"}, "conditions": [["Equals", "WaitCompleted", "z"]]});
    let cases = [
        ("MessageParticipant", json!({"Text": "x"}), &error, vec![FlowInput::Done, FlowInput::Failed]),
        (
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "1"}),
            &error,
            vec![FlowInput::Function(Ok(json!({})))],
        ),
        // The timer would be that of an earlier wait, and no event is named.
        ("Wait", json!({"TimeLimitSeconds": "9"}), &waits, vec![]),
        (
            "TransferContactToQueue",
            json!({}),
            &error,
            vec![FlowInput::Done, FlowInput::Failed, FlowInput::QueueAtCapacity],
        ),
        ("TransferToFlow", json!({"ContactFlowId": "f"}), &error, vec![FlowInput::Done, FlowInput::Failed]),
        ("DisconnectParticipant", json!({}), &json!({}), vec![]),
        ("EndFlowExecution", json!({}), &json!({}), vec![]),
    ];
    for (kind, parameters, transitions, meant) in cases {
        let flow = single(action("a", kind, parameters, transitions), &["z"]);
        for input in &all {
            let (world, mut run) = (World::default(), FlowRun::new(&flow));
            run.step(&flow, &world, FlowInput::Start).unwrap();
            let before = serde_json::to_value(&run).unwrap();
            let step = run.step(&flow, &world, input.clone());
            assert_eq!(step.is_some(), meant.contains(input), "{kind} {input:?}");
            if step.is_none() {
                assert_eq!(serde_json::to_value(&run).unwrap(), before, "{kind} {input:?}");
            }
        }
    }
}

#[test]
fn a_run_begins_with_start_alone() {
    let flow = Flow::parse(&flow_json(&end("a"))).unwrap();
    let mut run = FlowRun::new(&flow);
    assert_eq!(run.step(&flow, &World::default(), FlowInput::Done), None);
    assert_eq!((run.pending(), run.path().len()), (None, 0));
    assert_eq!(run.step(&flow, &World::default(), FlowInput::Start), Some(FlowStep::Say { text: "a".into() }));
}
