//! One piece of a run's work, done over the ports within its time.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::time::timeout;

use super::service::Inner;
use crate::{
    knowledge::{Retrieval, RetrievalError, RetrievedReference},
    model::{ModelError, ModelReply, ModelRequest, Purpose, Speech},
    tools::{ToolCall, ToolError, ToolOutput},
};

/// What came of it.
pub(super) enum Outcome {
    Model {
        frame: u32,
        agent: String,
        routing: bool,
        reply: Result<ModelReply, ModelError>,
        start_ms: i64,
        end_ms: i64,
    },
    Tool {
        frame: u32,
        tool_use_id: String,
        result: Result<ToolOutput, ToolError>,
    },
    Lookup {
        frame: u32,
        tool_use_id: String,
        result: Result<Vec<RetrievedReference>, RetrievalError>,
    },
    Summary(Result<ModelReply, ModelError>),
}

/// Asks the model for a frame. `speech`: the customer may read the answer while it is written.
pub(super) fn ask(
    inner: Arc<Inner>,
    frame: u32,
    request: ModelRequest,
    speech: Option<Speech>,
    start_ms: i64,
) -> BoxFuture<'static, Outcome> {
    let agent = request.agent_name.clone();
    let routing = matches!(request.purpose, Purpose::Route { .. });
    async move {
        let model = &inner.ports.model;
        let answer = match &speech {
            Some(speech) => model.speak(request, speech),
            None => model.answer(request),
        };
        let reply = timeout(inner.limits.model, answer).await.unwrap_or(Err(ModelError::TimedOut));
        Outcome::Model { frame, agent, routing, reply, start_ms, end_ms: inner.ports.clock.now_ms() }
    }
    .boxed()
}

/// Asks the model for a summary.
pub(super) fn summarise(inner: Arc<Inner>, request: ModelRequest) -> BoxFuture<'static, Outcome> {
    async move {
        let answer = timeout(inner.limits.model, inner.ports.model.answer(request)).await;
        Outcome::Summary(answer.unwrap_or(Err(ModelError::TimedOut)))
    }
    .boxed()
}

/// Executes a function for a frame.
pub(super) fn execute(
    inner: Arc<Inner>,
    session_id: String,
    frame: u32,
    tool_use_id: String,
    call: ToolCall,
) -> BoxFuture<'static, Outcome> {
    async move {
        let (group, function) = (call.action_group.clone(), call.function.clone());
        let result = timeout(inner.limits.tool, inner.ports.tools.call(call)).await;
        let result = result.unwrap_or(Err(ToolError::TimedOut));
        if let Err(cause) = &result {
            tracing::warn!(session_id, group, function, %cause, "A function failed");
        }
        Outcome::Tool { frame, tool_use_id, result }
    }
    .boxed()
}

/// Looks something up for a frame. It takes no longer than a function may.
pub(super) fn look_up(
    inner: Arc<Inner>,
    session_id: String,
    frame: u32,
    tool_use_id: String,
    retrieval: Retrieval,
) -> BoxFuture<'static, Outcome> {
    async move {
        let knowledge_base_id = retrieval.knowledge_base_id.clone();
        let result = timeout(inner.limits.tool, inner.knowledge.retrieve(retrieval)).await;
        let result = result.unwrap_or(Err(RetrievalError::TimedOut));
        if let Err(cause) = &result {
            tracing::warn!(session_id, knowledge_base_id, %cause, "A look-up failed");
        }
        Outcome::Lookup { frame, tool_use_id, result }
    }
    .boxed()
}
