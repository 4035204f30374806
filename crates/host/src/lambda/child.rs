//! One child process, from its start to its end.
//!
//! [`Idle`] is a child that has asked for an event. Handing one over uses it up; it comes back when it asks again.

use std::{
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::body::Bytes;
use tokio::{
    process::{Child, Command},
    sync::oneshot,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Event, FunctionSetup, InvokeError, logs,
    runtime_api::{RuntimeApi, Said},
    variables,
};

/// What ends an invocation.
pub(super) type Outcome = Result<Bytes, InvokeError>;

/// A process and its Runtime API. The process is killed when this is dropped.
struct Sandbox {
    process: Child,
    api: RuntimeApi,
    setup: Arc<FunctionSetup>,
}

/// A child that waits for an event.
pub(super) struct Idle {
    sandbox: Sandbox,
    next: oneshot::Sender<Event>,
}

/// A child with an event.
pub(super) struct Busy {
    sandbox: Sandbox,
    request_id: String,
    end: Instant,
}

impl Idle {
    /// Starts a child and waits until it asks for its first event.
    pub(super) async fn start(setup: Arc<FunctionSetup>, request_id: &str) -> Result<Self, InvokeError> {
        let not_started = |error: std::io::Error| InvokeError::NotStarted(error.to_string());
        let api = RuntimeApi::open().await.map_err(not_started)?;
        let name = uuid::Uuid::new_v4().simple().to_string();
        let mut command = Command::new(&setup.binary);
        command.args(&setup.arguments).env_clear().envs(variables::of(&setup, api.address, &name));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        if setup.root().is_dir() {
            command.current_dir(setup.root());
        }
        let mut process = command.spawn().map_err(not_started)?;
        if let Some(pipe) = process.stdout.take() {
            tokio::spawn(logs::pump(pipe, setup.name.clone(), Arc::clone(&setup.log)));
        }
        if let Some(pipe) = process.stderr.take() {
            tokio::spawn(logs::pump(pipe, setup.name.clone(), Arc::clone(&setup.log)));
        }
        tracing::debug!(function = setup.name, pid = process.id(), "a function's process started");
        let limit = setup.init_timeout;
        let mut sandbox = Sandbox { process, api, setup };
        match timeout(limit, sandbox.ask(request_id)).await {
            Ok(Ok(next)) => Ok(Self { sandbox, next }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(InvokeError::InitTimedOut(limit)),
        }
    }

    /// Whether it is still there, as far as one can know.
    pub(super) fn lives(&mut self) -> bool {
        !self.next.is_closed() && matches!(self.sandbox.process.try_wait(), Ok(None))
    }

    /// Hands the event over. The child may have gone meanwhile: then the event comes back.
    pub(super) fn hand(self, request_id: String, body: Bytes) -> Result<Busy, (String, Bytes)> {
        let Self { sandbox, next } = self;
        let end = Instant::now() + sandbox.setup.timeout;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let event = Event {
            request_id: request_id.clone(),
            body,
            deadline_ms: (now + sandbox.setup.timeout).as_millis(),
            function_arn: sandbox.setup.arn(),
            trace_id: trace_id(now),
        };
        match next.send(event) {
            Ok(()) => Ok(Busy { sandbox, request_id, end }),
            Err(event) => Err((event.request_id, event.body)),
        }
    }
}

impl Busy {
    /// Waits for the outcome and gives it to `answer` at once; then for the child to ask again, if it does so in time.
    pub(super) async fn run(mut self, answer: oneshot::Sender<Outcome>) -> Option<Idle> {
        let outcome = self.outcome().await;
        let ended = matches!(outcome, Err(InvokeError::TimedOut { .. } | InvokeError::Exited { .. }));
        // Nobody may be listening any more: a caller's patience can be shorter than the function's time.
        drop(answer.send(outcome));
        if ended {
            return None;
        }
        tokio::select! {
            asked = self.sandbox.ask(&self.request_id) => asked.ok().map(|next| Idle { sandbox: self.sandbox, next }),
            () = sleep_until(self.end) => None,
        }
    }

    async fn outcome(&mut self) -> Outcome {
        let Sandbox { process, api, setup } = &mut self.sandbox;
        loop {
            tokio::select! {
                // An answer that is there counts, whatever happened after it.
                biased;
                said = api.said.recv() => match said {
                    Some(Said::Answer { request_id, outcome, known }) => {
                        let right = request_id == self.request_id;
                        let _ = known.send(right);
                        if right {
                            return outcome;
                        }
                    }
                    // It may not ask now; dropping its question says so.
                    Some(Said::Next(_)) => {}
                    Some(Said::InitError(error)) => return Err(error),
                    None => return Err(InvokeError::exited(&self.request_id, None)),
                },
                status = process.wait() => return Err(InvokeError::exited(&self.request_id, status.ok())),
                () = sleep_until(self.end) => {
                    drop(process.start_kill());
                    return Err(InvokeError::TimedOut { request_id: self.request_id.clone(), after: setup.timeout });
                }
            }
        }
    }
}

impl Sandbox {
    /// Until the child asks for an event.
    async fn ask(&mut self, request_id: &str) -> Result<oneshot::Sender<Event>, InvokeError> {
        loop {
            tokio::select! {
                biased;
                said = self.api.said.recv() => match said {
                    Some(Said::Next(next)) => return Ok(next),
                    Some(Said::InitError(error)) => return Err(error),
                    Some(Said::Answer { known, .. }) => {
                        let _ = known.send(false);
                    }
                    None => return Err(InvokeError::exited(request_id, None)),
                },
                status = self.process.wait() => return Err(InvokeError::exited(request_id, status.ok())),
            }
        }
    }
}

/// X-Ray's: the time in seconds and 96 random bits.
fn trace_id(now: Duration) -> String {
    let (root, parent) = (uuid::Uuid::new_v4().simple().to_string(), uuid::Uuid::new_v4().simple().to_string());
    let root = root.get(..24).unwrap_or_default();
    let parent = parent.get(..16).unwrap_or_default();
    format!("Root=1-{:08x}-{root};Parent={parent};Sampled=0", now.as_secs())
}
