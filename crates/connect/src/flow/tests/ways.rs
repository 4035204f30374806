//! What a flow's ways as a whole come to, of each kind of flow, and where a part of it is wrong.

use serde_json::{Value, json};

use super::{
    warnings::{call, hang_up, notes_too, say, wait},
    world::{action, flow_json},
};
use crate::flow::{Flow, FlowKind, Severity, Surroundings};

fn of_kind(actions: &[Value], kind: FlowKind) -> Vec<&'static str> {
    let surroundings = Surroundings { kind: Some(kind), ..Surroundings::default() };
    Flow::check(&flow_json(actions), &surroundings).into_iter().map(|problem| problem.code).collect()
}

/// Which actions a code is told at.
fn told_at(actions: &[Value], code: &str) -> Vec<String> {
    let all = Flow::check(&flow_json(actions), &Surroundings::default());
    all.into_iter().filter(|problem| problem.code == code).filter_map(|problem| problem.action).collect()
}

fn pause(id: &str, next: &str) -> Value {
    let ways = json!({"errors": {"NoMatchingError": next}, "conditions": [["Equals", "WaitCompleted", next]]});
    action(id, "Wait", json!({"TimeLimitSeconds": "60"}), &ways)
}

/// A queue's flow says a word and waits until an agent comes.
#[test]
fn a_flow_that_somebody_else_ends_may_go_round() {
    let round = [say("a", "w"), pause("w", "a")];
    for (kind, told) in [
        (FlowKind::Inbound, true),
        (FlowKind::CustomerQueue, false),
        (FlowKind::CustomerHold, false),
        (FlowKind::AgentHold, false),
        (FlowKind::AgentWhisper, true),
    ] {
        assert_eq!(of_kind(&round, kind).contains(&"no-way-out"), told, "{kind:?}");
    }
    // Without a pause nobody waits: the words come one after the other.
    let breathless = of_kind(&[say("a", "b"), say("b", "a")], FlowKind::CustomerQueue);
    assert!(breathless.contains(&"circle-without-a-pause") && !breathless.contains(&"no-way-out"), "{breathless:?}");
}

/// AWS's own queue flow plays its messages until it is interrupted; a chat does not even begin them.
#[test]
fn messages_that_are_played_are_a_pause_for_whoever_hears_them() {
    let plays = |errors: Value| {
        let ways = json!({"errors": errors, "conditions": [["Equals", "MessagesInterrupted", "m"]]});
        let messages = json!({"Messages": [{"Text": "Hold on"}], "InterruptFrequencySeconds": "60"});
        [action("p", "MessageParticipantIteratively", messages, &ways), say("m", "p")]
    };
    for (errors, told) in [(json!({}), false), (json!({"NoMatchingError": "m"}), true)] {
        let found = of_kind(&plays(errors.clone()), FlowKind::CustomerQueue);
        assert_eq!(found.contains(&"circle-without-a-pause"), told, "{errors}: {found:?}");
    }
}

/// Nobody has spoken before a contact's first flow; before a module another flow may have.
#[test]
fn a_flow_that_begins_with_its_end() {
    for (kind, told) in [(FlowKind::Inbound, true), (FlowKind::CustomerQueue, true), (FlowKind::Module, false)] {
        assert_eq!(of_kind(&[hang_up()], kind).contains(&"silent-end"), told, "{kind:?}");
    }
}

#[test]
fn a_function_first_is_about_how_a_chat_begins() {
    let flow = [call("a", "m", "m"), say("m", "e"), action("e", "EndFlowExecution", json!({}), &json!({}))];
    for kind in FlowKind::ALL {
        assert_eq!(of_kind(&flow, kind).contains(&"function-first"), kind == FlowKind::Inbound, "{kind:?}");
    }
}

#[test]
fn each_circle_is_told_once_and_where_it_is() {
    let fork = json!({"errors": {"NoMatchingCondition": "w"}, "conditions": [["Equals", "x", "v"]]});
    let fork = action("c", "Compare", json!({"ComparisonValue": "$.Channel"}), &fork);
    let two = [say("a", "c"), fork, pause("w", "w"), say("v", "u"), pause("u", "v")];
    assert_eq!(told_at(&two, "no-way-out"), ["w", "v"]);
    let ways = |on: &str| json!({"errors": {"NoMatchingCondition": on}, "conditions": [["Equals", "x", "m"]]});
    let fork = |id: &str, on: &str| action(id, "Compare", json!({"ComparisonValue": "$.Channel"}), &ways(on));
    // A circle that leads into another is one of its own.
    let into = json!({"errors": {"NoMatchingCondition": "a"}, "conditions": [["Equals", "x", "b"]]});
    let into = action("a", "Compare", json!({"ComparisonValue": "$.Channel"}), &into);
    let two = [into, fork("b", "c"), fork("c", "b"), say("m", "end"), hang_up()];
    assert_eq!(told_at(&two, "circle-without-a-pause"), ["a", "b"]);
}

#[test]
fn behind_an_end_nothing_comes() {
    let ends_and_goes_on = action("end", "DisconnectParticipant", json!({}), &json!({"next": "b"}));
    let flow = [say("a", "end"), ends_and_goes_on, say("b", "end")];
    assert_eq!(told_at(&flow, "never-taken"), ["end"]);
    assert_eq!(told_at(&flow, "unreachable-action"), ["b"]);
    assert!(told_at(&flow, "circle-without-a-pause").is_empty());
}

#[test]
fn where_a_bot_that_stays_is_met() {
    let to_error = json!({"errors": {"NoMatchingError": "m"}});
    for (kind, parameters, severity) in [
        ("ConnectParticipantWithLexBot", json!({"LexV2Bot": {"AliasArn": "l"}}), Some(Severity::Warning)),
        ("TransferToFlow", json!({"ContactFlowId": "f"}), Some(Severity::Note)),
        ("InvokeFlowModule", json!({"FlowModuleId": "f"}), Some(Severity::Note)),
        ("TransferContactToQueue", json!({}), Some(Severity::Note)),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8"}), None),
    ] {
        let goes_on = matches!(kind, "InvokeFlowModule" | "InvokeLambdaFunction");
        let mut ways = to_error.clone();
        if goes_on {
            ways["next"] = json!("l");
        }
        // What comes behind a module or a function may find the bot gone.
        let behind = json!({"LexV2Bot": {"AliasArn": "l"}});
        let behind = action("l", "ConnectParticipantWithLexBot", behind, &to_error);
        let flow = [wait("a", true, "b"), action("b", kind, parameters, &ways), behind, say("m", "end"), hang_up()];
        let all = Flow::check(&flow_json(&flow), &Surroundings::default());
        let told = all.iter().find(|problem| problem.code == "bot-stays");
        assert_eq!(told.map(|problem| problem.severity), severity, "{kind}: {all:?}");
        assert!(told.is_none_or(|problem| problem.message.contains(" to b,")), "{kind}: {told:?}");
    }
}

/// What is wrong with one action hides neither its own ways nor what is wrong with the whole.
#[test]
fn an_error_hides_nothing_else() {
    let mut long = wait("a", true, "f");
    long["Parameters"]["TimeLimitSeconds"] = json!("0");
    long["Transitions"]["Errors"] = json!([{"NextAction": "m", "ErrorType": "NoMatchingError"}]);
    let lost = action("o", "MessageParticipant", json!({"Text": ""}), &json!({"next": "m"}));
    let flow = [long, call("f", "m", "end"), say("m", "end"), lost, hang_up()];
    let found = notes_too(&flow);
    for code in ["out-of-range", "empty-string", "missing-error-branch", "unreachable-action", "silent-end"] {
        assert!(found.contains(&code), "{code}: {found:?}");
    }
    let wrong =
        action("a", "InvokeLambdaFunction", json!({}), &json!({"next": "m", "errors": {"NoMatchingError": "m"}}));
    let found = notes_too(&[wrong, say("m", "end"), hang_up()]);
    assert_eq!(found, ["function-first", "missing-parameter", "missing-parameter"]);
    // Where a way is lost, what it would lead to is not called unreachable.
    let found = notes_too(&[say("a", "mm"), say("m", "end"), hang_up()]);
    assert_eq!(found, ["dangling-transition", "dangling-transition"]);
}
