//! Lambda's Runtime API for one child: HTTP in, what the child says out.
//!
//! The port is the child's own, so that no other child and no late answer of a former one can be taken for its answer.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{Event, InvokeError};

/// The longest answer of a function (Lambda quotas: 6 MB, synchronous).
const LONGEST_ANSWER_BYTES: usize = 6 * 1024 * 1024;
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// What the child says.
pub(super) enum Said {
    /// It asks for an event.
    Next(oneshot::Sender<Event>),
    /// It answers an invocation. `known` is told whether that is the one that runs.
    Answer { request_id: String, outcome: Result<Bytes, InvokeError>, known: oneshot::Sender<bool> },
    /// It cannot start.
    InitError(InvokeError),
}

/// The API of one child; gone when dropped.
pub(super) struct RuntimeApi {
    pub(super) address: SocketAddr,
    pub(super) said: mpsc::Receiver<Said>,
    server: JoinHandle<()>,
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl RuntimeApi {
    /// Listens on a free port of loopback.
    pub(super) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (tell, said) = mpsc::channel(4);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router(tell)).await {
                tracing::error!(%error, "a runtime API stopped");
            }
        });
        Ok(Self { address, said, server })
    }
}

type Tell = mpsc::Sender<Said>;

fn router(tell: Tell) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::max(LONGEST_ANSWER_BYTES))
        .layer(middleware::from_fn(no_browsers))
        .with_state(tell)
}

/// A web page must not be able to take an event away from its function.
async fn no_browsers(request: Request, next: Next) -> Response {
    let browser = request.headers().contains_key(header::ORIGIN) || request.headers().contains_key("sec-fetch-site");
    if browser { refused(StatusCode::FORBIDDEN, "Forbidden") } else { next.run(request).await }
}

async fn next(State(tell): State<Tell>) -> Response {
    let (give, given) = oneshot::channel();
    if tell.send(Said::Next(give)).await.is_err() {
        return refused(StatusCode::SERVICE_UNAVAILABLE, "Stopping");
    }
    match given.await {
        Ok(event) => {
            let headers = [
                ("lambda-runtime-aws-request-id", event.request_id),
                ("lambda-runtime-deadline-ms", event.deadline_ms.to_string()),
                ("lambda-runtime-invoked-function-arn", event.function_arn),
                ("lambda-runtime-trace-id", event.trace_id),
                ("content-type", "application/json".into()),
            ];
            (headers, event.body).into_response()
        }
        // It asks while it owes an answer.
        Err(_) => refused(StatusCode::FORBIDDEN, "InvalidStateTransition"),
    }
}

async fn response(
    State(tell): State<Tell>,
    Path(request_id): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match body {
        Ok(body) => answer(&tell, request_id, Ok(body)).await,
        Err(refusal) if refusal.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            answer(&tell, request_id, Err(InvokeError::AnswerTooLarge(LONGEST_ANSWER_BYTES))).await;
            refused(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge")
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn error(State(tell): State<Tell>, Path(request_id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&tell, request_id, Err(error_of(&headers, &body))).await
}

async fn init_error(State(tell): State<Tell>, headers: HeaderMap, body: Bytes) -> Response {
    drop(tell.send(Said::InitError(error_of(&headers, &body))).await);
    accepted()
}

async fn answer(tell: &Tell, request_id: String, outcome: Result<Bytes, InvokeError>) -> Response {
    let (known, is_known) = oneshot::channel();
    drop(tell.send(Said::Answer { request_id, outcome, known }).await);
    match is_known.await {
        Ok(true) => accepted(),
        Ok(false) | Err(_) => refused(StatusCode::BAD_REQUEST, "InvalidRequestID"),
    }
}

fn error_of(headers: &HeaderMap, body: &[u8]) -> InvokeError {
    InvokeError::of_document(body, headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok()))
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response()
}

fn refused(status: StatusCode, error_type: &str) -> Response {
    (status, Json(json!({"errorType": error_type, "errorMessage": error_type}))).into_response()
}
