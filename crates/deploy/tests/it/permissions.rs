//! Least privilege: every call that the functions make is allowed by their roles on what it is made to, and everything that
//! the roles allow is called, or stands here with its reason.
//!
//! The calls are those of the deployed binaries over whole conversations, written down by the acceptance suite
//! `permissions`, which fails when they make others.

use std::collections::BTreeSet;

use relevo_deploy::cfn;
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../../../../deploy/template.yaml");
const CALLS: &str = include_str!("../fixtures/calls.json");

/// What is allowed and is not among the calls: the action, and why it is needed all the same.
const BESIDES: [(&str, &str); 16] = [
    ("kms:Decrypt", "DynamoDB, SNS, SQS and Lambda decrypt with the stack's key in the role's name"),
    ("kms:GenerateDataKey", "DynamoDB and SNS encrypt with the stack's key in the role's name"),
    ("logs:CreateLogStream", "Lambda writes the function's lines in the role's name"),
    ("logs:PutLogEvents", "Lambda writes the function's lines in the role's name"),
    ("xray:PutTraceSegments", "Lambda's tracing, in the role's name"),
    ("xray:PutTelemetryRecords", "Lambda's tracing, in the role's name"),
    ("sqs:ReceiveMessage", "Lambda's poller, in the role's name"),
    ("sqs:DeleteMessage", "Lambda's poller, in the role's name"),
    ("sqs:GetQueueAttributes", "Lambda's poller, in the role's name"),
    ("sqs:SendMessage", "Lambda sends what it gives up to the dead letters, in the role's name"),
    ("bedrock:InvokeModel", "Converse, with agentBackend=relevo: no model of Bedrock stands on a laptop"),
    ("bedrock:InvokeModelWithResponseStream", "ConverseStream, with agentBackend=relevo: as above"),
    ("start-bot connect:StopContactStreaming", "what a start has begun is undone when it fails half-way"),
    ("start-bot dynamodb:DeleteItem", "what a start has begun is undone when it fails half-way"),
    (
        "chat-bot sns:Publish",
        "a turn of the definition's own agents that is longer than an invocation (agentBackend=relevo)",
    ),
    ("dynamodb:DeleteItem", "a run of the definition's own agents that has ended (agentBackend=relevo)"),
];

/// An action that a role allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Allowed {
    function: &'static str,
    action: String,
    resource: String,
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

/// What of the stack a statement's resource is, in the words of the list of calls.
fn kind(resource: &Value) -> String {
    let text = resource.get("Fn::Sub").and_then(Value::as_str).unwrap_or_default();
    if *resource == json!({"Fn::GetAtt": ["Contacts", "Arn"]}) {
        "table".into()
    } else if *resource == json!({"Ref": "Messages"}) {
        "topic".into()
    } else if text.ends_with(":instance/${instanceId}/contact/*") {
        "contact".into()
    } else if text.ends_with(":instance/${instanceId}") {
        "instance".into()
    } else if text.ends_with(":agent-alias/${agentId}/${agentAliasId}") {
        "agent-alias".into()
    } else {
        resource.to_string()
    }
}

/// All that the policies of a role allow, in any mode.
fn allowed(template: &Value, function: &'static str, role: &str) -> Vec<Allowed> {
    let of_role = &template["Resources"][role]["Properties"]["Policies"];
    let mut documents: Vec<&Value> = of_role.as_array().unwrap().iter().map(|it| &it["PolicyDocument"]).collect();
    for resource in template["Resources"].as_object().unwrap().values() {
        let attached = resource["Properties"]["Roles"].as_array().is_some_and(|it| it.contains(&json!({"Ref": role})));
        if resource["Type"] == "AWS::IAM::Policy" && attached {
            documents.push(&resource["Properties"]["PolicyDocument"]);
        }
    }
    let mut all = Vec::new();
    for statement in documents.iter().flat_map(|it| list(&it["Statement"])) {
        // [condition, statement, AWS::NoValue]
        let statement = statement.get("Fn::If").map_or(statement.clone(), |branches| branches[1].clone());
        assert_eq!(statement["Effect"], "Allow");
        assert!(statement.get("NotAction").is_none() && statement.get("NotResource").is_none(), "{statement}");
        for action in list(&statement["Action"]) {
            for resource in list(&statement["Resource"]) {
                let action = action.as_str().unwrap().to_owned();
                assert!(!action.contains('*'), "{function}: {action} has no wildcard");
                all.push(Allowed { function, action, resource: kind(&resource) });
            }
        }
    }
    all
}

fn both() -> Vec<Allowed> {
    let template = cfn::read(TEMPLATE, "template.yaml").unwrap();
    let mut all = allowed(&template, "start-bot", "StartBotRole");
    all.extend(allowed(&template, "chat-bot", "ChatBotRole"));
    all
}

fn calls() -> Vec<(String, String, String)> {
    let calls: Vec<Value> = serde_json::from_str(CALLS).unwrap();
    let text = |call: &Value, name: &str| call[name].as_str().unwrap().to_owned();
    calls.iter().map(|it| (text(it, "function"), text(it, "action"), text(it, "resource"))).collect()
}

#[test]
fn every_call_is_allowed_on_what_it_is_made_to() {
    let allowed = both();
    assert!(calls().len() > 5, "no conversation was held");
    for (function, action, resource) in calls() {
        let is = |it: &&Allowed| it.function == function && it.action == action && it.resource == resource;
        assert!(allowed.iter().any(|it| is(&it)), "{function} may not {action} on {resource}");
    }
}

#[test]
fn everything_that_is_allowed_is_called_or_has_its_reason() {
    let called: BTreeSet<(String, String)> =
        calls().into_iter().map(|(function, action, _)| (function, action)).collect();
    let mut reasons = BTreeSet::new();
    for Allowed { function, action, .. } in both() {
        if called.contains(&(function.to_owned(), action.clone())) {
            continue;
        }
        let own = format!("{function} {action}");
        let reason = BESIDES.iter().map(|(what, _)| *what).find(|what| **what == own || **what == action);
        reasons.insert(reason.unwrap_or_else(|| panic!("{own} is allowed, never called, and has no reason")));
    }
    let needless: Vec<_> = BESIDES.iter().filter(|(what, _)| !reasons.contains(what)).collect();
    assert!(needless.is_empty(), "reasons that nothing needs any more: {needless:?}");
}

#[test]
fn the_only_resource_without_a_name_is_x_rays() {
    for Allowed { action, resource, .. } in both() {
        assert!(resource != "\"*\"" || action.starts_with("xray:"), "{action} on {resource}");
    }
}
