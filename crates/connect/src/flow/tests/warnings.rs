//! Warnings: the flow runs, and its author should know.

use serde_json::{Value, json};

use super::world::{action, end, flow_json};
use crate::flow::{Flow, FlowKind, Severity, Surroundings};

fn warnings(actions: &[Value]) -> Vec<(&'static str, String)> {
    let flow = Flow::parse(&flow_json(actions)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert!(flow.warnings().iter().all(|problem| problem.severity == Severity::Warning));
    let found = flow.warnings().iter().map(|w| (w.code, w.action.clone().unwrap_or_default()));
    found.collect()
}

pub(super) fn say(id: &str, next: &str) -> Value {
    action(id, "MessageParticipant", json!({"Text": "x"}), &json!({"next": next, "errors": {"NoMatchingError": next}}))
}

pub(super) fn hang_up() -> Value {
    action("end", "DisconnectParticipant", json!({}), &json!({}))
}

pub(super) fn call(id: &str, next: &str, error: &str) -> Value {
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
    assert_eq!(warnings(&[hang_up()]), [("silent-end", "end".into())]);
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
        ("$.AdditionalEmailRecipients.CcList", Some("empty-jsonpath")),
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

pub(super) fn notes_too(actions: &[Value]) -> Vec<&'static str> {
    Flow::check(&flow_json(actions), &Surroundings::default()).into_iter().map(|problem| problem.code).collect()
}

pub(super) fn wait(id: &str, bot: bool, done: &str) -> Value {
    let mut parameters = json!({"TimeLimitSeconds": "60"});
    let mut conditions = vec![json!(["Equals", "WaitCompleted", done])];
    let mut errors = json!({"NoMatchingError": "m"});
    if bot {
        parameters["Events"] = json!(["BotParticipantDisconnected"]);
        conditions.push(json!(["Equals", "BotParticipantDisconnected", "m"]));
        errors["ParticipantNotFound"] = json!("m");
    }
    action(id, "Wait", parameters, &json!({"conditions": conditions, "errors": errors}))
}

#[test]
fn a_bot_that_stays_while_the_flow_goes_on() {
    let flow = |after: Value| vec![wait("a", true, "b"), after, wait("c", false, "m"), say("m", "end"), hang_up()];
    assert!(notes_too(&flow(say("b", "c"))).contains(&"bot-stays"));
    // A function may take the bot out; the end of the contact does; and another wait for the bot is no way on.
    for after in [call("b", "c", "m"), say("b", "m"), wait("b", true, "m")] {
        let found = notes_too(&flow(after.clone()));
        assert!(!found.contains(&"bot-stays"), "{after}: {found:?}");
    }
    // Any word to the bot would end a wait for both.
    let mut both = wait("a", true, "m");
    both["Parameters"]["Events"] = json!(["BotParticipantDisconnected", "CustomerReturned"]);
    let returned = json!({"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["CustomerReturned"]}});
    both["Transitions"]["Conditions"].as_array_mut().unwrap().push(returned);
    assert!(notes_too(&[both, say("m", "end"), hang_up()]).contains(&"bot-stays"));
}

#[test]
fn circles() {
    let compare = |id: &str, round: &str, on: &str| {
        let ways = json!({"errors": {"NoMatchingCondition": round}, "conditions": [["Equals", "x", on]]});
        action(id, "Compare", json!({"ComparisonValue": "$.Channel"}), &ways)
    };
    let found = |through: Value| notes_too(&[compare("a", "b", "m"), through, say("m", "end"), hang_up()]);
    assert!(found(say("b", "a")).contains(&"circle-without-a-pause"));
    assert!(found(call("b", "a", "a")).contains(&"circle-without-a-pause"));
    let pause = found(wait("b", false, "a"));
    assert!(!pause.contains(&"circle-without-a-pause") && !pause.contains(&"no-way-out"), "{pause:?}");
    let once = notes_too(&[compare("a", "b", "b"), say("b", "m"), say("m", "end"), hang_up()]);
    assert!(!once.contains(&"circle-without-a-pause"), "{once:?}");
}

#[test]
fn values_that_something_has_set() {
    let tells = |text: &str| {
        let ways = json!({"next": "end", "errors": {"NoMatchingError": "end"}});
        let told = action("m", "MessageParticipant", json!({"Text": text}), &ways);
        let set = json!({"FlowAttributes": {"k": {"Value": "v"}}});
        let set = action("s", "UpdateFlowAttributes", set, &json!({"next": "f", "errors": {"NoMatchingError": "f"}}));
        let found = notes_too(&[say("a", "s"), set, call("f", "m", "m"), told, hang_up()]);
        found.contains(&"value-never-set")
    };
    for (text, told) in [
        ("$.External.a", false),
        ("$.FlowAttributes.k", false),
        ("$.FlowAttributes.l", true),
        ("$.Views.Action", true),
        ("$.StoredCustomerInput", true),
        ("$.Attributes.any", false),
    ] {
        assert_eq!(tells(text), told, "{text}");
    }
}

#[test]
fn a_bot_that_fails_before_a_person() {
    let to_queue = |error: &str| {
        let target = json!({"next": "q", "errors": {"NoMatchingError": "m"}});
        notes_too(&[
            say("a", "f"),
            call("f", "t", error),
            action("t", "UpdateContactTargetQueue", json!({"QueueId": "q"}), &target),
            action(
                "q",
                "TransferContactToQueue",
                json!({}),
                &json!({"errors": {"NoMatchingError": "m", "QueueAtCapacity": "m"}}),
            ),
            say("m", "end"),
            hang_up(),
        ])
    };
    assert!(to_queue("m").contains(&"no-person") && !to_queue("t").contains(&"no-person"));
    assert!(!to_queue("t").contains(&"no-target-queue") && to_queue("t").contains(&"no-hours-check"));
}

#[test]
fn actions_that_a_flow_of_its_type_may_not_have() {
    let flow = flow_json(&[say("a", "end"), hang_up()]);
    let with = |kind: FlowKind| {
        let surroundings = Surroundings { kind: Some(kind), ..Surroundings::default() };
        Flow::check(&flow, &surroundings).iter().filter(|problem| problem.code == "wrong-flow-type").count()
    };
    assert_eq!(with(FlowKind::Inbound), 0);
    assert_eq!(with(FlowKind::CustomerQueue), 0);
    assert_eq!(with(FlowKind::AgentWhisper), 1);
    assert_eq!(with(FlowKind::CustomerHold), 2);
}
