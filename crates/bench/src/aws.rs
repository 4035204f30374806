//! The AWS of this run, on loopback: every call takes a set time and is written down.

mod agent;
mod expression;
mod ledger;
mod operation;
mod table;
mod tls;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) use self::{agent::Manner, ledger::Ledger, operation::Operation};
use self::{
    ledger::Call,
    table::{Answer, Table},
    tls::Authority,
};

/// A request of the functions under test is a few kilobytes.
const BODY_MAX_BYTES: usize = 1 << 20;

/// As the SDKs name them in variables.
const SERVICES: [&str; 5] = ["CONNECT", "CONNECTPARTICIPANT", "DYNAMODB", "SNS", "BEDROCK_AGENT_RUNTIME"];

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Each call, `InvokeAgent` too.
    pub(crate) call: Duration,
    /// The agent's own time, which comes on top.
    pub(crate) agent: Manner,
}

impl Pace {
    /// Nothing takes any time.
    pub(crate) const AT_ONCE: Self =
        Self { call: Duration::ZERO, agent: Manner { first: Duration::ZERO, second: None } };
}

struct World {
    pace: Mutex<Pace>,
    table: Mutex<Table>,
    calls: Mutex<Vec<Call>>,
    /// What could not be answered: the benchmark would measure the way of failing.
    refused: Mutex<Vec<String>>,
}

/// The AWS that the functions are pointed at.
pub(crate) struct Aws {
    world: Arc<World>,
    /// `AWS_ENDPOINT_URL_…` of each service: as on AWS, no connection serves two of them.
    pub(crate) endpoints: Vec<(String, String)>,
    /// The file of the authorities to trust.
    pub(crate) bundle: tempfile::NamedTempFile,
    /// How many authorities it holds.
    pub(crate) trusted: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Aws {
    /// Serves.
    pub(crate) async fn open() -> Result<Self> {
        let world = Arc::new(World {
            pace: Mutex::new(Pace::AT_ONCE),
            table: Mutex::default(),
            calls: Mutex::default(),
            refused: Mutex::default(),
        });
        let authority = Authority::new()?;
        let bundle = tempfile::NamedTempFile::new()?;
        std::fs::write(bundle.path(), &authority.bundle)?;
        let mut endpoints = Vec::new();
        for service in SERVICES {
            let listener = authority.listen(TcpListener::bind("127.0.0.1:0").await?)?;
            let port = axum::serve::Listener::local_addr(&listener)?.port();
            endpoints.push((format!("AWS_ENDPOINT_URL_{service}"), format!("https://localhost:{port}")));
            let router = Router::new().fallback(answer).with_state(world.clone());
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Ok(Self { world, endpoints, bundle, trusted: authority.trusted })
    }

    /// Sets how long things take from now on.
    pub(crate) fn pace(&self, pace: Pace) {
        *lock(&self.world.pace) = pace;
    }

    /// The calls since the last time, and an error if there were any that this AWS does not know.
    pub(crate) fn calls(&self) -> Result<Ledger> {
        let refused = std::mem::take(&mut *lock(&self.world.refused));
        anyhow::ensure!(refused.is_empty(), "calls that this AWS cannot answer: {refused:?}");
        Ok(Ledger(std::mem::take(&mut *lock(&self.world.calls))))
    }
}

async fn answer(State(world): State<Arc<World>>, request: Request) -> Response {
    let begun = Instant::now();
    let (head, body) = request.into_parts();
    let target = head.headers.get("x-amz-target").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let body = to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_default();
    let Some(operation) = Operation::of(&head.method, head.uri.path(), target) else {
        return refuse(&world, format!("{} {} {target}", head.method, head.uri.path()));
    };
    let pace = *lock(&world.pace);
    let answered = respond(&world, operation, &body);
    if !pace.call.is_zero() {
        tokio::time::sleep(pace.call).await;
    }
    if operation == Operation::InvokeAgent {
        let noted = world.clone();
        let note = move || lock(&noted.calls).push(Call { operation, begun, done: Instant::now() });
        return match agent::body(&body, pace.agent, note) {
            Ok(body) => (agent::HEADERS, body).into_response(),
            Err(error) => refuse(&world, format!("InvokeAgent: {error}")),
        };
    }
    lock(&world.calls).push(Call { operation, begun, done: Instant::now() });
    answered
}

fn refuse(world: &World, what: String) -> Response {
    lock(&world.refused).push(what);
    StatusCode::NOT_FOUND.into_response()
}

fn respond(world: &World, operation: Operation, body: &[u8]) -> Response {
    let json = |value: Value| ([("content-type", "application/json")], value.to_string()).into_response();
    let later = "2099-01-01T00:00:00.000Z";
    match operation {
        Operation::GetItem | Operation::PutItem | Operation::UpdateItem | Operation::DeleteItem => {
            let request: Value = serde_json::from_slice(body).unwrap_or_default();
            match lock(&world.table).call(operation, &request) {
                Ok(Answer::Done(answer)) => json(answer),
                Ok(Answer::Refused(item)) => {
                    let kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
                    (StatusCode::BAD_REQUEST, json(json!({"__type": kind, "Item": item}))).into_response()
                }
                Err(unknown) => refuse(world, format!("{operation:?}: {unknown:?}")),
            }
        }
        Operation::CreateParticipant => json(json!({"ParticipantId": "bot",
            "ParticipantCredentials": {"ParticipantToken": "participant", "Expiry": later}})),
        Operation::CreateParticipantConnection => {
            json(json!({"ConnectionCredentials": {"ConnectionToken": "connection", "Expiry": later}}))
        }
        Operation::StartContactStreaming => json(json!({"StreamingId": "stream"})),
        Operation::SendMessage | Operation::SendEvent => json(json!({"Id": "item", "AbsoluteTime": later})),
        Operation::GetTranscript => json(json!({"InitialContactId": "contact", "Transcript": []})),
        Operation::StopContactStreaming | Operation::UpdateContactAttributes | Operation::DisconnectParticipant => {
            json(json!({}))
        }
        Operation::Publish => {
            "<PublishResponse><PublishResult><MessageId>n</MessageId></PublishResult></PublishResponse>".into_response()
        }
        Operation::InvokeAgent => Body::empty().into_response(),
    }
}
