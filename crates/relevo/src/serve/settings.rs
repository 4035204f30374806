//! What can be tried while everything runs: the channel's message limit, a stream that delivers badly, and the model. Gone with the process: the command
//! line says how it begins.

use axum::{
    Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Served,
    desk::{read, refusal},
    faults,
};

/// As the command line has it.
const LIMITS: std::ops::RangeInclusive<usize> = 256..=16_384;

pub(super) fn routes() -> Router<Served> {
    Router::new().route("/relevo/settings", get(settings).put(change))
}

async fn settings(State(served): State<Served>) -> Json<Value> {
    Json(shown(&served))
}

fn shown(served: &Served) -> Value {
    let (models, model) =
        served.models.as_ref().map(|chooser| (chooser.choices(), chooser.chosen())).unwrap_or_default();
    json!({
        "messageLimitBytes": served.centre.config().message_limit_bytes.get(),
        "chaoticStream": served.chaos.is_on(),
        "faults": faults::set_of(&served.faults),
        "messageLimits": {"least": LIMITS.start(), "most": LIMITS.end()},
        "models": models,
        "model": model,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    message_limit_bytes: Option<usize>,
    chaotic_stream: Option<bool>,
    model: Option<Vec<String>>,
}

async fn change(State(served): State<Served>, body: Result<Json<Change>, JsonRejection>) -> Response {
    let change = match read(
        body,
        "{\"messageLimitBytes\": 1024, \"chaoticStream\": true, \"model\": [\"offline\"]}, or some of them",
    ) {
        Ok(change) => change,
        Err(refusal) => return refusal,
    };
    if change.message_limit_bytes.is_some_and(|bytes| !LIMITS.contains(&bytes)) {
        return invalid("messageLimitBytes must be from 256 to 16384.");
    }
    if let Some(names) = &change.model {
        let Some(chooser) = &served.models else {
            return invalid(
                "The bot runs in processes of its own (--lambdas process), which have their model from there.",
            );
        };
        let choices = chooser.choices();
        if names.is_empty() || names.iter().any(|name| !choices.contains(name)) {
            return invalid(&format!("model must name some of: {}.", choices.join(", ")));
        }
        if let Err(error) = chooser.choose(names).await {
            return invalid(&format!("{error:#}"));
        }
    }
    if let Some(on) = change.chaotic_stream {
        served.chaos.set(on);
    }
    if let Some(bytes) = change.message_limit_bytes {
        served.centre.config().message_limit_bytes.set(bytes);
    }
    Json(shown(&served)).into_response()
}

fn invalid(message: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, "ValidationException", message)
}
