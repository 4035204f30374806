//! The ports around a runtime: a script, a clock that stands, and a watch on how long a model takes.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use relevo_agents::{
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Route, ToolUse, Usage},
    ports::{Clock, Ids, Random},
};
use serde_json::json;

#[derive(Default)]
pub(crate) struct Machine(AtomicU64);

impl Clock for Machine {
    fn now_ms(&self) -> i64 {
        1_767_603_600_000
    }
}

impl Ids for Machine {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Relaxed))
    }
}

impl Random for Machine {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.0.fetch_add(1, Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0];
        }
    }
}

/// Routes to the orders' agent, which looks an order up and tells of it.
pub(crate) struct Scripted;

pub(crate) fn scripted(request: &ModelRequest) -> Outcome {
    match request.purpose {
        Purpose::Route { .. } => return Outcome::Route(Route::Agent("orders".into())),
        Purpose::Summarize { .. } => return Outcome::Content(vec![Content::Text("Asks for order 10020030.".into())]),
        Purpose::Orchestrate { .. } => {}
    }
    match request.messages.last().and_then(|message| message.content.last()) {
        Some(Content::ToolResult(_)) => Outcome::Content(vec![Content::Text(
            "Your order 10020030 is planned for delivery on August 6 at Calle las acacias 123, Providencia.".into(),
        )]),
        _ => Outcome::Content(vec![Content::ToolUse(ToolUse {
            tool_use_id: String::new(),
            name: "OrdersActionGroup__getOrderStatus".into(),
            input: json!({"order_number": "10020030", "identity_document_number": "12345678-9"}),
        })]),
    }
}

#[async_trait]
impl Model for Scripted {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        Ok(ModelReply { outcome: scripted(&request), usage: Usage::default(), model: None })
    }
}

/// A model, and how long each of its answers took.
pub(crate) struct Watched {
    model: Arc<dyn Model>,
    took: Mutex<Vec<Duration>>,
}

impl Watched {
    pub(crate) fn new(model: Arc<dyn Model>) -> Self {
        Self { model, took: Mutex::default() }
    }

    /// Since it was last asked.
    pub(crate) fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut self.took.lock().unwrap())
    }
}

#[async_trait]
impl Model for Watched {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let begin = Instant::now();
        let reply = self.model.answer(request).await;
        self.took.lock().unwrap().push(begin.elapsed());
        reply
    }
}
