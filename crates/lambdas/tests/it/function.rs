//! One Lambda function: the binary as a child process, and the runtime API that it polls.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use serde_json::Value;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

const TIME: Duration = Duration::from_secs(30);

type Answer = Result<Value, Value>;
type Invocation = (Vec<u8>, oneshot::Sender<Answer>);

struct Api {
    events: AsyncMutex<mpsc::Receiver<Invocation>>,
    answering: Mutex<Option<oneshot::Sender<Answer>>>,
}

/// A function that runs.
pub(crate) struct Function {
    child: Child,
    events: mpsc::Sender<Invocation>,
    output: Arc<Mutex<String>>,
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process without anything of this machine's environment.
pub(crate) fn command(binary: &str) -> Command {
    let mut command = Command::new(binary);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn lambda(command: &mut Command, api: &str) {
    command
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", "function")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "any")
        .env("AWS_SECRET_ACCESS_KEY", "any")
        .env("RELEVO_BOT", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}

impl Function {
    /// Starts a binary with these variables.
    pub(crate) async fn start(binary: &str, variables: &[(&str, &str)]) -> Self {
        let (events, receiver) = mpsc::channel(1);
        let api = Arc::new(Api { events: AsyncMutex::new(receiver), answering: Mutex::new(None) });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(api);
        let address = serve(router).await;
        let mut command = command(binary);
        lambda(&mut command, &address);
        let mut child = command.envs(variables.iter().copied()).spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().unwrap(), output.clone());
        collect(child.stderr.take().unwrap(), output.clone());
        Self { child, events, output }
    }

    /// One invocation: the function's answer, or its error.
    pub(crate) async fn invoke(&self, event: impl Into<Vec<u8>>) -> Answer {
        let (sender, answer) = oneshot::channel();
        self.events.send((event.into(), sender)).await.unwrap();
        match tokio::time::timeout(TIME, answer).await {
            Ok(Ok(answer)) => answer,
            _ => panic!("no answer; the function said:\n{}", self.output()),
        }
    }

    /// All that the function has written.
    pub(crate) fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }
}

fn collect(mut pipe: impl Read + Send + 'static, output: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = pipe.read(&mut buffer) {
            output.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    });
}

/// Serves on a free port; answers `host:port`.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn next(State(api): State<Arc<Api>>) -> Response<Body> {
    let Some((event, answer)) = api.events.lock().await.recv().await else {
        return std::future::pending().await;
    };
    *api.answering.lock().unwrap() = Some(answer);
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIME;
    Response::builder()
        .header("Lambda-Runtime-Aws-Request-Id", "request-1")
        .header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
        .header("Lambda-Runtime-Deadline-Ms", deadline.as_millis().to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:function")
        .body(Body::from(event))
        .unwrap()
}

fn read(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)))
}

async fn response(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    let _ = api.answering.lock().unwrap().take().unwrap().send(Ok(read(&body)));
    StatusCode::ACCEPTED
}

async fn error(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    let _ = api.answering.lock().unwrap().take().unwrap().send(Err(read(&body)));
    StatusCode::ACCEPTED
}
