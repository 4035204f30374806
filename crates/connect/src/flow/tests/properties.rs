//! What holds of every flow: no text brings the parser down, and a run may be stored between any two steps.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::world::{World, action, at_once, flow_json, path};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep, Surroundings, picture::Graph};

const ENVIOS: &str = include_str!("../../../../../examples/envios/flow.json");

/// A flow with every action that is run here in it; its ways are drawn.
fn any_flow() -> impl Strategy<Value = String> {
    const SIZE: usize = 12;
    prop::collection::vec((0..27_u8, prop::collection::vec(0..SIZE, 3)), SIZE).prop_map(|drawn| {
        let actions = drawn.iter().enumerate().map(|(at, (kind, ways))| {
            let id = |way: usize| format!("a{way}");
            let straight = json!({"next": id(ways[0]), "errors": {"NoMatchingError": id(ways[1])}});
            let fork = |values: &[&str], errors: &[&str]| {
                let conditions: Vec<Value> =
                    values.iter().zip(ways).map(|(value, way)| json!(["Equals", value, id(*way)])).collect();
                let errors: serde_json::Map<String, Value> =
                    errors.iter().map(|error| ((*error).to_owned(), json!(id(ways[2])))).collect();
                json!({"conditions": conditions, "errors": errors})
            };
            let both = ["NoMatchingError", "ParticipantNotFound"];
            let (kind, parameters, transitions) = match kind {
                0 | 1 => {
                    ("MessageParticipant", json!({"Text": "$.Attributes.k $.FlowAttributes.f $.External.e"}), straight)
                }
                2 => ("MessageParticipant", json!({"Text": "$.Attributes.none"}), straight),
                3 | 4 => (
                    "InvokeLambdaFunction",
                    json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8"}),
                    straight,
                ),
                5 | 6 => ("Wait", json!({"TimeLimitSeconds": "5"}), fork(&["WaitCompleted"], &["NoMatchingError"])),
                7 | 8 => (
                    "Wait",
                    json!({"TimeLimitSeconds": "5", "Events": ["BotParticipantDisconnected"]}),
                    fork(&["WaitCompleted", "BotParticipantDisconnected"], &both),
                ),
                9 => {
                    ("Compare", json!({"ComparisonValue": "$.External.e"}), fork(&["x", "y"], &["NoMatchingCondition"]))
                }
                10 => ("UpdateContactAttributes", json!({"Attributes": {"k": "v$.External.e"}}), straight),
                11 => ("UpdateFlowAttributes", json!({"FlowAttributes": {"f": {"Value": "$.External.e!"}}}), straight),
                12 => ("UpdateContactTargetQueue", json!({"QueueId": "q"}), straight),
                13 => ("TransferContactToQueue", json!({}), straight),
                14 => ("CheckHoursOfOperation", json!({}), fork(&["True", "False"], &["NoMatchingError"])),
                15 => ("Loop", json!({"LoopCount": "3"}), fork(&["ContinueLooping", "DoneLooping"], &[])),
                16 => ("UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "Enabled"}), straight),
                17 => ("TransferToFlow", json!({"ContactFlowId": "f"}), straight),
                // What it leads to is behind an end.
                18 => ("EndFlowExecution", json!({}), json!({"next": id(ways[0])})),
                20 => (
                    "GetParticipantInput",
                    json!({"Text": "?", "InputTimeLimitSeconds": "5", "StoreInput": "False"}),
                    fork(&["x", "y"], &["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"]),
                ),
                21 => (
                    "ShowView",
                    json!({"ViewResource": {"Id": "v"}, "InvocationTimeLimitSeconds": "5", "ViewData": {"a": "$.External"}}),
                    fork(&["x", "y"], &["NoMatchingError", "NoMatchingCondition", "TimeLimitExceeded"]),
                ),
                22 => (
                    "ConnectParticipantWithLexBot",
                    json!({"LexV2Bot": {"AliasArn": "l"}}),
                    fork(&["x", "y"], &["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"]),
                ),
                23 => ("InvokeFlowModule", json!({"FlowModuleId": "m"}), straight),
                24 => ("CreateTask", json!({"Name": "n"}), straight),
                25 => (
                    "MessageParticipantIteratively",
                    json!({"Messages": [{"Text": "m"}]}),
                    fork(&["MessagesInterrupted"], &["NoMatchingError"]),
                ),
                _ => ("DisconnectParticipant", json!({}), json!({})),
            };
            action(&id(at), kind, parameters, &transitions)
        });
        flow_json(&actions.collect::<Vec<_>>())
    })
}

fn any_input() -> impl Strategy<Value = FlowInput> {
    prop_oneof![
        Just(FlowInput::Function(Ok(json!({"e": "x"})))),
        Just(FlowInput::Function(Ok(json!({"e": "y"})))),
        Just(FlowInput::Function(Err("no".into()))),
        Just(FlowInput::Function(Ok(json!({"sessionState": {"intent": {"name": "x", "state": "Fulfilled"}}})))),
        Just(FlowInput::CustomerSaid("x".into())),
        Just(FlowInput::ViewAnswered { action: "y".into(), data: json!({"k": 1}) }),
        Just(FlowInput::ModuleReturned { result: None, data: std::collections::BTreeMap::new() }),
        Just(FlowInput::TimerFired),
        Just(FlowInput::BotDisconnected),
        Just(FlowInput::CustomerReturned),
        Just(FlowInput::Done),
        Just(FlowInput::Failed),
        Just(FlowInput::QueueAtCapacity),
    ]
}

/// Runs on these inputs; `stored` puts the run away and takes it out again before every step, with the flow read anew.
fn play(text: &str, inputs: &[(FlowInput, i64)], stored: bool) -> (Vec<FlowStep>, Vec<String>) {
    let mut flow = Flow::parse(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let (mut world, mut run, mut steps) = (World::default(), FlowRun::new(&flow), Vec::new());
    for (input, passed) in std::iter::once(&(FlowInput::Start, 0)).chain(inputs) {
        world.now_ms += passed;
        let mut next = Some(input.clone());
        while let Some(input) = next.take() {
            // Of a flow that goes round in circles, not each of a thousand steps.
            if stored && (steps.len() < 40 || steps.len() % 100 == 0) {
                run = serde_json::from_slice(&serde_json::to_vec(&run).unwrap()).unwrap();
                flow = Flow::parse(text).unwrap();
            }
            if let Some(step) = run.step(&flow, &world, input) {
                assert_eq!(run.pending(), Some(step.clone()));
                next = at_once(&step, &mut world);
                steps.push(step);
            }
        }
    }
    (steps, path(&run))
}

proptest! {
    #[test]
    fn a_run_may_be_stored_between_any_two_steps(
        text in any_flow(),
        inputs in prop::collection::vec((any_input(), 0..9_000_i64), 0..12),
    ) {
        let (straight, stored) = (play(&text, &inputs, false), play(&text, &inputs, true));
        prop_assert_eq!(&straight, &stored);
        prop_assert!(!straight.0.is_empty());
        prop_assert!(straight.1.iter().rev().skip(1).all(|step| !step.ends_with(":-")), "only the last action is open");
    }

    #[test]
    fn no_text_brings_the_parser_down(text in ".{0,200}") {
        let _ = Flow::parse(&text);
        let _ = Flow::check(&text, &Surroundings::default());
        let _ = Graph::parse(&text);
    }

    /// What is checked and what is drawn agree with what is run, whatever leads where.
    #[test]
    fn every_flow_that_runs_is_checked_and_drawn(text in any_flow()) {
        let flow = Flow::parse(&text).unwrap();
        let problems = Flow::check(&text, &Surroundings::default());
        prop_assert_eq!(Flow::refusals(&problems), 0);
        let graph = Graph::parse(&text).unwrap();
        let unreached: Vec<&str> =
            graph.unreached().iter().map(|place| graph.steps[*place].identifier.as_str()).collect();
        let told: Vec<&str> = problems
            .iter()
            .filter(|problem| problem.code == "unreachable-action")
            .filter_map(|problem| problem.action.as_deref())
            .collect();
        prop_assert_eq!(unreached, told);
        prop_assert!(flow.warnings().len() <= problems.len());
        prop_assert!(graph.svg("x").ends_with("</svg>\n"));
    }

    #[test]
    fn no_broken_flow_brings_the_parser_down(cuts in prop::collection::vec((0..20_000_usize, 0..40_usize, ".{0,6}"), 1..4)) {
        let mut text: Vec<char> = ENVIOS.chars().collect();
        for (at, length, put) in cuts {
            let at = at.min(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        let lines = text.lines().count().max(1);
        if let Err(problems) = Flow::parse(&text) {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)), "{:#?}", problems);
        }
    }

    /// Changes that leave the text JSON: a value anywhere becomes another one, goes, or comes twice.
    #[test]
    fn no_changed_flow_brings_the_parser_or_a_run_down(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..4),
        inputs in prop::collection::vec((any_input(), 0..90_000_000_i64), 0..6),
    ) {
        let mut flow: Value = serde_json::from_str(ENVIOS).unwrap();
        for (index, change) in changes {
            let mut pointers = Vec::new();
            collect(&flow, String::new(), &mut pointers);
            mutate(&mut flow, &pointers[index.index(pointers.len())], change);
        }
        let text = format!("{flow:#}");
        if let Ok(graph) = Graph::parse(&text) {
            prop_assert!(graph.svg("x").len() > 100 && graph.mermaid().len() > 10);
        }
        let _ = Flow::check(&text, &Surroundings::default());
        match Flow::parse(&text) {
            Ok(_) => { play(&text, &inputs, false); }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| collect(inner, format!("{at}/{key}"), pointers)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| collect(inner, format!("{at}/{index}"), pointers));
        }
        _ => {}
    }
    pointers.push(at);
}

fn mutate(flow: &mut Value, pointer: &str, change: u8) {
    let Some(value) = flow.pointer_mut(pointer) else { return };
    match change {
        0 => *value = Value::Null,
        1 => *value = json!(7),
        2 => *value = json!(""),
        3 => *value = json!([]),
        4 => *value = json!({}),
        5 => *value = json!("$.Attributes.x"),
        6 => *value = json!("end"),
        _ => {
            if let Some((parent, key)) = pointer.rsplit_once('/') {
                match flow.pointer_mut(parent) {
                    Some(Value::Object(map)) => {
                        map.remove(key);
                    }
                    Some(Value::Array(items)) => {
                        let again = items[key.parse::<usize>().unwrap()].clone();
                        items.push(again);
                    }
                    _ => {}
                }
            }
        }
    }
}
