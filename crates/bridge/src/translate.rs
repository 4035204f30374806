//! The two rooms' shapes of a question, an event and a failure.

use std::collections::BTreeMap;

use relevo_agents::{
    run::PromptCreation,
    runtime::{
        AgentError as RuntimeError, AgentErrorKind, AgentEvent as RuntimeEvent, ApiResult, FunctionParameter,
        FunctionResult as RuntimeResult, InvocationInput, InvocationResult, InvokeAgent, SessionState,
    },
};
use relevo_bot::ports::{
    AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
    RequestBody, ResultState, operation,
};
use serde_json::json;

/// The session attribute that holds the turn's id.
const TURN_ID: &str = "turnId";

/// The bot's question. The turn's id goes to the agents as an attribute, and names the turn for the runtime.
pub(crate) fn request(question: Question, traced: bool) -> InvokeAgent {
    let turn_id = question.session_attributes.get(TURN_ID).filter(|id| !id.is_empty()).cloned();
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
        enable_trace: traced,
        end_session: question.end_session,
        stream_final_response: true,
        session_state,
        prompt_creation: PromptCreation::default(),
        turn_id,
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
    let (confirmation_state, response_state) =
        (confirmation_state.map(str::to_owned), response_state.map(str::to_owned));
    let body = json!({ "body": result.body });
    match operation(&result.function) {
        Some((method, path)) => InvocationResult::ApiResult(ApiResult {
            api_path: Some(path.to_owned()),
            http_method: Some(method.to_owned()),
            http_status_code: None,
            action_group: result.action_group,
            agent_id: result.agent_id,
            confirmation_state,
            response_state,
            response_body: BTreeMap::from([("application/json".to_owned(), body)]),
        }),
        None => InvocationResult::FunctionResult(RuntimeResult {
            action_group: result.action_group,
            agent_id: result.agent_id,
            function: Some(result.function),
            confirmation_state,
            response_state,
            response_body: BTreeMap::from([("TEXT".to_owned(), body)]),
        }),
    }
}

/// The runtime's event, as one or two of the bot's.
pub(crate) fn events(event: RuntimeEvent) -> Vec<AgentEvent> {
    vec![match event {
        RuntimeEvent::Chunk(bytes) => AgentEvent::Chunk(bytes),
        RuntimeEvent::CitedChunk(bytes, citations) => {
            return vec![AgentEvent::Chunk(bytes), AgentEvent::Citations(json!(citations))];
        }
        RuntimeEvent::Summary(text) => AgentEvent::Summary(text),
        RuntimeEvent::Trace(trace) => AgentEvent::Trace(trace),
        RuntimeEvent::ReturnControl(control) => AgentEvent::ReturnControl {
            invocation_id: control.invocation_id,
            inputs: control.invocation_inputs.into_iter().map(input).collect(),
        },
    }]
}

fn input(input: InvocationInput) -> FunctionInput {
    let function = input.called();
    let confirmation = match input.action_invocation_type() {
        "USER_CONFIRMATION" => Confirmation::Ask,
        "USER_CONFIRMATION_AND_RESULT" => Confirmation::AskAndRun,
        _ => Confirmation::NotNeeded,
    };
    let pairs = |given: Vec<FunctionParameter>| given.into_iter().map(|it| (it.name, it.value)).collect();
    let (action_group, agent_id, collaborator_name, parameters, body) = match input {
        InvocationInput::FunctionInvocationInput(it) => {
            (it.action_group, it.agent_id, it.collaborator_name, it.parameters, None)
        }
        InvocationInput::ApiInvocationInput(it) => {
            let body = it.request_body.and_then(|body| body.content.into_iter().next());
            (it.action_group, it.agent_id, it.collaborator_name, it.parameters, body)
        }
    };
    FunctionInput {
        action_group,
        function,
        agent_id: Some(agent_id),
        collaborator_name,
        parameters: pairs(parameters),
        body: body.map(|(content_type, body)| RequestBody { content_type, properties: pairs(body.properties) }),
        confirmation,
    }
}

/// What may pass is asked again by the bot; the rest is a wrong set-up. The texts name no customer content.
pub(crate) fn refusal(error: RuntimeError) -> AgentError {
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
