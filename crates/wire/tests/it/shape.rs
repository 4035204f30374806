//! What an answer of an operation must look like, whatever was asked.

use relevo_wire::{OfferedRoute, exceptions::exceptions};
use serde_json::Value;

use crate::support::Reply;

/// What the front of every AWS service may answer, whatever the operation lists.
const COMMON: [(&str, u16); 4] = [
    ("AccessDeniedException", 403),
    ("SerializationException", 400),
    ("UnsupportedMediaTypeException", 415),
    ("RequestTooLargeException", 413),
];

/// An answer, or a refusal that the operation's model lists or the front gives, in AWS's shape. Never a failure of ours.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(route: OfferedRoute, reply: &Reply) -> Result<(), String> {
    let status = reply.status.as_u16();
    let error = reply.header("x-amzn-errortype");
    let wrong = |what: &str| Err(format!("{}: {what}: {status} {error} {}", route.operation, reply.body));
    if reply.header("x-amzn-requestid").is_empty() {
        return wrong("no request id");
    }
    if status == 200 {
        let stream = reply.header("content-type") == "application/vnd.amazon.eventstream";
        return if stream || reply.body.is_object() { Ok(()) } else { wrong("no structure") };
    }
    if status >= 500 {
        return wrong("a failure");
    }
    let listed = exceptions(route.service, route.operation);
    let known = listed.iter().any(|it| it.is_named(error) && it.status().as_u16() == status)
        || COMMON.contains(&(error, status));
    if !known {
        return wrong("no error of the operation");
    }
    if reply.header("content-type") != "application/json" {
        return wrong("no JSON");
    }
    let member = match (error, route.service) {
        ("InvalidContactFlowException", _) => "problems",
        (_, "bedrock-agent-runtime") => "message",
        _ => "Message",
    };
    let told = match reply.body.get(member) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(problems)) => {
            !problems.is_empty() && problems.iter().all(|it| it.get("message").is_some_and(Value::is_string))
        }
        _ => false,
    };
    let alone = reply.body.as_object().is_some_and(|body| body.len() == 1);
    if told && alone { Ok(()) } else { wrong("another body than the error has") }
}
