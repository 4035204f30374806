//! `POST /`: what the services share a path for. DynamoDB is told by its target header, SNS by its form.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};

use crate::{
    dynamodb::{self, Items, Refusal, TableSpec},
    sns::{self, Topic},
};

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const DYNAMODB: &str = "DynamoDB_20120810.";
const FORM: &str = "application/x-www-form-urlencoded";
/// A message of 256 KB may be three times as long in a form, and an item's JSON longer than the item.
const LONGEST_BODY_BYTES: usize = 2 * 1024 * 1024;

/// What is served.
#[derive(Clone)]
pub struct Services {
    /// The table.
    pub table: TableSpec,
    /// Its items.
    pub items: Arc<dyn Items>,
    /// The topic.
    pub topic: Arc<dyn Topic>,
}

/// One route, to be merged into the others of the origin.
pub fn router(services: Services) -> Router {
    Router::new().route("/", post(serve)).layer(DefaultBodyLimit::max(LONGEST_BODY_BYTES)).with_state(services)
}

async fn serve(State(services): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    let request_id = uuid::Uuid::new_v4().to_string();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let target = text(TARGET);
    let mut response = if target.is_empty() && text(header::CONTENT_TYPE).starts_with(FORM) {
        let (status, xml) = sns::serve(services.topic.as_ref(), &body, &request_id).await;
        written(status, "text/xml", xml)
    } else {
        let done = match target.strip_prefix(DYNAMODB) {
            Some(operation) => dynamodb::serve(&services.table, services.items.as_ref(), operation, &body).await,
            None => Err(Refusal::UnknownOperation("Unknown operation".into())),
        };
        let (status, body) = match done {
            Ok(answer) => (200, answer),
            Err(refusal) => {
                if let Refusal::Internal(cause) = &refusal {
                    tracing::error!(target, cause, request_id, "request failed");
                }
                refusal.answer()
            }
        };
        written(status, "application/x-amz-json-1.0", body.to_string())
    };
    if let Ok(value) = request_id.parse() {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn written(status: u16, kind: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
