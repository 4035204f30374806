//! Rules that AWS's pages have and nobody has seen the service keep: they are told, and refuse nothing.

use serde_json::{Value, json};

use super::{
    warnings::{hang_up, say},
    world::{action, flow_json},
};
use crate::flow::{Flow, FlowKind, FlowProblem, Severity, Surroundings};

fn found(actions: &[Value], kind: Option<FlowKind>) -> Vec<FlowProblem> {
    Flow::check(&flow_json(actions), &Surroundings { kind, ..Surroundings::default() })
}

/// How bad it is to have the action in a flow of each kind, by the beginning of a word: error, warning, note.
#[test]
fn where_an_action_may_stand() {
    let queue = json!({"QueueId": "q"});
    let ways = json!({"next": "m", "errors": {"NoMatchingError": "m"}});
    let hours =
        json!({"errors": {"NoMatchingError": "m"}, "conditions": [["Equals", "True", "m"], ["Equals", "False", "m"]]});
    let share = json!({"errors": {"NoMatchingCondition": "m"}, "conditions": [["NumberLessThan", "51", "m"]]});
    // In the order of `FlowKind::ALL`: inbound; queue; holds and whispers; transfers; campaign; module.
    for (name, parameters, ways, expected) in [
        ("UpdateContactTargetQueue", queue.clone(), &ways, "-wwwwww----"),
        ("CheckHoursOfOperation", json!({}), &hours, "--wwwww----"),
        ("DistributeByPercentage", json!({}), &share, "--wwwwn----"),
        ("UpdateContactRoutingBehavior", json!({"QueuePriority": "1"}), &json!({"next": "m"}), "-nwwwwwnn--"),
        ("EndFlowExecution", json!({}), &json!({}), "--n-n--nn--"),
        ("DequeueContactAndTransferToQueue", queue, &json!({"errors": {"NoMatchingError": "m"}}), "e-eeeeeeeee"),
        (
            "Loop",
            json!({"LoopCount": "1"}),
            &json!({"conditions": [["Equals", "ContinueLooping", "m"], ["Equals", "DoneLooping", "m"]]}),
            "-----------",
        ),
    ] {
        let told = FlowKind::ALL.map(|kind| {
            let all = found(&[action("a", name, parameters.clone(), ways), say("m", "end"), hang_up()], Some(kind));
            let here = all.iter().find(|p| p.code == "wrong-flow-type" && p.action.as_deref() == Some("a"));
            here.map_or("-", |problem| problem.severity.as_str().get(..1).unwrap_or_default())
        });
        assert_eq!(told.concat(), expected, "{name}");
    }
}

#[test]
fn parameters_as_the_pages_want_them() {
    let call = |seconds: &str| json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": seconds});
    for (name, parameters, expected) in [
        ("MessageParticipant", json!({"Text": "x", "SSML": "<speak/>"}), "too-many-parameters voice-only"),
        (
            "MessageParticipant",
            json!({"SSML": "<speak/>", "PromptId": "p"}),
            "too-many-parameters voice-only voice-only",
        ),
        ("MessageParticipant", json!({"Text": "x"}), ""),
        ("UpdateContactTargetQueue", json!({"QueueId": "q", "AgentId": "a"}), "no-service-here too-many-parameters"),
        ("GetMetricData", json!({"QueueId": "q", "AgentId": "a"}), "no-service-here too-many-parameters"),
        (
            "UpdateContactRoutingBehavior",
            json!({"QueuePriority": "1", "QueueTimeAdjustmentSeconds": "1"}),
            "too-many-parameters",
        ),
        ("UpdateContactRoutingBehavior", json!({"QueuePriority": "$.Attributes.p"}), "not-static"),
        ("UpdateContactTargetQueue", json!({"QueueId": "i/queue/$.Attributes.q"}), "mixed-value"),
        ("UpdateContactTargetQueue", json!({"QueueId": "$.Attributes.q"}), ""),
        ("TransferToFlow", json!({"ContactFlowId": "f-$.Attributes.q"}), "mixed-value"),
        ("CheckHoursOfOperation", json!({"HoursOfOperationId": "h-$.Attributes.q"}), "mixed-value"),
        // "Dynamic values are supported" is the page's whole word on these.
        ("GetMetricData", json!({"QueueId": "q-$.Attributes.q"}), ""),
        ("InvokeLambdaFunction", call("$.Attributes.s"), "not-static"),
        ("InvokeLambdaFunction", call("8"), ""),
        ("UpdateContactEventHooks", json!({"EventHooks": {}}), "missing-parameter"),
    ] {
        let mut ways = json!({"errors": {"NoMatchingError": "m"}});
        if name == "CheckHoursOfOperation" {
            ways["conditions"] = json!([["Equals", "True", "m"], ["Equals", "False", "m"]]);
        } else if name != "TransferToFlow" {
            ways["next"] = json!("m");
        }
        let all =
            found(&[say("s", "a"), action("a", name, parameters.clone(), &ways), say("m", "end"), hang_up()], None);
        let told = all.iter().filter(|p| p.action.as_deref() == Some("a") && p.severity == Severity::Warning);
        let mut told: Vec<&str> = told.map(|p| p.code).collect();
        told.sort_unstable();
        assert_eq!(told.join(" "), expected, "{name} {parameters}: {all:?}");
        assert_eq!(Flow::refusals(&all), 0, "{all:?}");
    }
}

/// A JSONPath is not offered where the page wants the number itself.
#[test]
fn what_a_number_out_of_range_may_be() {
    for (name, parameters, path) in [
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "9"}), false),
        ("Wait", json!({"TimeLimitSeconds": "0"}), true),
    ] {
        let all = found(
            &[
                action("a", name, parameters, &json!({"next": "m", "errors": {"NoMatchingError": "m"}})),
                say("m", "end"),
                hang_up(),
            ],
            None,
        );
        let hint = all.iter().find(|p| p.code == "out-of-range").and_then(|p| p.hint.clone()).unwrap_or_default();
        assert!(hint.starts_with("a whole number from"), "{all:?}");
        assert_eq!(hint.contains("JSONPath"), path, "{name}: {hint}");
    }
}

#[test]
fn shares_of_a_hundred() {
    for (thresholds, told) in
        [(&["51"][..], false), (&["31", "100"], false), (&["51", "101"], true), (&["51", "31"], true)]
    {
        let conditions: Vec<Value> = thresholds.iter().map(|share| json!(["NumberLessThan", share, "m"])).collect();
        let ways = json!({"errors": {"NoMatchingCondition": "m"}, "conditions": conditions});
        let all = found(&[action("a", "DistributeByPercentage", json!({}), &ways), say("m", "end"), hang_up()], None);
        assert_eq!(all.iter().any(|p| p.code == "percentages"), told, "{thresholds:?}");
    }
}

#[test]
fn what_is_no_flow_is_called_what_it_is() {
    let old = r#"{"modules": [{"id": "a", "type": "PlayPrompt"}], "version": "1", "start": "a"}"#;
    let all = Flow::check(old, &Surroundings::default());
    assert_eq!(all.iter().map(|p| p.code).collect::<Vec<_>>(), ["not-a-flow"]);
    assert!(all.iter().all(|p| p.message.contains("old format")));
}

/// The remedy is the value's own: quotes make no flow of a number, and no value of null.
#[test]
fn remedies_of_wrong_types() {
    let queue = |value: &str| {
        format!(
            r#"{{"Version":"2019-10-30","StartAction":"a","Actions":[{{"Identifier":"a","Type":"UpdateContactTargetQueue","Parameters":{{"QueueId":{value}}}}}]}}"#
        )
    };
    for (text, hint) in [
        ("7".to_owned(), None),
        ("null".to_owned(), None),
        (r#"{"Version":"2019-10-30","StartAction":"a","Actions":[null]}"#.to_owned(), None),
        (queue("null"), Some("write a string, or take it out")),
        (queue("7"), Some("in a flow, numbers and booleans are strings too: write them in quotes")),
        (queue("{}"), None),
    ] {
        let all = Flow::check(&text, &Surroundings::default());
        let wrong = all.iter().find(|p| p.code == "wrong-type");
        assert_eq!(wrong.map(|p| p.hint.as_deref()), Some(hint), "{text}: {all:?}");
    }
}
