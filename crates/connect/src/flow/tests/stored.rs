//! Runs that earlier versions have stored go on.

use serde_json::{Value, json};

use super::world::{World, action, end, flow_json};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep};

/// As the first version stored it: without what actions leave behind.
fn stored(position: &Value) -> FlowRun {
    let run = json!({
        "position": position,
        "memory": {"external": {"status": "ok"}, "flow_attributes": {"f": "x"}, "loops": {"l": 1}},
        "path": [{"identifier": "w", "actionType": "Wait", "outcome": null, "atMs": 1}],
        "burst": 3,
    });
    serde_json::from_value(run).unwrap()
}

#[test]
fn a_run_of_the_first_version_goes_on() {
    let conditions = json!({"conditions": [["Equals", "WaitCompleted", "s"]], "errors": {"NoMatchingError": "s"}});
    let said = json!({"Text": "$.External.status $.FlowAttributes.f [$.StoredCustomerInput]"});
    let mut actions = vec![
        action("w", "Wait", json!({"TimeLimitSeconds": "5"}), &conditions),
        action("s", "MessageParticipant", said, &json!({"next": "done"})),
    ];
    actions.extend(end("done"));
    let flow = Flow::parse(&flow_json(&actions)).unwrap();
    let mut run = stored(&json!({"At": {"identifier": "w", "step": {"Wait": {"until_ms": 10}}}}));
    let step = run.step(&flow, &World::default(), FlowInput::TimerFired);
    assert_eq!(step, Some(FlowStep::Say { text: "ok x []".into() }));
}

#[test]
fn every_step_of_the_first_version_is_read() {
    for step in [
        json!({"Say": {"text": "x"}}),
        json!({"SetAttributes": {"a": "b"}}),
        json!({"SetContactData": {"Name": "b"}}),
        json!({"SetTargetQueue": {"queue": "q"}}),
        json!({"SetEventHooks": {"CustomerQueue": "f"}}),
        json!({"Invoke": {"arn": "f", "parameters": {}, "time_limit_ms": 8000}}),
        json!({"Wait": {"until_ms": 1}}),
        json!("TransferToQueue"),
        json!({"TransferToFlow": {"flow": "f"}}),
        json!("Disconnect"),
        json!("End"),
    ] {
        let run = stored(&json!({"At": {"identifier": "w", "step": step}}));
        assert_eq!(serde_json::to_value(run.pending()).unwrap(), step);
    }
}
