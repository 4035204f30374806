//! [`Agent`] over `InvokeAgent`: one attempt a question.
//!
//! `streamFinalResponse` makes the answer come in pieces, but Bedrock refuses it for some agents (pre- or
//! post-processing, one knowledge base without user input, a role without `InvokeModelWithResponseStream`). So it is
//! asked for until an agent refuses it, and then no more.

mod answer;
mod fault;
mod request;
mod trace;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_bedrockagentruntime::{
    Client,
    operation::invoke_agent::InvokeAgentOutput,
    types::{SessionState, StreamingConfigurations},
};
use futures_util::stream::BoxStream;
use relevo_bot::ports::{Agent, AgentError, AgentEvent, Input, Question};

use crate::clients::Clients;
use trace::Traces;

/// How long [`Agent::forget`] may take.
const FORGET: Duration = Duration::from_secs(2);

/// A Bedrock agent, or the supervisor of a team of them.
#[derive(Debug, Clone)]
pub struct BedrockAgent {
    client: Client,
    agent_id: String,
    agent_alias_id: String,
    /// The longest time between two events.
    silence: Duration,
    /// Whether `streamFinalResponse` is asked for.
    streaming: Arc<AtomicBool>,
    /// What the bot is told of what the agent does.
    traces: Traces,
}

impl BedrockAgent {
    /// The agent with this id and alias. `silence`: the longest time without an event.
    pub fn new(
        clients: &Clients,
        agent_id: impl Into<String>,
        agent_alias_id: impl Into<String>,
        silence: Duration,
        streaming: bool,
    ) -> Self {
        Self {
            client: clients.agent.clone(),
            agent_id: agent_id.into(),
            agent_alias_id: agent_alias_id.into(),
            silence,
            streaming: Arc::new(AtomicBool::new(streaming)),
            traces: Traces::Calls,
        }
    }

    /// The same without traces: the bot then does not know what the agent has tried.
    #[must_use]
    pub fn untraced(self) -> Self {
        Self { traces: Traces::None, ..self }
    }

    /// The same with all that can be asserted of a turn: arguments, results and the collaborators at work. The traces then
    /// hold what was said.
    #[must_use]
    pub fn whole_traces(self) -> Self {
        Self { traces: Traces::Whole, ..self }
    }

    fn streams(&self) -> bool {
        self.streaming.load(Ordering::Relaxed)
    }

    /// One call of `InvokeAgent`.
    async fn invoke(&self, question: &Question, streaming: bool) -> Result<InvokeAgentOutput, AgentError> {
        let configuration = StreamingConfigurations::builder().stream_final_response(streaming).build();
        let call = self.client.invoke_agent().agent_id(&self.agent_id).agent_alias_id(&self.agent_alias_id);
        let call = call.session_id(&question.session_id).session_state(request::state(question)?);
        let call = call
            .enable_trace(self.traces != Traces::None)
            .end_session(question.end_session)
            .streaming_configurations(configuration);
        let call = match &question.input {
            Input::Text(text) => call.input_text(text),
            Input::Results { .. } => call,
        };
        call.send().await.map_err(|error| fault::of_call(&error))
    }

    /// Asks with streaming, and without it when the agent refuses that.
    async fn open(&self, question: &Question) -> Result<answer::Opened, AgentError> {
        let streaming = self.streams();
        match self.invoke(question, streaming).await {
            Ok(output) => Ok(answer::Opened { output, streaming }),
            Err(AgentError::Refused(_)) if streaming => self.open_plain(question).await,
            Err(error) => Err(error),
        }
    }

    async fn open_plain(&self, question: &Question) -> Result<answer::Opened, AgentError> {
        let output = self.invoke(question, false).await?;
        Ok(answer::Opened { output, streaming: false })
    }

    /// An answer came without streaming after a refusal with it.
    fn stop_streaming(&self) {
        if self.streaming.swap(false, Ordering::Relaxed) {
            tracing::warn!("the agent refuses streamFinalResponse: asked without it from now on");
        }
    }
}

#[async_trait]
impl Agent for BedrockAgent {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        let opened = self.open(&question).await?;
        Ok(answer::stream(self.clone(), question, opened))
    }

    /// A guardrail in Bedrock is not known here.
    fn allowed(&self, words: &str) -> Option<String> {
        Some(words.to_owned())
    }

    /// `endSession` without a text: Bedrock ends the session and asks no model. What is lost with a failure goes with
    /// the session's idle time.
    async fn forget(&self, session_id: &str) {
        let call = self.client.invoke_agent().agent_id(&self.agent_id).agent_alias_id(&self.agent_alias_id);
        let call = call.session_id(session_id).session_state(SessionState::builder().build()).end_session(true);
        let ended = tokio::time::timeout(FORGET, async {
            let mut answer = call.send().await.map_err(|error| fault::of_call(&error))?;
            while answer.completion.recv().await.map_err(|error| fault::of_stream(&error))?.is_some() {}
            Ok::<(), AgentError>(())
        });
        match ended.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the agent's session was not ended"),
            Err(_) => tracing::debug!("the agent's session was not ended in time"),
        }
    }
}
