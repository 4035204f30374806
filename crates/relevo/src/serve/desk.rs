//! The desk's API: Connect has no public one.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use relevo_connect::{
    Error, ErrorKind,
    api::DeskContact,
    desk::{AgentSettings, AgentStatus, Outcome, TransferTo},
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Served;

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/relevo/desk", get(desk))
        .route("/relevo/desk/contacts", get(contacts))
        .route("/relevo/desk/contacts/{contact_id}", get(contact))
        .route("/relevo/desk/contacts/{contact_id}/accept", post(accept))
        .route("/relevo/desk/contacts/{contact_id}/reject", post(reject))
        .route("/relevo/desk/contacts/{contact_id}/transfer", post(transfer))
        .route("/relevo/desk/contacts/{contact_id}/end", post(end))
        .route("/relevo/desk/contacts/{contact_id}/outcome", post(outcome))
        .route("/relevo/desk/contacts/{contact_id}/close", post(close))
        .route("/relevo/desk/agents", get(agents))
        .route("/relevo/desk/agents/{name}", put(set_agent))
}

/// Who is there, where contacts can be transferred to, what can be said and chosen.
async fn desk(State(served): State<Served>) -> Response {
    let queues: Vec<Value> = served
        .centre
        .config()
        .queues()
        .map(|queue| json!({"id": queue.id, "name": queue.name, "capacity": queue.capacity}))
        .collect();
    let mut body = json!(*served.desk);
    if let Some(members) = body.as_object_mut() {
        members.insert("queues".into(), json!(queues));
        members.insert("agents".into(), json!(served.centre.agents()));
    }
    Json(body).into_response()
}

/// What a person gets to know of a contact: how it stands, the packet, and everything that was said.
async fn contact(State(served): State<Served>, Path(contact_id): Path<String>) -> Response {
    match handover(&served, &contact_id).await {
        Ok(body) => Json(body).into_response(),
        Err(error) => from_centre(&error),
    }
}

async fn handover(served: &Served, contact_id: &str) -> Result<Value, Error> {
    let contact = served.centre.desk_contacts().await.into_iter().find(|it| it.contact_id == contact_id);
    let contact = contact.ok_or_else(|| Error::new(ErrorKind::NotFound, "This contact is not at the desk."))?;
    let transcript = served.centre.transcript(contact_id).await?;
    Ok(json!({ "packet": packet(&contact), "contact": contact, "transcript": transcript }))
}

/// The hand-off in the order in which a person reads it. Where nothing says whether the customer was verified, neither
/// does this.
fn packet(contact: &DeskContact) -> Value {
    let attribute = |key: &str| contact.attributes.get(key).filter(|value| !value.is_empty());
    let tried: Vec<&str> = attribute("escalationTried").map(|text| text.split("; ").collect()).unwrap_or_default();
    let verified = ["customerVerified", "verified", "authenticated"].iter().find_map(|key| attribute(key));
    let verified = verified.and_then(|text| match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    });
    json!({
        "reason": attribute("escalationReason"),
        "summary": attribute("escalationSummary"),
        "language": attribute("escalationLanguage"),
        "tried": tried,
        "verified": verified,
    })
}

async fn agents(State(served): State<Served>) -> Response {
    Json(json!({ "agents": served.centre.agents() })).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AgentBody {
    status: AgentStatus,
    #[serde(default = "AgentBody::usual")]
    max_chats: u8,
    queues: Option<Vec<String>>,
}

impl AgentBody {
    /// Chats at a time, unless the agent says otherwise.
    fn usual() -> u8 {
        3
    }
}

async fn set_agent(
    State(served): State<Served>,
    Path(name): Path<String>,
    body: Result<Json<AgentBody>, JsonRejection>,
) -> Response {
    let expected =
        "{\"status\": \"AVAILABLE\", \"maxChats\": 3}; a status is AVAILABLE, BUSY, AFTER_CONTACT_WORK or OFFLINE";
    let AgentBody { status, max_chats, queues } = match read(body, expected) {
        Ok(settings) => settings,
        Err(refusal) => return refusal,
    };
    done(served.centre.set_agent(name.trim(), AgentSettings { status, max_chats, queues }).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reject {
    display_name: String,
}

async fn reject(
    State(served): State<Served>,
    Path(contact_id): Path<String>,
    body: Result<Json<Reject>, JsonRejection>,
) -> Response {
    match read(body, "{\"displayName\": \"…\"}") {
        Ok(reject) => done(served.centre.desk_reject(&contact_id, reject.display_name.trim()).await),
        Err(refusal) => refusal,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TransferRequest {
    to: TransferTo,
    #[serde(default)]
    note: String,
}

async fn transfer(
    State(served): State<Served>,
    Path(contact_id): Path<String>,
    body: Result<Json<TransferRequest>, JsonRejection>,
) -> Response {
    match read(body, "{\"to\": {\"queue\": \"…\"} or {\"agent\": \"…\"}, \"note\": \"…\"}") {
        Ok(request) => done(served.centre.desk_transfer(&contact_id, request.to, request.note).await),
        Err(refusal) => refusal,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct End {
    outcome: Option<String>,
    #[serde(default)]
    note: String,
}

impl End {
    fn outcome(self) -> Option<Outcome> {
        let note = self.note;
        self.outcome.map(|code| Outcome { code, note, by: String::new(), at_ms: 0 })
    }
}

async fn end(
    State(served): State<Served>,
    Path(contact_id): Path<String>,
    body: Result<Json<End>, JsonRejection>,
) -> Response {
    match read(body, "{\"outcome\": \"…\", \"note\": \"…\"}, or {}") {
        Ok(end) => done(served.centre.desk_end(&contact_id, end.outcome()).await),
        Err(refusal) => refusal,
    }
}

async fn outcome(
    State(served): State<Served>,
    Path(contact_id): Path<String>,
    body: Result<Json<End>, JsonRejection>,
) -> Response {
    match read(body, "{\"outcome\": \"…\", \"note\": \"…\"}").map(End::outcome) {
        Ok(Some(outcome)) => done(served.centre.desk_outcome(&contact_id, outcome).await),
        Ok(None) => refusal(StatusCode::BAD_REQUEST, "ValidationException", "outcome is missing."),
        Err(refusal) => refusal,
    }
}

async fn close(State(served): State<Served>, Path(contact_id): Path<String>) -> Response {
    done(served.centre.desk_close(&contact_id).await)
}

fn done(answer: Result<(), Error>) -> Response {
    match answer {
        Ok(()) => Json(json!({})).into_response(),
        Err(error) => from_centre(&error),
    }
}

/// The body, or a refusal that says what would be right.
#[expect(clippy::result_large_err, reason = "the refusal is what is answered")]
pub(super) fn read<T>(body: Result<Json<T>, JsonRejection>, expected: &str) -> Result<T, Response> {
    body.map(|Json(body)| body).map_err(|rejection| {
        let message = format!("{} Expected: {expected}", rejection.body_text());
        refusal(StatusCode::BAD_REQUEST, "ValidationException", &message)
    })
}

async fn contacts(State(served): State<Served>) -> Response {
    Json(json!({ "contacts": served.centre.desk_contacts().await })).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Accept {
    display_name: String,
}

async fn accept(
    State(served): State<Served>,
    Path(contact_id): Path<String>,
    body: Result<Json<Accept>, JsonRejection>,
) -> Response {
    let accept = match read(body, "{\"displayName\": \"…\"}") {
        Ok(accept) => accept,
        Err(refusal) => return refusal,
    };
    let name = accept.display_name.trim();
    if name.is_empty() || name.chars().count() > 256 {
        return refusal(StatusCode::BAD_REQUEST, "ValidationException", "displayName must have 1 to 256 characters.");
    }
    match served.centre.desk_accept(&contact_id, name).await {
        Ok(created) => Json(json!({
            "participantId": created.participant_id,
            "participantToken": created.participant_token.expose_secret(),
            "handover": handover(&served, &contact_id).await.ok(),
        }))
        .into_response(),
        Err(error) => from_centre(&error),
    }
}

/// A refusal of the centre in this machine's own API: the names are connect's.
pub(super) fn from_centre(error: &Error) -> Response {
    let (status, name) = match error.kind {
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
        ErrorKind::ContactNotFound => (StatusCode::GONE, "ContactNotFoundException"),
        ErrorKind::Conflict => (StatusCode::CONFLICT, "ConflictException"),
        ErrorKind::AccessDenied => (StatusCode::FORBIDDEN, "AccessDeniedException"),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceException"),
        _ => (StatusCode::BAD_REQUEST, "InvalidRequestException"),
    };
    if let Some(cause) = &error.cause {
        tracing::error!(%cause, "The desk was refused");
    }
    refusal(status, name, &error.message)
}

pub(super) fn refusal(status: StatusCode, name: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", name)], Json(json!({ "Message": message }))).into_response()
}
