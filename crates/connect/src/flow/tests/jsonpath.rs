//! JSONPath in a run: each namespace, whole values and texts, and what is missing.

use serde_json::{Value, json};

use super::world::{World, action, end, feed, flow_json, said};
use crate::flow::{Flow, FlowInput, FlowRun, FlowStep};

/// What a text becomes after a function has answered and a flow attribute is set.
fn filled(text: &str, world: &mut World, external: Value) -> Option<String> {
    let call = json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "1", "ResponseValidation": {"ResponseType": "JSON"}});
    let error = json!({"next": "set", "errors": {"NoMatchingError": "x"}});
    let set = json!({"FlowAttributes": {"color": {"Value": "$.Attributes.shade blue"}}});
    let [x, bye] = end("x");
    let actions = [
        action("call", "InvokeLambdaFunction", call, &error),
        action("set", "UpdateFlowAttributes", set, &json!({"next": "say", "errors": {"NoMatchingError": "x"}})),
        action(
            "say",
            "MessageParticipant",
            json!({"Text": text}),
            &json!({"next": "x", "errors": {"NoMatchingError": "x"}}),
        ),
        x,
        bye,
    ];
    let flow = Flow::parse(&flow_json(&actions)).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut run = FlowRun::new(&flow);
    assert!(matches!(run.step(&flow, world, FlowInput::Start), Some(FlowStep::Invoke { .. })));
    let steps = feed(&mut run, &flow, world, FlowInput::Function(Ok(external)));
    said(&steps).first().filter(|text| **text != "x").map(|text| (*text).to_owned())
}

#[test]
fn values() {
    let mut world = World::with_attributes(&[("name", "Ana"), ("shade", "dark")]);
    for (path, value) in [
        ("ContactId", "c-1"),
        ("Channel", "CHAT"),
        ("Queue|Name", "People"),
        ("SegmentAttributes|connect:Subtype", "connect:Chat"),
        ("Name", "Chat of Ana"),
    ] {
        world.system.insert(path.into(), value.into());
    }
    let external = json!({"a": {"b": [10, {"c": "deep"}]}, "n": 1.5, "t": true, "null": null, "key with space": "s"});
    for (text, expected) in [
        ("$.Attributes.name", Some("Ana")),
        ("$.Attributes['name']", Some("Ana")),
        ("$['Attributes']['name']", Some("Ana")),
        ("Dear $.Attributes.name, welcome.", Some("Dear Ana, welcome.")),
        ("$.Attributes.name.", Some("Ana.")),
        ("$.Attributes.none", None),
        ("[$.Attributes.none]", Some("[]")),
        ("$.External.a.b[1].c", Some("deep")),
        ("$.External['a']['b'][0]", Some("10")),
        ("$.External.a.b", Some(r#"[10,{"c":"deep"}]"#)),
        ("$.External.n and $.External.t", Some("1.5 and true")),
        ("$.External.null", None),
        ("$.External['key with space']", Some("s")),
        ("$.External.a.b[7]", None),
        ("$.FlowAttributes.color", Some("dark blue")),
        ("$.ContactId on $.Channel", Some("c-1 on CHAT")),
        ("$.Queue.Name", Some("People")),
        ("$.SegmentAttributes['connect:Subtype']", Some("connect:Chat")),
        ("My name is $.Name.", Some("My name is Chat of Ana.")),
        ("It costs $5 or $.50", Some("It costs $5 or $.50")),
    ] {
        assert_eq!(filled(text, &mut world, external.clone()).as_deref(), expected, "{text}");
    }
}

#[test]
fn an_answer_is_not_read_as_a_path_again() {
    let mut world = World::with_attributes(&[("name", "Ana")]);
    let sneaky = json!({"a": "$.Attributes.name"});
    assert_eq!(filled("$.External.a", &mut world, sneaky).as_deref(), Some("$.Attributes.name"));
}
