//! `relevo check` and `relevo flow` from outside: flows in files and templates, checked, drawn and tried.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::relevo;

const FLOW: &str = r#"{"Version": "2019-10-30", "StartAction": "hi", "Actions": [
 {"Identifier": "hi", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "call"}},
 {"Identifier": "call", "Type": "InvokeLambdaFunction",
  "Parameters": {"LambdaFunctionARN": "FUNCTION", "InvocationTimeLimitSeconds": "8"},
  "Transitions": {"NextAction": "queue", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
 {"Identifier": "queue", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "QUEUE"},
  "Transitions": {"NextAction": "go", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
 {"Identifier": "go", "Type": "TransferContactToQueue", "Parameters": {},
  "Transitions": {"Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}, {"NextAction": "end", "ErrorType": "QueueAtCapacity"}]}},
 {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
]}"#;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = relevo(arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn template(header: &str, flow: &str) -> String {
    let body = flow.lines().map(|line| format!("        {line}")).collect::<Vec<_>>().join("\n");
    format!(
        "Resources:\n  Main:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Type: CONTACT_FLOW\n      Content: {header}\n{body}\n"
    )
}

#[test]
fn a_template_is_checked_with_its_own_lines() {
    let folder = tempfile::tempdir().unwrap();
    let flow = FLOW.replace("FUNCTION", "${Start.Arn}").replace("QUEUE", "${Queue.QueueArn}");
    let file = put(folder.path(), "t.yaml", &template("!Sub |", &flow));
    let (code, text, _) = run(&["check", &file, "--queues", "support", "--functions", "other"]);
    // What a placeholder will be is not known, so nothing is said of it.
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("silent-end") && !text.contains("unknown-"), "{text}");

    let broken =
        put(folder.path(), "b.yaml", &template("!Sub |", &flow.replace("\"end\", \"Type\"", "\"fin\", \"Type\"")));
    let (code, text, _) = run(&["check", &broken]);
    assert_eq!(code, Some(1));
    let line =
        fs::read_to_string(&broken).unwrap().lines().position(|line| line.contains("\"queue\", \"Errors\"")).unwrap()
            + 1;
    assert!(
        text.contains(&format!("b.yaml:{line}: no action has the identifier \"end\" in Main in action call")),
        "{text}"
    );
}

#[test]
fn what_does_not_exist_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let flow = FLOW.replace("FUNCTION", "arn:aws:lambda:r:1:function:start-bot").replace("QUEUE", "support");
    let file = put(folder.path(), "f.json", &flow);
    let list = put(folder.path(), "queues.txt", "sales\nsuport\n");
    let (code, text, _) = run(&["check", &file, "--queues", &format!("@{list}"), "--functions", "start-bot"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("there is no queue \"support\"") && text.contains("did you mean suport?"), "{text}");
    assert!(!text.contains("unknown-function"), "{text}");
}

#[test]
fn findings_as_json_and_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let file = put(folder.path(), "f.json", &FLOW.replace("FUNCTION", "f").replace("QUEUE", "q"));
    let (code, text, _) = run(&["check", &file, "--format", "json"]);
    assert_eq!(code, Some(0));
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    let silent = found.as_array().unwrap().iter().find(|it| it["code"] == "silent-end").unwrap();
    assert_eq!(
        (&silent["severity"], &silent["line"], &silent["action"]),
        (&"warning".into(), &3.into(), &"call".into())
    );

    let (_, text, _) = run(&["check", &file, "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), found.as_array().unwrap().len());
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
}

#[test]
fn what_holds_a_flow_is_read_and_what_lies_elsewhere_is_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let flow = FLOW.replace("FUNCTION", "f").replace("QUEUE", "q");
    let body = serde_json::json!({"InstanceId": "i", "Name": "main", "Type": "CUSTOMER_QUEUE", "Content": flow});
    let file = put(folder.path(), "create.json", &format!("{body:#}"));
    let (code, text, _) = run(&["check", &file]);
    // The type is the request's own.
    assert!(code == Some(1) && text.contains("in a flow of type CUSTOMER_QUEUE in main in action go"), "{text}");

    let file = put(folder.path(), "t.yaml", &template("!Ref Main", ""));
    let (code, text, _) = run(&["check", &file]);
    assert!(code == Some(0) && text.contains("[flow-elsewhere]") && text.ends_with("t.yaml: ok\n"), "{text}");
    let (_, text, _) = run(&["check", &file, "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&text).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "note");
    let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("file:///") && uri.ends_with("/t.yaml"), "{uri}");
}

#[test]
fn each_value_of_an_if_is_checked_and_the_same_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let flow = FLOW.replace("FUNCTION", "f").replace("QUEUE", "q").replace('\n', " ");
    let other = flow.replace("\"DisconnectParticipant\"", "\"Hangup\"");
    let of = |content: &str| put(folder.path(), "t.yaml", &template(content, ""));
    let same = run(&["check", &of(&format!("!If [C, '{flow}', '{flow}']"))]).1;
    assert_eq!(
        same.matches("silent-end").count(),
        run(&["check", &of(&format!("'{flow}'"))]).1.matches("silent-end").count()
    );
    let (code, text, _) = run(&["check", &of(&format!("!If [C, '{flow}', '{other}']"))]);
    assert!(code == Some(1) && text.contains("no action has the type Hangup in Main"), "{text}");
    let (code, _, _) = run(&["flow", "show", &of(&format!("!If [C, '{flow}', '{other}']")), "--format", "mermaid"]);
    assert_eq!(code, Some(0), "it is one flow still");
}

#[test]
fn nothing_that_exists_names_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = put(folder.path(), "f.json", &FLOW.replace("FUNCTION", "f").replace("QUEUE", "q"));
    let (code, text, _) = run(&["check", &file, "--functions", "", "--queues", "i/queue/x,x"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("[unknown-function]") && !text.contains("known here: )"), "{text}");
    assert!(text.contains("known here: x)") || text.contains("did you mean x?"), "{text}");
}

#[test]
fn every_code_is_printed_and_documented() {
    let (code, text, _) = run(&["check", "--codes"]);
    assert_eq!(code, Some(0));
    let docs = include_str!("../../../../docs/flows.md");
    for line in text.lines() {
        let code = line.split(' ').next().unwrap();
        assert!(docs.contains(&format!("| `{code}` |")), "docs/flows.md has no {code}");
    }
}

/// `relevo check --codes | head -1`: who reads has seen enough.
#[test]
fn a_reader_that_goes_ends_nothing() {
    let mut relevo = Command::new(env!("CARGO_BIN_EXE_relevo"));
    let mut relevo = relevo.args(["check", "--codes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(relevo.stdout.take());
    let done = relevo.wait_with_output().unwrap();
    assert_eq!((done.status.code(), String::from_utf8(done.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn a_flow_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let file = put(folder.path(), "f.json", FLOW);
    let out = folder.path().join("f.svg").display().to_string();
    assert_eq!(run(&["flow", "show", &file, "--out", &out]).0, Some(0));
    assert!(fs::read_to_string(&out).unwrap().starts_with("<svg "));
    let (code, text, _) = run(&["flow", "show", &file, "--format", "mermaid"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("flowchart TD") && text.contains("-.->|\"NoMatchingError"), "{text}");
    let broken = put(folder.path(), "b.json", "{\n");
    assert_eq!(run(&["flow", "show", &broken]).0, Some(1));
}

#[test]
fn a_flow_is_tried() {
    let folder = tempfile::tempdir().unwrap();
    let flow = put(folder.path(), "f.json", &FLOW.replace("FUNCTION", "start-bot").replace("QUEUE", "support"));
    let good = "name: to a person\nfunctions:\n  start-bot: [{answer: {}}]\nexpect: {state: QUEUED, path: [hi, call, queue, go]}\n";
    let good = put(folder.path(), "good.yaml", good);
    let (code, text, _) = run(&["flow", "run", &flow, "--script", &good]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("SYSTEM: Hello") && text.contains("passed"), "{text}");

    let bad = "- name: down\n  functions:\n    start-bot: [{error: no}]\n  expect: {state: QUEUED}\n";
    let bad = put(folder.path(), "bad.yaml", bad);
    let (code, text, _) = run(&["flow", "run", &flow, "--script", &bad, "--json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report[0]["report"]["failures"][0]["found"], "\"ENDED\"");

    let wrong = put(folder.path(), "wrong.yaml", "name: x\nsteps:\n  - custmer: Hi\n");
    let (code, _, said) = run(&["flow", "run", &flow, "--script", &wrong]);
    assert!(code == Some(2) && said.contains("wrong.yaml:3: unknown field `custmer`"), "{said}");
}
