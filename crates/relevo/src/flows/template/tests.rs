//! Flows in templates: their text, and their lines.

use std::path::Path;

use super::*;

const FLOW_JSON: &str =
    r#"{"Version":"2019-10-30","StartAction":"a","Actions":[{"Identifier":"a","Type":"DisconnectParticipant"}]}"#;

fn one(text: &str) -> Source {
    let (mut sources, findings) = flows(Path::new("t.yaml"), text);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(sources.len(), 1);
    sources.remove(0)
}

fn resource(content: &str) -> String {
    format!(
        "Resources:\n  F:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Type: CUSTOMER_QUEUE\n      Content: {content}\n"
    )
}

#[test]
fn a_block_keeps_its_lines() {
    for header in ["|", "|-", "!Sub |", "!Sub |-"] {
        let source = one(&resource(&format!("{header}\n        {{\"a\":\n          1,\n         \"b\": 2}}")));
        assert_eq!(source.lines.in_file(1), 7, "{header}: {source:?}");
        assert_eq!(source.lines.in_file(3), 9, "{header}: {source:?}");
        assert_eq!(source.kind, Some(FlowKind::CustomerQueue));
        assert_eq!(source.resource.as_deref(), Some("F"));
    }
    let long = "Resources:\n  F:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Content:\n        Fn::Sub: |\n          {\n          \"a\": \"${Q.Arn}\"}\n";
    assert_eq!(one(long).lines.in_file(2), 8);
}

#[test]
fn a_text_on_one_line_is_all_there() {
    let source = one(&resource(&format!("'{FLOW_JSON}'")));
    assert_eq!((source.text.as_str(), source.lines.in_file(1)), (FLOW_JSON, 6));
    let json = serde_json::json!({"Resources": {"M": {"Type": "AWS::Connect::ContactFlowModule",
        "Properties": {"Content": "{\n\"x\": 1}"}}}});
    let source = one(&format!("{json:#}"));
    assert_eq!(source.kind, Some(FlowKind::Module));
    let line = format!("{json:#}").lines().position(|line| line.contains("Content")).unwrap() + 1;
    assert_eq!((source.lines.in_file(1), source.lines.in_file(2)), (line, line));
}

#[test]
fn what_is_not_known_stands_for_itself() {
    for (content, text) in [
        (
            r#"!Sub '{"q": "${Queue.QueueArn}", "n": ${Count}, "l": "${!Literal} ${AWS::Region}"}'"#,
            r#"{"q": "${Queue.QueueArn}", "n": "${Count}", "l": "${Literal} ${AWS::Region}"}"#,
        ),
        (r#"!Sub ['{"q": "${Q}", "s": "${S}"}', {Q: !Ref Queue, S: hello}]"#, r#"{"q": "${Q}", "s": "hello"}"#),
        (
            r#"!Join ['', ['{"q": "', !GetAtt [Queue, QueueArn], '", "n": ', !Ref Count, '}']]"#,
            r#"{"q": "${Queue.QueueArn}", "n": "${Count}"}"#,
        ),
        (
            r#"{"Fn::Join": ["", ["{\"q\": \"", {"Fn::GetAtt": ["Queue", "QueueArn"]}, "\"}"]]}"#,
            r#"{"q": "${Queue.QueueArn}"}"#,
        ),
        (r#"!If [Big, '{"a": "1"}', '{"a": "2"}']"#, r#"{"a": "1"}"#),
        (r#"!Join [', ', ['{"a": "1"', !Ref AWS::NoValue, '"b": "2"}']]"#, r#"{"a": "1", "b": "2"}"#),
    ] {
        assert_eq!(one(&resource(content)).text, text, "{content}");
    }
}

#[test]
fn an_object_becomes_json_that_knows_its_lines() {
    let source = one(&resource(
        "\n        Fn::ToJsonString:\n          Version: '2019-10-30'\n          Actions:\n            - Type: !Ref T\n              n: 1",
    ));
    let json: serde_json::Value = serde_json::from_str(&source.text).unwrap();
    assert_eq!(json, serde_json::json!({"Version": "2019-10-30", "Actions": [{"Type": "${T}", "n": 1}]}));
    let at = source.text.lines().position(|line| line.contains("\"n\"")).unwrap() + 1;
    assert_eq!(source.lines.in_file(at), 11, "{source:?}");
}

/// A part that a condition takes out is taken out with its comma.
#[test]
fn what_a_condition_takes_out_is_not_there() {
    let content = "\n        Fn::ToJsonString:\n          a: !If [X, 1, !Ref \"AWS::NoValue\"]\n          b: [!If [Y, {c: 2}, !Ref \"AWS::NoValue\"], 3]";
    let source = one(&resource(content));
    let texts = std::iter::once(&source).chain(&source.others).map(|source| &source.text);
    let read: Vec<serde_json::Value> = texts.map(|text| serde_json::from_str(text).unwrap()).collect();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let all = [r#"{"a": 1, "b": [{"c": 2}, 3]}"#, r#"{"b": [{"c": 2}, 3]}"#, r#"{"a": 1, "b": [3]}"#, r#"{"b": [3]}"#];
    assert_eq!(read, all.map(json));
}

#[test]
fn what_cannot_be_put_together_is_told() {
    let (sources, findings) = flows(Path::new("t.yaml"), &resource("[1]"));
    assert!(sources.is_empty());
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["template-content"]);
    assert_eq!(flows(Path::new("t.yaml"), "Resources: {}\n").1[0].code, "no-flow");
    assert_eq!(flows(Path::new("t.yaml"), "a: [\n").1[0].code, "syntax");
}

/// Nothing is wrong with a flow that another file has; that it was not looked at is said.
#[test]
fn a_flow_that_stands_elsewhere_is_a_note() {
    for content in [
        "!Ref Flow",
        "!Sub '${Flow}'",
        "!Sub ['${Flow}', {Flow: !Ref Other}]",
        "!GetAtt Custom.Content",
        "!ImportValue flow",
        "!Join ['', [!Ref First, !Ref Second]]",
        "'{{resolve:ssm:/flows/main}}'",
        "!Transform {Name: AWS::Include, Parameters: {Location: s3://x}}",
        "{\"Fn::Transform\": {\"Name\": \"AWS::Include\"}}",
    ] {
        let (sources, findings) = flows(Path::new("t.yaml"), &resource(content));
        assert!(sources.is_empty(), "{content}: {sources:?}");
        let found: Vec<_> = findings.iter().map(|f| (f.code, f.severity, f.line)).collect();
        assert_eq!(found, [("flow-elsewhere", Severity::Note, 6)], "{content}");
    }
    let (sources, findings) = flows(Path::new("t.yaml"), &resource(&format!("!If [C, '{FLOW_JSON}', !Ref Other]")));
    assert_eq!((sources.len(), findings.len()), (1, 1), "the one value is checked, the other told of");
}

#[test]
fn each_value_of_an_if_is_looked_at() {
    let all = |content: &str| {
        let source = one(&resource(content));
        std::iter::once(source.text).chain(source.others.into_iter().map(|other| other.text)).collect::<Vec<_>>()
    };
    assert_eq!(all("!If [A, '{1}', !If [B, '{2}', '{3}']]"), ["{1}", "{2}", "{3}"]);
    let two = "!Join ['', ['{', !If [A, '1', '2'], !If [B, '3', '4'], '}']]";
    assert_eq!(all(two), ["{13}", "{23}", "{14}", "{24}"]);
    let json = "\n        Fn::ToJsonString:\n          a: !If [A, {b: 1}, {c: 2}]";
    assert_eq!(all(json), ["{\n\"a\": {\n\"b\": 1}}", "{\n\"a\": {\n\"c\": 2}}"]);
    let many = (0..20).map(|at| format!("!If [C, '{at}', 'last{at}']")).collect::<Vec<_>>().join(", ");
    let texts = all(&format!("!Join ['', ['{{', {many}, '}}']]"));
    assert_eq!(texts.len(), MOST_TEXTS);
    assert!((0..20).all(|at| texts.iter().any(|text| text.contains(&format!("last{at}")))));
}

#[test]
fn a_type_that_there_is_not_is_told() {
    let of = |kind: &str| {
        let text = resource(&format!("'{FLOW_JSON}'")).replace("CUSTOMER_QUEUE", kind);
        flows(Path::new("t.yaml"), &text).1
    };
    for kind in ["CONTACT_FLOW", "CAMPAIGN", "!Ref Kind", "!If [A, CONTACT_FLOW, CUSTOMER_QUEUE]"] {
        assert!(of(kind).is_empty(), "{kind}: {:?}", of(kind));
    }
    for kind in ["CONTACT_FLOWS", "[]"] {
        let found: Vec<_> = of(kind).iter().map(|f| (f.code, f.severity, f.line)).collect();
        assert_eq!(found, [("flow-type", Severity::Warning, 5)], "{kind}");
    }
}

/// A text in double quotes or folded is one line, and its parts are told where they stand all the same.
#[test]
fn a_text_over_several_lines_keeps_them() {
    for content in [
        "\"{\\\"a\\\":\\\n        1}\"",
        "!Sub\n        - \"{\\\"a\\\": \\n\n           1}\"\n        - {X: y}",
        "!Sub >-\n        {\"a\":\n        1}",
    ] {
        let source = one(&resource(content));
        let file = resource(content);
        let line = file.lines().position(|line| line.trim_start().starts_with("1}")).unwrap() + 1;
        let at = source.text.lines().position(|line| line.contains("1}")).unwrap() + 1;
        assert_eq!(source.lines.in_file(at), line, "{content}: {source:?}");
    }
}
