//! Which AWS call each function makes, as IAM would see it: a line a call, for who writes or checks the functions' roles
//! (`RELEVO_LOG=relevo::calls=debug`).
//!
//! The children's access keys have the functions' names, and a signed request says by whose key it was signed.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use relevo_host::access_key_function;
use serde_json::Value;

/// The target of the lines.
const TARGET: &str = "relevo::calls";
/// What is read of a request at most; no call of a function is longer.
const LONGEST_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Connect's operations by their paths: those that need a permission.
const CONNECT: [(&str, &str); 6] = [
    ("/contact/create-participant", "CreateParticipant"),
    ("/contact/start-streaming", "StartContactStreaming"),
    ("/contact/stop-streaming", "StopContactStreaming"),
    ("/contact/stop", "StopContact"),
    ("/contact/transfer", "TransferContact"),
    ("/contact/attributes", "UpdateContactAttributes"),
];

/// Whether the lines are wanted.
pub(super) fn wanted() -> bool {
    tracing::enabled!(target: TARGET, tracing::Level::DEBUG)
}

/// Says what is called, and lets it pass.
pub(super) async fn say(request: Request, next: Next) -> Response {
    let Some((function, service)) = signer(request.headers()) else { return next.run(request).await };
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let (action, resource) = call(&service, head.method.as_str(), head.uri.path(), &head.headers, &body);
    tracing::debug!(target: TARGET, "call {function} {service}:{action} {resource}");
    next.run(Request::from_parts(head, Body::from(body))).await
}

/// The function and the service of `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn signer(headers: &HeaderMap) -> Option<(String, String)> {
    let credential = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once("Credential=")?.1;
    let mut parts = credential.split(',').next()?.split('/');
    let function = access_key_function(parts.next()?)?;
    Some((function.to_owned(), parts.nth(2)?.to_owned()))
}

/// The action, and what it is done to: an ARN, or as much of one as the request has.
fn call(service: &str, method: &str, path: &str, headers: &HeaderMap, body: &Bytes) -> (String, String) {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let field = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok()).and_then(|it| it.split_once('.'));
    match (service, target) {
        (_, Some((_, operation))) => (operation.to_owned(), format!("table/{}", field("TableName"))),
        ("sns", _) => {
            let fields: BTreeMap<&str, &str> =
                std::str::from_utf8(body).unwrap_or_default().split('&').filter_map(|it| it.split_once('=')).collect();
            let of = |name| fields.get(name).copied().unwrap_or_default().replace("%3A", ":");
            (of("Action"), of("TopicArn"))
        }
        ("connect", _) => {
            let contact = [field("ContactId"), field("InitialContactId")].into_iter().find(|id| !id.is_empty());
            let action = CONNECT.iter().find(|(of, _)| *of == path).map(|(_, action)| (*action).to_owned());
            let resource = format!("instance/{}/contact/{}", field("InstanceId"), contact.unwrap_or_default());
            (action.unwrap_or_else(|| format!("{method} {path}")), resource)
        }
        ("bedrock", _) if path.starts_with("/agents/") => {
            let mut parts = path.split('/').skip(2).step_by(2);
            let (agent, alias) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            ("InvokeAgent".into(), format!("agent-alias/{agent}/{alias}"))
        }
        _ => (format!("{method} {path}"), "*".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_its_key_its_path_and_its_body() {
        let mut headers = HeaderMap::new();
        assert_eq!(signer(&headers), None);
        let signed = |key: &str| {
            format!("AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host")
        };
        headers.insert(header::AUTHORIZATION, signed("AKIDEXAMPLE").parse().unwrap());
        assert_eq!(signer(&headers), None, "somebody else's");
        headers.insert(header::AUTHORIZATION, signed("local.chat-bot").parse().unwrap());
        assert_eq!(signer(&headers), Some(("chat-bot".into(), "dynamodb".into())));
        let none = HeaderMap::new();
        let said = |service, path, headers: &HeaderMap, body: &'static str| {
            let (action, resource) = call(service, "POST", path, headers, &Bytes::from_static(body.as_bytes()));
            format!("{action} {resource}")
        };
        headers.insert("x-amz-target", "DynamoDB_20120810.GetItem".parse().unwrap());
        assert_eq!(said("dynamodb", "/", &headers, r#"{"TableName": "t"}"#), "GetItem table/t");
        assert_eq!(said("sns", "/", &none, "Action=Publish&TopicArn=arn%3Aaws%3Asns"), "Publish arn:aws:sns");
        let body = r#"{"InstanceId": "i", "ContactId": "c"}"#;
        assert_eq!(
            said("connect", "/contact/stop-streaming", &none, body),
            "StopContactStreaming instance/i/contact/c"
        );
        let path = "/agents/A/agentAliases/B/sessions/C/text";
        assert_eq!(said("bedrock", path, &none, "{}"), "InvokeAgent agent-alias/A/B");
        assert_eq!(said("s3", "/x", &none, ""), "POST /x *");
    }
}
