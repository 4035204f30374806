//! Documents: what is written reads as it was, and looks as a person would write it.

use proptest::{collection, prelude::*};
use relevo_deploy::cfn;
use serde_json::{Map, Value, json};

fn check(value: &Value) {
    let text = cfn::write(value);
    let read = cfn::read(&text, "t.yaml").map_err(|problem| problem.to_string());
    assert_eq!(read.as_ref(), Ok(value), "\n{text}");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,8}( [a-zñ¿:#{}&*!|>%@`,'\"-]{1,9}){0,40}",
        1 => "\\PC{0,40}",
        1 => "[ \t\na-c:#-]{0,30}",
        1 => any::<String>(),
        2 => prop_oneof![
            Just("yes"), Just("no"), Just("on"), Just("n"), Just("2012-10-17"), Just("012"), Just("1e3"), Just("0x1F"), Just("~"), Just("null"),
            Just("true"), Just(""), Just(" "), Just("- a"), Just("a: b"), Just("#x"), Just("1_000"), Just("12:30:45"), Just(".inf"), Just("="),
            Just("<<"), Just("---"), Just("!Ref x"), Just("&a"), Just("*a"), Just("${A}"), Just("{{resolve:ssm:x}}"), Just("a\n\nb\n"), Just("\n"),
            Just("  led\nby spaces"), Just("trailing \nspace"), Just("tab\tin it"), Just("\u{85}\u{2028}\u{feff}"), Just("\r\n"), Just("\u{7}"),
        ].prop_map(str::to_owned),
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_filter("JSON has no others", |it| it.is_finite()).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => "[A-Za-z]{1,6}(::[A-Z]{1,4})?".prop_map(|name| json!({"Ref": name})),
        1 => ("[A-Za-z.]{1,6}", "[A-Za-z.]{1,6}").prop_map(|(name, attribute)| json!({"Fn::GetAtt": [name, attribute]})),
        1 => text().prop_map(|text| json!({"Fn::Sub": text})),
        1 => text().prop_map(|text| json!({"Condition": text})),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        let function = prop_oneof![
            Just("Fn::If"),
            Just("Fn::Sub"),
            Just("Fn::Join"),
            Just("Fn::GetAtt"),
            Just("Fn::Base64"),
            Just("Fn::Not"),
            Just("Fn::Transform"),
            Just("Ref"),
            Just("Condition"),
            Just("Fn::ForEach::x"),
        ];
        prop_oneof![
            collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            collection::vec((text(), inner.clone()), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
            (function.clone(), collection::vec(inner.clone(), 0..4)).prop_map(|(name, items)| json!({name: items})),
            (function, inner).prop_map(|(name, value)| json!({name: value})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_written_reads_as_it_was(value in tree()) {
        check(&value);
        // And without tags, as no template.
        let text = cfn::plain(&value);
        prop_assert_eq!(cfn::read(&text, "t.yaml").map_err(|problem| problem.to_string()), Ok(value), "{}", text);
    }
}

#[test]
fn it_looks_as_a_person_would_write_it() {
    let value = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Conditions": {"Classic": {"Fn::Equals": [{"Ref": "agentBackend"}, "classic"]}},
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["bedrock:InvokeAgent"], "Resource": {"Fn::GetAtt": ["Alias", "AgentAliasArn"]}},
                {"Fn::If": ["Classic", {"Effect": "Allow", "Action": "bedrock:InvokeAgentWithSomethingVeryLongInItsName", "Resource": "*"}, {"Ref": "AWS::NoValue"}]},
            ]}},
        },
        "Answer": "yes", "Number": "012", "Count": 12, "On": true, "None": null,
        "Long": "word ".repeat(40).trim(),
        "Lines": "one\ntwo\n",
        "Inner": {"Fn::Base64": {"Fn::Sub": "${A}"}},
    });
    check(&value);
    insta::assert_snapshot!(cfn::write(&value));
}
