//! Every call of the AWS wire on its way through, kept for the inspector. What is large or of unknown length goes by unseen.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use percent_encoding::percent_decode_str;
use relevo_connect::Centre;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::local::{CallBody, CallEntry, Calls, Door, System};

/// Longer bodies are not looked at.
const LONGEST: u64 = 64 * 1024;

/// What the log needs.
#[derive(Clone)]
pub(crate) struct WireLog {
    /// Whose a token is.
    pub centre: Centre,
    /// Where calls go.
    pub calls: Arc<Calls>,
}

/// Keeps the call.
pub(crate) async fn log(State(log): State<WireLog>, request: Request, next: Next) -> Response {
    let Some(name) = relevo_wire::operation_name(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let token = request.headers().get("x-amz-bearer").and_then(|value| value.to_str().ok());
    // Before the call: afterwards the token may be worth nothing.
    let owner = token.and_then(|token| log.centre.contact_of(&SecretString::from(token)));
    let bearer = token.map(|_| if path == "/participant/connection" { "participant" } else { "connection" });
    let small = content_length(request.headers()).is_some_and(|length| length <= LONGEST);
    let (request, asked) = if small { seen(request).await } else { (request, Bytes::new()) };
    let at_us = System::micros();
    let response = next.run(request).await;
    let duration_us = System::micros() - at_us;
    let status = response.status().as_u16();
    let (response, answered) = match response.body().size_hint().exact() {
        Some(length) if length <= LONGEST => seen_response(response).await,
        _ => (response, Bytes::new()),
    };
    // Copies: these bytes are parts of buffers that are much longer.
    let (asked, answered) = (CallBody::Raw(asked.to_vec().into()), CallBody::Raw(answered.to_vec().into()));
    let labels: Map<String, Value> = name.labels.iter().map(|(name, value)| ((*name).into(), decoded(value))).collect();
    let contact = owner.or_else(|| contact_in(&labels, &asked.json(), &answered.json()));
    if let Some(contact_id) = contact {
        let (service, operation) = (name.service, name.operation);
        let (door, request, answer) = (Door::Wire, asked, answered);
        log.calls.add(
            &contact_id,
            CallEntry {
                at_us,
                duration_us,
                door,
                service,
                operation,
                method,
                path,
                labels,
                bearer,
                request,
                response: answer,
                status,
            },
        );
    }
    response
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    match headers.get(header::CONTENT_LENGTH) {
        Some(value) => value.to_str().ok()?.parse().ok(),
        None => (!headers.contains_key(header::TRANSFER_ENCODING)).then_some(0),
    }
}

async fn seen(request: Request) -> (Request, Bytes) {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, usize::try_from(LONGEST).unwrap_or(usize::MAX)).await else {
        // It broke off, or is not what it said: the wire finds an end that is too early, and says so.
        return (Request::from_parts(parts, Body::from("{")), Bytes::new());
    };
    (Request::from_parts(parts, Body::from(bytes.clone())), bytes)
}

async fn seen_response(response: Response) -> (Response, Bytes) {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::try_from(LONGEST).unwrap_or(usize::MAX)).await.unwrap_or_default();
    (Response::from_parts(parts, Body::from(bytes.clone())), bytes)
}

fn decoded(label: &str) -> Value {
    json!(percent_decode_str(label).decode_utf8_lossy())
}

/// The contact that a call names: in its path, its body or its answer.
fn contact_in(labels: &Map<String, Value>, asked: &Value, answered: &Value) -> Option<String> {
    let named = |value: &Value| {
        ["ContactId", "InitialContactId"].iter().find_map(|key| value.get(*key)?.as_str().map(str::to_owned))
    };
    let labels = Value::Object(labels.clone());
    named(&labels).or_else(|| named(asked)).or_else(|| named(answered))
}
