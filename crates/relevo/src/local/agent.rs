//! The bot's agent on this machine: the multi-agent runtime, in process. Traces go to the inspector on the way.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use futures_util::{StreamExt, stream::BoxStream};
use relevo_agents::runtime::{
    AgentError as RuntimeError, AgentErrorKind, AgentEvent as RuntimeEvent, FunctionResult as RuntimeResult,
    InvocationInput, InvocationResult, InvokeAgent, RunStore, Runtime, SessionState,
};
use relevo_bot::ports::{
    Agent, AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
    ResultState,
};
use relevo_connect::ports::Clock;
use serde_json::json;

use super::{system::System, traces::Traces};

/// The runtime as the bot's agent.
pub(super) struct LocalAgent {
    /// The runtime.
    pub(super) runtime: Runtime,
    /// Where its sessions are kept.
    pub(super) runs: Arc<dyn RunStore>,
    /// Where traces are kept.
    pub(super) traces: Arc<Traces>,
}

#[async_trait]
impl Agent for LocalAgent {
    async fn ask(&self, question: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        let contact_id =
            question.session_attributes.get("contactId").cloned().unwrap_or_else(|| question.session_id.clone());
        let traces = Arc::clone(&self.traces);
        let events = self.runtime.invoke(request(question)).await.map_err(refusal)?;
        let events = events.map(move |event| {
            let event = event.map_err(refusal)?;
            if let RuntimeEvent::Trace(trace) = &event {
                traces.add(&contact_id, System.now_ms(), trace.clone());
            }
            Ok(translate(event))
        });
        Ok(events.boxed())
    }

    async fn forget(&self, session_id: &str) {
        if let Err(error) = self.runs.remove(session_id).await {
            tracing::warn!(session_id, %error, "The agents' session was not removed");
        }
    }
}

fn request(question: Question) -> InvokeAgent {
    let mut session_state = SessionState {
        session_attributes: question.session_attributes,
        prompt_session_attributes: question.prompt_session_attributes,
        ..SessionState::default()
    };
    let input_text = match question.input {
        Input::Text(text) => Some(text),
        Input::Results { invocation_id, results } => {
            session_state.invocation_id = Some(invocation_id);
            session_state.return_control_invocation_results = results.into_iter().map(result).collect();
            None
        }
    };
    InvokeAgent {
        session_id: question.session_id,
        input_text,
        enable_trace: true,
        end_session: question.end_session,
        stream_final_response: true,
        session_state,
    }
}

fn result(result: FunctionResult) -> InvocationResult {
    let response_state = match result.state {
        ResultState::Done => None,
        ResultState::Failure => Some("FAILURE"),
        ResultState::Reprompt => Some("REPROMPT"),
    };
    let confirmation_state = result.confirmation.map(|answer| match answer {
        ConfirmationAnswer::Confirm => "CONFIRM",
        ConfirmationAnswer::Deny => "DENY",
    });
    InvocationResult::FunctionResult(RuntimeResult {
        action_group: result.action_group,
        agent_id: result.agent_id,
        function: Some(result.function),
        confirmation_state: confirmation_state.map(str::to_owned),
        response_state: response_state.map(str::to_owned),
        response_body: BTreeMap::from([("TEXT".to_owned(), json!({ "body": result.body }))]),
    })
}

fn translate(event: RuntimeEvent) -> AgentEvent {
    match event {
        RuntimeEvent::Chunk(bytes) => AgentEvent::Chunk(bytes),
        RuntimeEvent::Trace(trace) => AgentEvent::Trace(trace),
        RuntimeEvent::ReturnControl(control) => AgentEvent::ReturnControl {
            invocation_id: control.invocation_id,
            inputs: control
                .invocation_inputs
                .into_iter()
                .map(|InvocationInput::FunctionInvocationInput(input)| FunctionInput {
                    action_group: input.action_group,
                    function: input.function,
                    agent_id: Some(input.agent_id),
                    collaborator_name: input.collaborator_name,
                    parameters: input.parameters.into_iter().map(|p| (p.name, p.value)).collect(),
                    confirmation: match input.action_invocation_type.as_str() {
                        "USER_CONFIRMATION" => Confirmation::Ask,
                        "USER_CONFIRMATION_AND_RESULT" => Confirmation::AskAndRun,
                        _ => Confirmation::NotNeeded,
                    },
                })
                .collect(),
        },
    }
}

/// What may pass is asked again by the bot; the rest is a wrong set-up. The texts name no customer content.
fn refusal(error: RuntimeError) -> AgentError {
    let text = error.cause.unwrap_or(error.message);
    match error.kind {
        AgentErrorKind::Throttling => AgentError::Throttled,
        AgentErrorKind::Validation | AgentErrorKind::AccessDenied | AgentErrorKind::ResourceNotFound => {
            AgentError::Refused(text)
        }
        AgentErrorKind::Conflict
        | AgentErrorKind::DependencyFailed
        | AgentErrorKind::InternalServer
        | AgentErrorKind::BadGateway => AgentError::Unavailable(text),
    }
}
