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
        ("!Ref Flow", r#""${Flow}""#),
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

#[test]
fn what_cannot_be_put_together_is_told() {
    for (content, code) in [("[1]", "template-content"), ("!Transform {Name: AWS::Include}", "template-content")] {
        let (sources, findings) = flows(Path::new("t.yaml"), &resource(content));
        assert!(sources.is_empty());
        assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [code], "{content}");
    }
    assert_eq!(flows(Path::new("t.yaml"), "Resources: {}\n").1[0].code, "no-flow");
    assert_eq!(flows(Path::new("t.yaml"), "a: [\n").1[0].code, "syntax");
}
