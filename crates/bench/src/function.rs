//! One function: a child process, and the Runtime API of Lambda that it polls.

use std::{
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, anyhow, bail};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex as AsyncMutex, mpsc, oneshot, watch},
};

/// An invocation's time, and the longest wait for anything here.
const TIME: Duration = Duration::from_secs(30);
/// The end of what a function has written is kept, for an error's words.
const OUTPUT_MAX_BYTES: usize = 4_096;

/// An invocation that was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    /// When the function got the event.
    pub(crate) delivered: Instant,
    /// When its answer was here.
    pub(crate) done: Instant,
    pub(crate) value: Value,
}

struct Waiting {
    delivered: Instant,
    answer: oneshot::Sender<Result<Answered>>,
}

struct Api {
    events: AsyncMutex<mpsc::Receiver<(Bytes, oneshot::Sender<Result<Answered>>)>>,
    waiting: Mutex<Option<Waiting>>,
    first_next: watch::Sender<Option<Instant>>,
}

/// A function that runs.
pub(crate) struct Function {
    child: Child,
    /// When the process was started.
    pub(crate) spawned: Instant,
    events: mpsc::Sender<(Bytes, oneshot::Sender<Result<Answered>>)>,
    first_next: watch::Receiver<Option<Instant>>,
    output: Arc<Mutex<Vec<u8>>>,
}

impl Function {
    /// Starts a program with these variables, and with nothing else of this process's environment.
    pub(crate) async fn start(program: &[String], variables: &[(String, String)]) -> Result<Self> {
        let (events, receiver) = mpsc::channel(1);
        let (sender, first_next) = watch::channel(None);
        let api = Arc::new(Api { events: AsyncMutex::new(receiver), waiting: Mutex::default(), first_next: sender });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(api);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let (name, arguments) = program.split_first().context("no program")?;
        let mut command = Command::new(name);
        command
            .args(arguments)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "function")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let spawned = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{name} does not start"))?;
        let output = Arc::new(Mutex::new(Vec::new()));
        if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
            tokio::spawn(collect(out, output.clone()));
            tokio::spawn(collect(err, output.clone()));
        }
        Ok(Self { child, spawned, events, first_next, output })
    }

    /// Until the function asks for its first event: from the start to there.
    pub(crate) async fn init(&mut self) -> Result<Duration> {
        let asked = tokio::time::timeout(TIME, self.first_next.wait_for(Option::is_some)).await;
        let asked = asked.ok().and_then(Result::ok).and_then(|it| *it);
        asked.map(|at| at - self.spawned).ok_or_else(|| anyhow!("it asks for no event; {}", self.said()))
    }

    /// One invocation. A function error is an error.
    pub(crate) async fn invoke(&self, event: &Value) -> Result<Answered> {
        let (sender, answer) = oneshot::channel();
        if self.events.send((event.to_string().into(), sender)).await.is_err() {
            bail!("the function is gone; {}", self.said());
        }
        let answered = tokio::time::timeout(TIME, answer).await.context("no answer in time").and_then(|it| it?);
        answered.with_context(|| self.said())
    }

    /// The process.
    pub(crate) fn pid(&self) -> Result<u32> {
        self.child.id().ok_or_else(|| anyhow!("the function has ended; {}", self.said()))
    }

    fn said(&self) -> String {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        format!("the function said: {}", String::from_utf8_lossy(&output))
    }
}

async fn collect(mut pipe: impl AsyncRead + Unpin, output: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = Vec::with_capacity(OUTPUT_MAX_BYTES);
    while let Ok(1..) = pipe.read_buf(&mut buffer).await {
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output.append(&mut buffer);
        let surplus = output.len().saturating_sub(OUTPUT_MAX_BYTES);
        output.drain(..surplus);
    }
}

async fn next(State(api): State<Arc<Api>>) -> Result<Response<Body>, StatusCode> {
    api.first_next.send_if_modified(|first| first.is_none() && first.replace(Instant::now()).is_none());
    let Some((event, answer)) = api.events.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + TIME;
    let response = Response::builder()
        .header("Lambda-Runtime-Aws-Request-Id", "request")
        .header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
        .header("Lambda-Runtime-Deadline-Ms", deadline.as_millis().to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:function")
        .header("Content-Type", "application/json")
        .body(Body::from(event))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    *api.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(Waiting { delivered: Instant::now(), answer });
    Ok(response)
}

fn answered(api: &Api, answer: impl FnOnce(Instant) -> Result<Answered>) -> StatusCode {
    match api.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(waiting) => {
            let _ = waiting.answer.send(answer(waiting.delivered));
            StatusCode::ACCEPTED
        }
        None => StatusCode::BAD_REQUEST,
    }
}

async fn response(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    answered(&api, |delivered| {
        let value = serde_json::from_slice(&body)?;
        Ok(Answered { delivered, done: Instant::now(), value })
    })
}

async fn error(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    answered(&api, |_| Err(anyhow!("a function error: {}", String::from_utf8_lossy(&body))))
}
