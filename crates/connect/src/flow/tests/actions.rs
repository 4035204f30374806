//! Each action: what it asks of the centre, and which way is taken for each answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::world::{World, action, feed, path, single, start};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep};

/// The way out of the action `a` for an input at its step.
fn way(flow: &Flow, world: &mut World, input: FlowInput) -> String {
    let (mut run, _) = start(flow, world);
    feed(&mut run, flow, world, input);
    taken(&run)
}

/// Which action the path came to after the first, or how the first was left when there is none.
fn taken(run: &FlowRun) -> String {
    match run.path().get(1) {
        Some(step) => step.identifier.clone(),
        None => path(run).join(" "),
    }
}

fn straight() -> Value {
    json!({"next": "ok", "errors": {"NoMatchingError": "failed"}})
}

fn straight_flow(kind: &str, parameters: Value) -> Flow {
    single(action("a", kind, parameters, &straight()), &["ok", "failed"])
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

#[test]
fn steps_with_an_answer() {
    for (kind, parameters, step) in [
        ("MessageParticipant", json!({"Text": "Hi $.Attributes.name"}), FlowStep::Say { text: "Hi Ana".into() }),
        (
            "UpdateContactAttributes",
            json!({"Attributes": {"a": "$.Attributes.name", "b": "$.Attributes.none"}, "TargetContact": "Current"}),
            FlowStep::SetAttributes(map(&[("a", "Ana"), ("b", "")])),
        ),
        (
            "UpdateContactData",
            json!({"LanguageCode": "es-US", "Name": "$.Attributes.name"}),
            FlowStep::SetContactData(map(&[("LanguageCode", "es-US"), ("Name", "Ana")])),
        ),
        (
            "UpdateContactTargetQueue",
            json!({"QueueId": "q$.Attributes.none"}),
            FlowStep::SetTargetQueue { queue: "q".into() },
        ),
        (
            "UpdateContactEventHooks",
            json!({"EventHooks": {"CustomerQueue": "f"}}),
            FlowStep::SetEventHooks(map(&[("CustomerQueue", "f")])),
        ),
        (
            "UpdateContactRoutingBehavior",
            json!({"QueueTimeAdjustmentSeconds": "-10"}),
            FlowStep::SetRouting { priority: None, age_s: Some(-10) },
        ),
        ("TagContact", json!({"Tags": {"k": "$.Attributes.name"}}), FlowStep::SetTags(map(&[("k", "Ana")]))),
        ("UntagContact", json!({"TagKeys": ["k"]}), FlowStep::RemoveTags(vec!["k".into()])),
    ] {
        let flow = straight_flow(kind, parameters);
        let mut world = World::with_attributes(&[("name", "Ana")]);
        for (input, expected) in [(FlowInput::Done, "ok"), (FlowInput::Failed, "failed")] {
            let mut run = FlowRun::new(&flow);
            assert_eq!(run.step(&flow, &world, FlowInput::Start).as_ref(), Some(&step), "{kind}");
            feed(&mut run, &flow, &mut world, input);
            assert_eq!(taken(&run), expected, "{kind}");
        }
    }
}

#[test]
fn a_parameter_that_may_not_be_empty_takes_the_error_branch() {
    for (kind, parameters) in [
        ("MessageParticipant", json!({"Text": "$.Attributes.none"})),
        ("UpdateContactTargetQueue", json!({"QueueId": "$.Attributes.none"})),
        ("TransferToFlow", json!({"ContactFlowId": "$.Attributes.none"})),
        ("UpdateContactEventHooks", json!({"EventHooks": {"CustomerQueue": "$.Attributes.none"}})),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "$.Attributes.none", "InvocationTimeLimitSeconds": "1"})),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "$.Attributes.none"})),
    ] {
        let (run, _) = start(&straight_flow(kind, parameters), &mut World::default());
        assert_eq!(taken(&run), "failed", "{kind}");
    }
}

#[test]
fn settings_go_on_at_once() {
    for (kind, parameters) in [
        ("UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "Disabled"})),
        ("UpdateContactRecordingBehavior", json!({"RecordingBehavior": {"RecordedParticipants": ["Agent"]}})),
        ("UpdateContactTextToSpeechVoice", json!({"TextToSpeechVoice": "Lupe", "TextToSpeechEngine": "Neural"})),
        ("UpdateFlowAttributes", json!({"FlowAttributes": {"k": {"Value": "v"}}})),
        ("UpdateContactData", json!({})),
    ] {
        let (run, _) = start(&straight_flow(kind, parameters), &mut World::default());
        assert_eq!(path(&run)[..2], ["a:Success", "ok:Success"], "{kind}");
    }
}

fn lambda(response: &str) -> Flow {
    let parameters = json!({
        "LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "3", "InvocationType": "SYNCHRONOUS",
        "LambdaInvocationAttributes": {"who": "$.Attributes.name", "none": "$.Attributes.none"},
        "ResponseValidation": {"ResponseType": response},
    });
    straight_flow("InvokeLambdaFunction", parameters)
}

#[test]
fn a_function_is_called_and_its_answer_judged() {
    let mut world = World::with_attributes(&[("name", "Ana")]);
    let (_, steps) = start(&lambda("JSON"), &mut world);
    let parameters = map(&[("none", ""), ("who", "Ana")]);
    assert_eq!(steps, [FlowStep::Invoke { arn: "f".into(), parameters, time_limit_ms: 3000 }]);

    // {"k":""} is 8 bytes.
    let (largest, too_large) = (json!({"k": "x".repeat(32 * 1024 - 8)}), json!({"k": "x".repeat(32 * 1024 - 7)}));
    for (answer, as_map, as_json) in [
        (json!({}), "ok", "ok"),
        (json!({"a": "b"}), "ok", "ok"),
        (json!({"a": 1}), "failed", "ok"),
        (json!({"a": null}), "failed", "ok"),
        (json!({"a": {"b": "c"}}), "failed", "ok"),
        (json!([]), "failed", "failed"),
        (json!("text"), "failed", "failed"),
        (json!(null), "failed", "failed"),
        (largest, "ok", "ok"),
        (too_large, "failed", "failed"),
    ] {
        for (kind, expected) in [("STRING_MAP", as_map), ("JSON", as_json)] {
            let input = FlowInput::Function(Ok(answer.clone()));
            assert_eq!(way(&lambda(kind), &mut world, input), expected, "{kind} {:.60}", answer.to_string());
        }
    }
    assert_eq!(way(&lambda("JSON"), &mut world, FlowInput::Function(Err("throttled".into()))), "failed");
}

#[test]
fn each_call_leaves_its_own_answer_or_none() {
    let call = |id: &str, next: &str| {
        let parameters = json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "1"});
        action(id, "InvokeLambdaFunction", parameters, &json!({"next": next, "errors": {"NoMatchingError": next}}))
    };
    let message =
        action("m", "MessageParticipant", json!({"Text": "[$.External.x$.External.y]"}), &json!({"next": "z"}));
    let actions = [vec![call("a", "b"), call("b", "m"), message], super::world::end("z").to_vec()].concat();
    let flow = Flow::parse(&super::world::flow_json(&actions)).unwrap();
    for (second, expected) in [(Ok(json!({"y": "2"})), "[2]"), (Err(String::new()), "[]"), (Ok(json!({"y": 2})), "[]")]
    {
        let mut world = World::default();
        let (mut run, _) = start(&flow, &mut world);
        feed(&mut run, &flow, &mut world, FlowInput::Function(Ok(json!({"x": "1"}))));
        let steps = feed(&mut run, &flow, &mut world, FlowInput::Function(second));
        assert_eq!(steps[0], FlowStep::Say { text: expected.into() });
    }
}

fn wait(limit: &str, events: &[&str]) -> Flow {
    let conditions: Vec<Value> = ["WaitCompleted"].iter().chain(events).map(|e| json!(["Equals", e, e])).collect();
    let errors = json!({"NoMatchingError": "failed", "ParticipantNotFound": "nobody"});
    let transitions = json!({"conditions": conditions, "errors": errors});
    let parameters = json!({"TimeLimitSeconds": limit, "Events": events});
    let ends = ["failed", "nobody", "WaitCompleted", "BotParticipantDisconnected", "CustomerReturned"];
    single(action("a", "Wait", parameters, &transitions), &ends)
}

#[test]
fn waiting() {
    let (bot, customer) = ("BotParticipantDisconnected", "CustomerReturned");
    for (events, bot_present, input, after_ms, expected) in [
        (&[bot][..], true, FlowInput::BotDisconnected, 0, bot),
        (&[bot], true, FlowInput::CustomerReturned, 0, "a:-"),
        (&[bot], true, FlowInput::TimerFired, 4_999, "a:-"),
        (&[bot], true, FlowInput::TimerFired, 5_000, "WaitCompleted"),
        (&[bot], false, FlowInput::BotDisconnected, 0, "nobody"),
        (&[customer], false, FlowInput::CustomerReturned, 0, customer),
        (&[customer], true, FlowInput::BotDisconnected, 0, "a:-"),
        (&[customer, bot], true, FlowInput::BotDisconnected, 0, bot),
        (&[], false, FlowInput::TimerFired, 5_000, "WaitCompleted"),
    ] {
        let flow = wait("$.Attributes.limit", events);
        let mut world = World::with_attributes(&[("limit", "5")]);
        world.bot = bot_present;
        let (mut run, _) = start(&flow, &mut world);
        world.now_ms += after_ms;
        feed(&mut run, &flow, &mut world, input.clone());
        assert_eq!(taken(&run), expected, "{events:?} {input:?}");
    }
}

#[test]
fn a_time_limit_that_is_none_takes_the_error_branch() {
    for limit in ["", "0", "604801", "1.5", "soon", "-1"] {
        let (run, _) = start(&wait("$.Attributes.limit", &[]), &mut World::with_attributes(&[("limit", limit)]));
        assert_eq!(taken(&run), "failed", "{limit}");
    }
}

fn branching(kind: &str, parameters: Value, conditions: &[(&str, &str, &str)]) -> Flow {
    let conditions: Vec<Value> = conditions.iter().map(|(op, value, to)| json!([op, value, to])).collect();
    let mut errors = json!({"NoMatchingCondition": "none"});
    if kind != "Compare" {
        errors["NoMatchingError"] = json!("failed");
    }
    let transitions = json!({"conditions": conditions, "errors": errors});
    single(action("a", kind, parameters, &transitions), &["none", "failed", "x", "y", "z"])
}

#[test]
fn comparing() {
    let conditions = [
        ("Equals", "one", "x"),
        ("TextStartsWith", "o", "y"),
        ("NumberGreaterThan", "10", "x"),
        ("NumberGreaterOrEqualTo", "5", "y"),
        ("NumberLessThan", "0", "z"),
        ("Equals", "$.Attributes.other", "z"),
        ("TextEndsWith", "!", "x"),
        ("TextContains", "needle", "y"),
        ("NumberLessOrEqualTo", "0.5", "x"),
    ];
    let flow = branching("Compare", json!({"ComparisonValue": "$.Attributes.v"}), &conditions);
    for (value, expected) in [
        ("one", "x"),
        ("other", "y"),
        ("One", "none"),
        ("11", "x"),
        ("5", "y"),
        ("-3", "z"),
        ("0.25", "x"),
        ("3", "none"),
        ("the same", "z"),
        ("stop!", "x"),
        ("a needle here", "y"),
        ("", "none"),
    ] {
        let (run, _) = start(&flow, &mut World::with_attributes(&[("v", value), ("other", "the same")]));
        assert_eq!(taken(&run), expected, "{value}");
    }
    let (run, _) = start(&flow, &mut World::with_attributes(&[("v", "12"), ("other", "o")]));
    assert_eq!(path(&run)[0], "a:NumberGreaterThan 10");
}

#[test]
fn hours() {
    for (parameters, hours, expected) in [
        (json!({}), Some(true), "x"),
        (json!({}), Some(false), "y"),
        (json!({}), None, "failed"),
        (json!({"HoursOfOperationId": "h"}), Some(true), "x"),
        (json!({"HoursOfOperationId": "other"}), Some(true), "failed"),
        (json!({"HoursOfOperationId": "$.Attributes.none"}), Some(true), "failed"),
    ] {
        let flow = branching("CheckHoursOfOperation", parameters, &[("Equals", "True", "x"), ("Equals", "False", "y")]);
        let (run, _) = start(&flow, &mut World { hours, ..World::default() });
        assert_eq!(taken(&run), expected);
    }
}

#[test]
fn metrics() {
    let metrics = [("available", 0), ("staffed", 3), ("queued", 7), ("oldest", 300_000)].into();
    let mut world = World { metrics, ..World::default() };
    let agents = [("NumberGreaterThan", "0", "x")];
    let queue =
        [("NumberGreaterThan", "7", "x"), ("NumberLessOrEqualTo", "7", "y"), ("NumberGreaterOrEqualTo", "300000", "z")];
    for (kind, conditions, expected) in [
        ("NumberOfAgentsAvailable", &agents[..], "none"),
        ("NumberOfAgentsStaffed", &agents, "x"),
        ("NumberOfAgentsOnline", &agents, "failed"),
        ("NumberOfContactsInQueue", &queue, "y"),
        ("OldestContactInQueueAgeSeconds", &queue[2..], "z"),
    ] {
        let flow = branching("CheckMetricData", json!({"MetricType": kind}), conditions);
        let (run, _) = start(&flow, &mut world);
        assert_eq!(taken(&run), expected, "{kind}");
    }
    for (queue, expected) in [("q", "x"), ("other", "failed"), ("$.Attributes.none", "failed")] {
        let flow =
            branching("CheckMetricData", json!({"MetricType": "NumberOfAgentsStaffed", "QueueId": queue}), &agents);
        assert_eq!(taken(&start(&flow, &mut world).0), expected, "{queue}");
    }
}

#[test]
fn percentages() {
    let flow =
        branching("DistributeByPercentage", json!({}), &[("NumberLessThan", "31", "x"), ("NumberLessThan", "51", "y")]);
    for (percentile, expected) in [(0, "x"), (29, "x"), (30, "y"), (49, "y"), (50, "none"), (99, "none"), (255, "none")]
    {
        let (run, _) = start(&flow, &mut World { percentile, ..World::default() });
        assert_eq!(taken(&run), expected, "{percentile}");
    }
}

#[test]
fn loops() {
    for (count, rounds) in [("0", 0), ("1", 1), ("3", 3), ("$.Attributes.n", 2), ("$.Attributes.none", 0)] {
        let conditions = json!([["Equals", "ContinueLooping", "m"], ["Equals", "DoneLooping", "w"]]);
        let wait = json!({"conditions": [["Equals", "WaitCompleted", "a"]], "errors": {"NoMatchingError": "a"}});
        let flow = Flow::parse(&super::world::flow_json(&[
            action("a", "Loop", json!({"LoopCount": count}), &json!({"conditions": conditions})),
            action("m", "MessageParticipant", json!({"Text": "round"}), &json!({"next": "a"})),
            action("w", "Wait", json!({"TimeLimitSeconds": "1"}), &wait),
        ]))
        .unwrap();
        let mut world = World::with_attributes(&[("n", "2")]);
        let (mut run, steps) = start(&flow, &mut world);
        assert_eq!(super::world::said(&steps).len(), rounds, "{count}");
        // Coming back to it begins it anew.
        world.now_ms += 1000;
        let steps = feed(&mut run, &flow, &mut world, FlowInput::TimerFired);
        assert_eq!(super::world::said(&steps).len(), rounds, "{count} again");
    }
}

#[test]
fn the_ways_into_the_queue() {
    let all = json!({"NoMatchingError": "failed", "QueueAtCapacity": "full"});
    let both = single(action("a", "TransferContactToQueue", json!({}), &json!({"errors": all})), &["failed", "full"]);
    let one = single(
        action("a", "TransferContactToQueue", json!({}), &json!({"errors": {"NoMatchingError": "failed"}})),
        &["failed"],
    );
    let mut world = World::default();
    assert_eq!(start(&both, &mut world).1, [FlowStep::TransferToQueue]);
    assert_eq!(way(&both, &mut world, FlowInput::QueueAtCapacity), "full");
    assert_eq!(way(&both, &mut world, FlowInput::Failed), "failed");
    assert_eq!(way(&one, &mut world, FlowInput::QueueAtCapacity), "failed");
    let (mut run, _) = start(&both, &mut world);
    assert_eq!(run.step(&both, &world, FlowInput::Done), Some(FlowStep::End));
    assert_eq!(path(&run), ["a:Success"]);
    assert_eq!(run.step(&both, &world, FlowInput::BotDisconnected), None);
}

#[test]
fn other_flows_and_ends() {
    let flow = straight_flow("TransferToFlow", json!({"ContactFlowId": "$.Attributes.flow"}));
    let mut world = World::with_attributes(&[("flow", "f-2")]);
    assert_eq!(start(&flow, &mut world).1, [FlowStep::TransferToFlow { flow: "f-2".into() }]);
    assert_eq!(way(&flow, &mut world, FlowInput::Failed), "failed");
    for (kind, step) in [("DisconnectParticipant", FlowStep::Disconnect), ("EndFlowExecution", FlowStep::End)] {
        let flow = single(action("a", kind, json!({}), &json!({})), &[]);
        assert_eq!(start(&flow, &mut world).1, [step]);
    }
}

#[test]
fn without_a_branch_of_its_own_the_fallback_of_the_conditions_is_taken() {
    let hours = |extra: Value| {
        let mut transitions =
            json!({"next": "x", "errors": {"NoMatchingError": "failed"}, "conditions": [["Equals", "True", "y"]]});
        if let Value::Object(more) = extra {
            transitions["errors"].as_object_mut().unwrap().extend(more);
        }
        single(action("a", "CheckHoursOfOperation", json!({}), &transitions), &["x", "y", "z", "failed"])
    };
    let mut closed = World { hours: Some(false), ..World::default() };
    assert_eq!(taken(&start(&hours(json!({})), &mut closed).0), "x");
    assert_eq!(taken(&start(&hours(json!({"NoMatchingCondition": "z"})), &mut closed).0), "z");
    let mut unknown = World { hours: None, ..World::default() };
    assert_eq!(taken(&start(&hours(json!({})), &mut unknown).0), "failed");
}
