//! The children of one function: started as invocations need them, used again, and never more than may be.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    FunctionSetup, InvokeError,
    child::{Idle, Outcome},
};

/// A function that can be invoked. Cheap to clone; its children are killed with the last clone.
#[derive(Clone)]
pub struct Function(Arc<Pool>);

struct Pool {
    setup: Arc<FunctionSetup>,
    /// The one that was used last is taken first, so that the others can be seen to be idle.
    idle: Mutex<Vec<Idle>>,
    room: Arc<Semaphore>,
    /// Where it is crowded after a restart, a start of dozens at once takes each of them longer than its caller waits; one
    /// after the other, the first serve those behind them.
    starting: Semaphore,
}

impl Function {
    /// Nothing is started yet.
    pub fn new(setup: FunctionSetup) -> Self {
        let room = Arc::new(Semaphore::new(setup.most_children.max(1)));
        let starting = Semaphore::new(setup.most_starting.max(1));
        Self(Arc::new(Pool { setup: Arc::new(setup), idle: Mutex::default(), room, starting }))
    }

    /// Its setup.
    pub fn setup(&self) -> &FunctionSetup {
        &self.0.setup
    }

    /// One invocation. It waits while as many children run as may: Lambda has room for a thousand, and a caller must not
    /// fail here for what this machine has not. `begins` is called when a child is there for it or starts for it: no time
    /// before counts against a limit of the caller's. Once begun it goes on to its end when this future is dropped: the
    /// caller does not wait any more, and that is all.
    pub async fn invoke(&self, event: impl Into<Bytes>, begins: impl FnOnce() + Send + 'static) -> Outcome {
        let permit = Arc::clone(&self.0.room).acquire_owned().await.map_err(|_| InvokeError::Stopping)?;
        let (answer, answered) = oneshot::channel();
        let body = event.into();
        tokio::spawn(Arc::clone(&self.0).run(body, permit, answer, begins));
        answered.await.unwrap_or(Err(InvokeError::Stopping))
    }
}

impl Pool {
    async fn run(
        self: Arc<Self>,
        body: Bytes,
        permit: OwnedSemaphorePermit,
        answer: oneshot::Sender<Outcome>,
        begins: impl FnOnce() + Send,
    ) {
        let mut event = (uuid::Uuid::new_v4().to_string(), body);
        let mut begins = Some(begins);
        let busy = loop {
            let begin = || {
                if let Some(begins) = begins.take() {
                    begins();
                }
            };
            let child = match self.child(&event.0, begin).await {
                Ok(child) => child,
                Err(error) => {
                    drop(answer.send(Err(error)));
                    return;
                }
            };
            match child.hand(event.0, event.1) {
                Ok(busy) => break busy,
                Err(back) => event = back,
            }
        };
        if let Some(idle) = busy.run(answer).await {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        }
        drop(permit);
    }

    /// An idle one, or one that is started. Who waits for a start takes the first that becomes idle meanwhile.
    async fn child(&self, request_id: &str, begins: impl FnOnce()) -> Result<Idle, InvokeError> {
        if let Some(child) = self.take_idle() {
            begins();
            return Ok(child);
        }
        let _turn = self.starting.acquire().await.map_err(|_| InvokeError::Stopping)?;
        begins();
        match self.take_idle() {
            Some(child) => Ok(child),
            None => Idle::start(Arc::clone(&self.setup), request_id).await,
        }
    }

    /// One that lives; the dead ones are let go.
    fn take_idle(&self) -> Option<Idle> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain_mut(Idle::lives);
        idle.pop()
    }
}
