//! The stream of an answer, event by event.

use aws_sdk_bedrockagentruntime::{operation::invoke_agent::InvokeAgentOutput, types::ResponseStream};
use futures_util::{StreamExt as _, stream, stream::BoxStream};
use relevo_bot::ports::{AgentError, AgentEvent, Question};
use serde_json::Value;

use super::{
    BedrockAgent, fault, request,
    trace::{self, Traces},
};

/// An answer that has begun.
pub(super) struct Opened {
    pub(super) output: InvokeAgentOutput,
    /// It was asked for with `streamFinalResponse`.
    pub(super) streaming: bool,
}

struct Answer {
    agent: BedrockAgent,
    question: Question,
    opened: Opened,
    /// A chunk has come.
    spoke: bool,
    /// A function was called.
    acted: bool,
    /// What the chunk that was given last stands on, where a test asks for it.
    citations: Option<Value>,
}

/// The events of an answer. It ends after `ReturnControl`, after an error, or when the service ends it after a chunk.
pub(super) fn stream(
    agent: BedrockAgent,
    question: Question,
    opened: Opened,
) -> BoxStream<'static, Result<AgentEvent, AgentError>> {
    let answer = Answer { agent, question, opened, spoke: false, acted: false, citations: None };
    stream::try_unfold(Some(answer), |answer| async move {
        match answer {
            Some(answer) => answer.next().await,
            None => Ok(None),
        }
    })
    .boxed()
}

impl Answer {
    async fn next(mut self) -> Result<Option<(AgentEvent, Option<Self>)>, AgentError> {
        if let Some(citations) = self.citations.take() {
            return Ok(Some((AgentEvent::Citations(citations), Some(self))));
        }
        loop {
            let event = match self.receive().await {
                Ok(event) => event,
                // Nothing was said and, as far as can be seen, nothing done: the role may not stream.
                Err(AgentError::Refused(_)) if self.opened.streaming && !self.spoke && !self.acted => {
                    self.opened = self.agent.open_plain(&self.question).await?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            if event.is_some() && !self.opened.streaming && self.agent.streams() {
                self.agent.stop_streaming();
            }
            match event {
                Some(ResponseStream::Chunk(part)) => {
                    self.spoke = true;
                    let whole = self.agent.traces == Traces::Whole;
                    self.citations = part.attribution.filter(|_| whole).and_then(trace::citations);
                    let bytes = part.bytes.map(aws_smithy_types::Blob::into_inner).unwrap_or_default();
                    return Ok(Some((AgentEvent::Chunk(bytes), Some(self))));
                }
                Some(ResponseStream::ReturnControl(payload)) => {
                    return Ok(Some((request::return_control(payload)?, None)));
                }
                Some(ResponseStream::Trace(part)) => {
                    let whole = (self.agent.traces == Traces::Whole).then(|| trace::whole(part.clone()));
                    let call = trace::of_call(part);
                    self.acted |= call.is_some();
                    if let Some(trace) = whole.or(call) {
                        return Ok(Some((AgentEvent::Trace(trace), Some(self))));
                    }
                }
                // Files are made by the code interpreter and cannot be sent from here; events that this version does not
                // know are for others.
                Some(_) => tracing::debug!("an event of the agent was skipped"),
                None if self.spoke => return Ok(None),
                None => return Err(AgentError::Unavailable("the stream ended without an answer".into())),
            }
        }
    }

    async fn receive(&mut self) -> Result<Option<ResponseStream>, AgentError> {
        match tokio::time::timeout(self.agent.silence, self.opened.output.completion.recv()).await {
            Ok(event) => event.map_err(|error| fault::of_stream(&error)),
            Err(_) => Err(AgentError::Unavailable("the stream fell silent".into())),
        }
    }
}
