//! The desk's API: Connect has no public one.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use relevo_connect::{Error, ErrorKind};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::Served;

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/relevo/desk/contacts", get(contacts))
        .route("/relevo/desk/contacts/{contact_id}/accept", post(accept))
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
    let Json(accept) = match body {
        Ok(body) => body,
        Err(rejection) => {
            let message = format!("{} Expected: {{\"displayName\": \"…\"}}", rejection.body_text());
            return refusal(StatusCode::BAD_REQUEST, "ValidationException", &message);
        }
    };
    let name = accept.display_name.trim();
    if name.is_empty() || name.chars().count() > 256 {
        return refusal(StatusCode::BAD_REQUEST, "ValidationException", "displayName must have 1 to 256 characters.");
    }
    match served.centre.desk_accept(&contact_id, name).await {
        Ok(created) => Json(json!({
            "participantId": created.participant_id,
            "participantToken": created.participant_token.expose_secret(),
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

fn refusal(status: StatusCode, name: &'static str, message: &str) -> Response {
    (status, [("x-amzn-errortype", name)], Json(json!({ "Message": message }))).into_response()
}
