//! Every problem, with its line: in these flows `«code»` at the end of a line is what is expected there, and no more.

use super::world::{action, end, flow_json};
use crate::flow::{Flow, FlowProblem, Severity};
use serde_json::{Value, json};

/// Strips the marks; gives the text and the marks with their lines.
fn marked(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut plain, mut expected) = (String::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let mut parts = line.split('«');
        plain.push_str(parts.next().unwrap_or_default());
        plain.push('\n');
        expected.extend(parts.map(|mark| (at + 1, mark.trim_end_matches([' ', '»']).to_owned())));
    }
    expected.sort();
    (plain, expected)
}

fn errors(text: &str) -> Vec<FlowProblem> {
    let problems = Flow::parse(text).err().unwrap_or_default();
    assert!(problems.is_sorted_by_key(|problem| problem.line));
    problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect()
}

fn check(text: &str) -> Vec<FlowProblem> {
    let (plain, expected) = marked(text);
    let found = errors(&plain);
    let mut codes: Vec<_> = found.iter().map(|problem| (problem.line, problem.code.to_owned())).collect();
    codes.sort();
    assert_eq!(codes, expected, "{found:#?}");
    found
}

/// Actions into a flow whose other lines are right; they begin in line 2.
fn around(actions: &str) -> String {
    format!(
        r#"{{"Version": "2019-10-30", "StartAction": "a", "Actions": [
{actions}
,
{{"Identifier": "m", "Type": "MessageParticipant", "Parameters": {{"Text": "m"}}, "Transitions": {{"NextAction": "end"}}}},
{{"Identifier": "end", "Type": "DisconnectParticipant"}}
]}}"#
    )
}

fn hint<'a>(problems: &'a [FlowProblem], code: &str) -> &'a str {
    let problem = problems.iter().find(|problem| problem.code == code).unwrap();
    problem.hint.as_deref().unwrap_or_else(|| panic!("no hint: {problem:?}"))
}

#[test]
fn the_frame() {
    for text in [
        "{\n\"Version\": \"2019-10-30\",\n] «syntax»",
        "[] «wrong-type»",
        "null «wrong-type»",
        "{} «missing-field» «missing-field» «missing-field»",
        "{\"Version\": \"2019-10-30\",\n\"StartAction\": 1, «wrong-type»\n\"Actions\": {}} «wrong-type»",
        "{\"Version\": \"2019-10-30\",\n\"StartAction\": \"a\", «missing-start-action»\n\"Actions\": [\n7]} «wrong-type»",
        "{\"Version\":\n\"2020-01-01\", «unsupported-version»\n\"StartAction\": \"b\", \"Actions\": [\n{\"Identifier\": \"b\", \"Type\": \"EndFlowExecution\"}]}",
        "{\"Version\": \"2019-10-30\", \"StartAction\": \"b\", \"Actions\": [\n{\"Identifier\": \"b\",\n\"Identifier\": \"b\", «duplicate-key»\n\"Type\": \"EndFlowExecution\"}]}",
    ] {
        check(text);
    }
}

#[test]
fn identifiers() {
    let long = "é".repeat(51);
    for (identifier, expected) in [
        ("", "«bad-identifier»"),
        ("a:b", "«bad-identifier»"),
        ("a$", "«bad-identifier»"),
        ("__proto__", "«bad-identifier»"),
        (long.as_str(), "«bad-identifier»"),
        ("año nuevo-1_2.3", ""),
        ("m", "«duplicate-identifier»"),
    ] {
        let other = format!("{{\"Type\": \"EndFlowExecution\", \"Identifier\":\n\"{identifier}\"}}");
        // The first of two keeps the name, and the second is told of.
        let flow = around("{\"Identifier\": \"a\", \"Type\": \"EndFlowExecution\"}");
        check(&flow.replace("\n]}", &format!(",\n{other} {expected}\n]}}")));
    }
}

#[test]
fn unknown_actions_are_told_with_the_nearest_that_is_known() {
    let found = check(&around(
        r#"{"Identifier": "a",
"Type": "MesageParticipant", «unknown-action»
"Parameters": {"Text": 1}, "Transitions": {"NextAction":
"en"}}, «dangling-transition»
{"Identifier": "b",
"Type": "ShowVeiw", «unknown-action»
"Transitions": {"Errors": [{"ErrorType": "TimeLimitExceeded", "NextAction":
"nowhere at all"}]}}, «dangling-transition»
{"Identifier": "c",
"Type": "Teleport"}, «unknown-action»
{"Identifier": "d"}, «missing-field»
{"Identifier": "e", "Type": null} «wrong-type»"#,
    ));
    assert_eq!(hint(&found, "unknown-action"), "did you mean MessageParticipant?");
    assert_eq!(hint(&found, "dangling-transition"), "did you mean end?");
    assert_eq!(found[2].hint.as_deref(), Some("did you mean ShowView?"));
    assert_eq!(found[2].action.as_deref(), Some("b"));
    assert!(found[0].to_string().starts_with("line 3, action a: "));
}

#[test]
fn parameters() {
    let found = check(&around(
        r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters":
{ «missing-parameter»
"Txt": "x"}, «unknown-parameter»
"Transitions": {"NextAction": "m"}},
{"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text":
"", «empty-string»
"SSML": "<speak/>",
"SkipWhenDTMFBufferEnabled":
true}, «wrong-type»
"Transitions": {"NextAction": "m"}},
{"Identifier": "c", "Type": "DisconnectParticipant", "Parameters": [], «wrong-type»
"Transitions": {}},
{"Identifier": "d", "Type": "Loop", "Parameters": {"LoopCount":
3}, «wrong-type»
"Transitions": {"Conditions": [
{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}},
{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}}"#,
    ));
    assert_eq!(hint(&found, "unknown-parameter"), "did you mean Text?");
    assert!(hint(&found, "wrong-type").contains("quotes"));
}

/// Every parameter of every action that can be wrong: its value, and what is said of it.
#[test]
fn the_parameters_of_each_action() {
    let errors_of = |kind: &str, parameters: Value| {
        let all = json!({"NoMatchingError": "z", "NoMatchingCondition": "z", "ParticipantNotFound": "z"});
        let under_test = action("a", kind, parameters, &json!({"next": "z", "errors": all}));
        let found = errors(&flow_json(&[under_test, end("z")[0].clone(), end("z")[1].clone()]));
        let found = found.iter().filter(|p| p.code != "compare-no-matching-error").map(|p| p.code);
        found.collect::<Vec<_>>().join(" ")
    };
    for (kind, parameters, expected) in [
        ("InvokeLambdaFunction", json!({}), "missing-parameter missing-parameter"),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8"}), ""),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "9"}), "out-of-range"),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "0"}), "out-of-range"),
        ("InvokeLambdaFunction", json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "$.Attributes.s"}), ""),
        (
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "60", "InvocationType": "ASYNCHRONOUS"}),
            "",
        ),
        (
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8", "InvocationType": "SYNC"}),
            "not-allowed-value",
        ),
        (
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8", "ResponseValidation": {"ResponseType": "XML"}}),
            "not-allowed-value",
        ),
        (
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "8", "LambdaInvocationAttributes": {"a": 1}}),
            "wrong-type",
        ),
        ("Wait", json!({"TimeLimitSeconds": "604800"}), ""),
        ("Wait", json!({"TimeLimitSeconds": "604801"}), "out-of-range"),
        ("Wait", json!({"TimeLimitSeconds": "0"}), "out-of-range"),
        ("Wait", json!({"TimeLimitSeconds": "1 $.Attributes.a"}), "out-of-range"),
        ("Wait", json!({"TimeoutSeconds": "10"}), "wait-timeout-seconds"),
        ("Wait", json!({}), "missing-parameter"),
        ("Wait", json!({"TimeLimitSeconds": "1", "Events": ["BotDisconnected"]}), "not-allowed-value"),
        ("Wait", json!({"TimeLimitSeconds": "1", "Events": "CustomerReturned"}), "wrong-type"),
        ("Compare", json!({"ComparisonValue": "static"}), "not-a-jsonpath"),
        ("Compare", json!({"ComparisonValue": "$.Attributes.a $.Attributes.b"}), "not-a-jsonpath"),
        ("UpdateContactAttributes", json!({"Attributes": {"a b": "x"}}), "bad-attribute-key"),
        ("UpdateContactAttributes", json!({"Attributes": {"a": ""}}), "empty-string"),
        ("UpdateContactAttributes", json!({"Attributes": []}), "wrong-type"),
        ("UpdateContactAttributes", json!({"Attributes": {"a": "b"}, "TargetContact": "Related"}), ""),
        ("UpdateContactAttributes", json!({}), "missing-parameter"),
        ("UpdateFlowAttributes", json!({"FlowAttributes": {"a": "b"}}), "wrong-type"),
        (
            "UpdateFlowAttributes",
            json!({"FlowAttributes": {"a": {"value": "b"}}}),
            "missing-parameter unknown-parameter",
        ),
        ("UpdateContactTargetQueue", json!({}), "missing-parameter"),
        ("UpdateContactTargetQueue", json!({"AgentId": "x"}), ""),
        ("TransferToFlow", json!({}), "missing-parameter"),
        ("TransferContactToQueue", json!({"QueueId": "x"}), "unknown-parameter"),
        ("CheckMetricData", json!({"MetricType": "NumberOfAgents"}), "not-allowed-value"),
        ("CheckMetricData", json!({}), "missing-parameter"),
        ("UpdateContactEventHooks", json!({}), "missing-parameter"),
        ("UpdateContactEventHooks", json!({"EventHooks": {"CustomerQeue": "f"}}), "unknown-parameter"),
        ("UpdateContactEventHooks", json!({"EventHooks": {"CustomerQueue": "f"}}), ""),
        ("UpdateContactData", json!({"Nmae": "x"}), "unknown-parameter"),
        ("UpdateContactData", json!({"References": {}}), ""),
        ("UpdateContactRoutingBehavior", json!({}), "missing-parameter"),
        ("UpdateContactRoutingBehavior", json!({"QueuePriority": 1}), "wrong-type"),
        ("UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "On"}), "not-allowed-value"),
        ("UpdateContactRecordingBehavior", json!({}), "missing-parameter"),
        (
            "UpdateContactRecordingBehavior",
            json!({"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"], "IVRRecordingBehavior": "Disabled"}}),
            "",
        ),
        ("UpdateContactRecordingBehavior", json!({"AnalyticsBehavior": {"Enabled": true}}), "wrong-type"),
        ("UpdateContactTextToSpeechVoice", json!({}), "missing-parameter"),
    ] {
        let found = errors_of(kind, parameters.clone());
        // The fallbacks are there, so only the parameters are wrong.
        assert_eq!(found, expected, "{kind} {parameters}");
    }
}

#[test]
fn loop_counts() {
    for (count, ok) in
        [("0", true), ("100", true), ("101", false), ("-1", false), ("$.Attributes.n", true), ("x", false)]
    {
        let conditions = json!([["Equals", "ContinueLooping", "z"], ["Equals", "DoneLooping", "z"]]);
        let under_test = action("a", "Loop", json!({"LoopCount": count}), &json!({"conditions": conditions}));
        let found = errors(&flow_json(&[under_test, end("z")[0].clone(), end("z")[1].clone()]));
        assert_eq!(found.is_empty(), ok, "{count}: {found:?}");
    }
}

#[test]
fn transitions() {
    let found = check(&around(
        r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Attributes.x"}, "Transitions":
{ «missing-error-branch»
"Conditions": [
{"NextAction": "m", "Condition": {"Operator":
"Equal", «unsupported-operator»
"Operands": ["x"]}},
{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands":
[]}}, «bad-operands»
{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": [
""]}}, «empty-string»
{"NextAction": "m"}, «missing-field»
{"Condition": {"Operator": "Equals", "Operands": ["x"]}}, «missing-field»
"x", «wrong-type»
{"NextAction": "m", "Condition": {"Operator":
"Exists", «unsupported-operator»
"Operands": ["x"]}}],
"Errors": [{"NextAction": "m", "ErrorType":
"NoMatchingError"}]}}, «compare-no-matching-error»
{"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text": "x"}, "Transitions":
{ «missing-transition»
"Errors": [{"NextAction": "m", "ErrorType":
"NoMatchingEror"}, «unknown-error-type»
{"NextAction": "m", "ErrorType": "NoMatchingError"},
{"NextAction": "m", "ErrorType":
"NoMatchingError"}]}}, «duplicate-error»
{"Identifier": "c", "Type": "MessageParticipant", "Parameters": {"Text": "x"}, "Transitions": {"NextAction":
9}}, «wrong-type»
{"Identifier": "d", "Type": "DisconnectParticipant", "Transitions":
7}, «wrong-type»
{"Identifier": "e", "Type": "TransferToFlow", "Parameters": {"ContactFlowId": "f"}} «missing-error-branch»"#,
    ));
    assert_eq!(hint(&found, "unsupported-operator"), "did you mean Equals?");
    assert_eq!(hint(&found, "unknown-error-type"), "did you mean NoMatchingError?");
}

#[test]
fn a_wait_for_the_bot_must_say_what_happens_without_one() {
    check(&around(
        r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "1", "Events": ["BotParticipantDisconnected"]},
"Transitions": { «missing-error-branch» «missing-condition»
"Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}},
{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": [
"CustomerReturned"]}}, «impossible-condition»
{"NextAction": "m", "Condition": {"Operator":
"TextContains", «unsupported-operator»
"Operands": ["Wait"]}}],
"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
    ));
}

#[test]
fn agents_are_only_asked_whether_anybody_is_there() {
    let metric = |operator: &str, operand: &str| {
        check(&around(&format!(
            r#"{{"Identifier": "a", "Type": "CheckMetricData", "Parameters": {{"MetricType": "NumberOfAgentsStaffed"}},
"Transitions": {{"Conditions": [{{"NextAction": "m", "Condition": {{"Operator":
{operator}
"Operands": [
{operand}
]}}}}],
"Errors": [{{"NextAction": "m", "ErrorType": "NoMatchingError"}}, {{"NextAction": "m", "ErrorType": "NoMatchingCondition"}}]}}}}"#
        )));
    };
    metric("\"NumberGreaterThan\",", "\"0\"");
    metric("\"NumberGreaterThan\",", "\"1\" «bad-operands»");
    metric("\"NumberLessThan\", «unsupported-operator»", "\"0\"");
}

#[test]
fn limits_of_size() {
    let end = action("e", "DisconnectParticipant", json!({}), &json!({}));
    let many = |count: usize| {
        let actions = (1..count).map(|at| action(&format!("a{at}"), "DisconnectParticipant", json!({}), &json!({})));
        flow_json(&std::iter::once(end.clone()).chain(actions).collect::<Vec<_>>())
    };
    assert!(Flow::parse(&many(250)).is_ok());
    assert_eq!(errors(&many(251))[0].code, "too-many-actions");

    let flow = many(1);
    let padded = |characters: usize| format!("{flow}{}", " ".repeat(characters - flow.chars().count()));
    assert!(Flow::parse(&padded(256_000)).is_ok());
    assert_eq!(errors(&padded(256_001))[0].code, "too-long");
}

/// What a template will put there is not known, and nothing is said of it.
#[test]
fn placeholders_are_taken_everywhere() {
    for placeholder in ["${X}", "${Stack.Output}", "{{X}}"] {
        let text = around(
            r#"{"Identifier": "a", "Type": "CheckMetricData", "Parameters": {"MetricType": "P", "QueueId": "P"},
"Transitions": {"Conditions": [{"NextAction": "b", "Condition": {"Operator": "NumberGreaterThan", "Operands": ["P"]}}],
"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}, {"NextAction": "m", "ErrorType": "NoMatchingCondition"}]}},
{"Identifier": "b", "Type": "UpdateFlowLoggingBehavior", "Parameters": {"FlowLoggingBehavior": "P"}, "Transitions": {"NextAction": "c"}},
{"Identifier": "c", "Type": "Compare", "Parameters": {"ComparisonValue": "P"}, "Transitions": {"Errors": [{"NextAction": "d", "ErrorType": "NoMatchingCondition"}],
"Conditions": [{"NextAction": "d", "Condition": {"Operator": "Equals", "Operands": ["P"]}}]}},
{"Identifier": "d", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "P", "InvocationTimeLimitSeconds": "P"},
"Transitions": {"NextAction": "e", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}},
{"Identifier": "e", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "P", "Events": ["P"]}, "Transitions": {
"Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["P"]}}, {"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}],
"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}, {"NextAction": "m", "ErrorType": "ParticipantNotFound"}]}}"#,
        );
        assert_eq!(errors(&text.replace("\"P\"", &format!("\"{placeholder}\""))), [], "{placeholder}");
    }
}

#[test]
fn what_exports_look_like_is_taken() {
    let text = "\u{feff}{\"Actions\": [{\"Transitions\": {}, \"Type\": \"DisconnectParticipant\", \"Identifier\": \"a\", \
                \"Parameters\": {}}], \"Metadata\": {\"entryPointPosition\": {\"x\": 1, \"y\": null}, \"a\": [true]}, \
                \"StartAction\": \"a\", \"Version\": \"2019-10-30\"}";
    assert_eq!(errors(text), []);
}
