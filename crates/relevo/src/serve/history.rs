//! What was: contacts found by search, a contact as a conversation for `relevo test`, and the figures of all of them.

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use relevo_connect::ports::Clock as _;
use serde_json::json;

use super::{
    Served,
    desk::{from_centre, refusal},
};
use crate::local::{System, export, overview, search};

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/relevo/inspector/search", get(find))
        .route("/relevo/inspector/contacts/{contact_id}/conversation", get(conversation))
        .route("/relevo/overview", get(figures))
}

async fn find(State(served): State<Served>, query: Result<Query<search::Query>, QueryRejection>) -> Response {
    let query = match query {
        Ok(Query(query)) => query,
        Err(rejection) => {
            return refusal(StatusCode::BAD_REQUEST, "ValidationException", &rejection.body_text());
        }
    };
    match served.centre.records(query.needs_items()).await {
        Ok(records) => Json(json!(search::find(&records, &query))).into_response(),
        Err(error) => from_centre(&error),
    }
}

/// As YAML, to be saved in a bot's `conversations/`.
async fn conversation(State(served): State<Served>, Path(contact_id): Path<String>) -> Response {
    let inspection = match served.centre.inspect(&contact_id).await {
        Ok(inspection) => inspection,
        Err(error) => return from_centre(&error),
    };
    let items = match served.centre.transcript(&contact_id).await {
        Ok(items) => items,
        Err(error) => return from_centre(&error),
    };
    let traces = served.traces.of(&contact_id);
    let Some(yaml) = export::conversation(&inspection, &items, &traces) else {
        let message = "The customer has said nothing to the bot, so there is no conversation to be held.";
        return refusal(StatusCode::CONFLICT, "ConflictException", message);
    };
    let short: String = contact_id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"contact-{short}.yaml\"")),
    ];
    (headers, yaml).into_response()
}

async fn figures(State(served): State<Served>) -> Response {
    match served.centre.records(true).await {
        Ok(records) => Json(json!(overview::figures(&records, System.now_ms()))).into_response(),
        Err(error) => from_centre(&error),
    }
}
