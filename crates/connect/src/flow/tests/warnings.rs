//! Warnings: the flow runs, and its author should know.

use serde_json::{Value, json};

use super::world::{action, end, flow_json};
use crate::flow::{Flow, Severity};

fn warnings(actions: &[Value]) -> Vec<(&'static str, String)> {
    let flow = Flow::parse(&flow_json(actions)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert!(flow.warnings().iter().all(|problem| problem.severity == Severity::Warning));
    let found = flow.warnings().iter().map(|w| (w.code, w.action.clone().unwrap_or_default()));
    found.collect()
}

fn say(id: &str, next: &str) -> Value {
    action(id, "MessageParticipant", json!({"Text": "x"}), &json!({"next": next, "errors": {"NoMatchingError": next}}))
}

fn hang_up() -> Value {
    action("end", "DisconnectParticipant", json!({}), &json!({}))
}

fn call(id: &str, next: &str, error: &str) -> Value {
    let parameters = json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8"});
    action(id, "InvokeLambdaFunction", parameters, &json!({"next": next, "errors": {"NoMatchingError": error}}))
}

#[test]
fn a_good_flow_has_none() {
    assert_eq!(warnings(&[say("a", "b"), call("b", "c", "c"), say("c", "end"), hang_up()]), []);
}

#[test]
fn a_function_first() {
    assert_eq!(warnings(&[call("a", "m", "m"), say("m", "end"), hang_up()]), [("function-first", "a".into())]);
}

#[test]
fn an_action_that_no_way_leads_to() {
    let found = warnings(&[say("a", "end"), say("b", "c"), say("c", "b"), hang_up()]);
    assert_eq!(found, [("unreachable-action", "b".into()), ("unreachable-action", "c".into())]);
}

#[test]
fn hanging_up_without_a_word() {
    let silent = [("silent-end", "b".to_owned())];
    // What was said before the call is no word about its failure.
    assert_eq!(warnings(&[say("a", "b"), call("b", "m", "end"), say("m", "end"), hang_up()]), silent);
    let compare = action(
        "b",
        "Compare",
        json!({"ComparisonValue": "$.Attributes.x"}),
        &json!({"errors": {"NoMatchingCondition": "end"}, "conditions": [["Equals", "x", "m"]]}),
    );
    assert_eq!(warnings(&[call("a", "b", "m"), compare.clone(), say("m", "end"), hang_up()])[1..], silent);
    // Right after a word it is none.
    assert_eq!(warnings(&[say("a", "b"), compare, say("m", "end"), hang_up()]), []);
    assert_eq!(warnings(&[action("end", "DisconnectParticipant", json!({}), &json!({}))]), []);
}

#[test]
fn a_queue_that_may_be_full() {
    let queue = |errors: Value| action("a", "TransferContactToQueue", json!({}), &json!({"errors": errors}));
    let [m, bye] = end("m");
    assert_eq!(
        warnings(&[queue(json!({"NoMatchingError": "m"})), m.clone(), bye.clone()]),
        [("no-queue-at-capacity", "a".into())]
    );
    assert_eq!(warnings(&[queue(json!({"NoMatchingError": "m", "QueueAtCapacity": "m"})), m, bye]), []);
}

#[test]
fn paths_that_lead_nowhere() {
    for (text, code) in [
        ("$.Atributes.x", Some("unknown-jsonpath")),
        ("$.Lex.IntentName", Some("value-never-set")),
        ("$.Customer.FirstName", Some("empty-jsonpath")),
        ("$.Attributes", Some("empty-jsonpath")),
        ("$.Attributes.x and $.Queue.Name", None),
    ] {
        let ways = json!({"next": "end", "errors": {"NoMatchingError": "end"}});
        let message = action("a", "MessageParticipant", json!({"Text": text}), &ways);
        let expected: Vec<_> = code.into_iter().map(|code| (code, "a".to_owned())).collect();
        assert_eq!(warnings(&[message, hang_up()]), expected, "{text}");
    }
}

#[test]
fn branches_that_are_never_taken() {
    let transitions = json!({
        "next": "end",
        "errors": {"QueueAtCapacity": "end", "TimeLimitExceeded": "end"},
        "conditions": [["Equals", "x", "end"]],
    });
    let message = action("a", "MessageParticipant", json!({"Text": "x"}), &transitions);
    assert_eq!(warnings(&[message, hang_up()]), vec![("never-taken", "a".to_owned()); 3]);
    let compare = action(
        "b",
        "Compare",
        json!({"ComparisonValue": "$.Attributes.x"}),
        &json!({"errors": {"NoMatchingCondition": "end"}, "conditions": [["NumberLessThan", "ten", "end"]]}),
    );
    assert_eq!(warnings(&[say("a", "b"), compare, hang_up()]), [("never-taken", "b".into())]);
}

#[test]
fn a_missing_condition_with_a_fallback() {
    let hours = action(
        "b",
        "CheckHoursOfOperation",
        json!({}),
        &json!({"next": "end", "errors": {"NoMatchingError": "end"}, "conditions": [["Equals", "True", "end"]]}),
    );
    assert_eq!(warnings(&[say("a", "b"), hours, hang_up()]), [("missing-condition", "b".into())]);
}

#[test]
fn a_field_that_nobody_reads() {
    let mut message = say("a", "end");
    message["Typ"] = json!("x");
    assert_eq!(warnings(&[message, hang_up()]), [("unknown-field", "a".into())]);
}

#[test]
fn settings_without_effect() {
    let hooks = json!({"EventHooks": {"CustomerQueue": "f"}, "EventHooksConfiguration": {}});
    let ways = json!({"next": "c", "errors": {"NoMatchingError": "c"}});
    let found =
        warnings(&[say("a", "b"), action("b", "UpdateContactEventHooks", hooks, &ways), say("c", "end"), hang_up()]);
    assert_eq!(found, [("no-effect-here", "b".into())]);
}
