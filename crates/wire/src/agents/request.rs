//! What `InvokeAgent` and `InvokeInlineAgent` have in common: the members of a turn, and the head of the answer.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use relevo_agents::{
    run::PromptCreation,
    runtime::{AgentStream, InvokeAgent, SessionState},
};

use super::{completion, session_state};
use crate::{
    call::Call,
    error::AwsError,
    input::{Bounds, Faults, Members},
};

/// The two prefixes differ in the service model too.
const CONTENT_TYPE: HeaderName = HeaderName::from_static("x-amzn-bedrock-agent-content-type");
const SESSION_ID: HeaderName = HeaderName::from_static("x-amz-bedrock-agent-session-id");

/// The members of a turn. `state` is the name of the structure that has the session's.
pub(super) fn turn(call: &Call, members: &Members<'_>, state: &str) -> InvokeAgent {
    let faults = members.faults();
    let session_id = label(call, faults, "sessionId", &(2..=100), "[0-9a-zA-Z._:-]+", |letter| {
        letter.is_ascii_alphanumeric() || "._:-".contains(letter)
    });
    let streaming = members.structure("streamingConfigurations");
    if let Some(streaming) = &streaming {
        streaming.integer("applyGuardrailInterval", &(1..=u64::MAX));
    }
    let prompt = members.structure("promptCreationConfigurations");
    InvokeAgent {
        session_id,
        input_text: members.text("inputText", &(0..=25_000_000)),
        enable_trace: members.boolean("enableTrace"),
        end_session: members.boolean("endSession"),
        stream_final_response: streaming.is_some_and(|it| it.boolean("streamFinalResponse")),
        session_state: members.structure(state).map_or_else(SessionState::default, |it| session_state::read(&it)),
        prompt_creation: prompt.map_or_else(PromptCreation::default, |it| PromptCreation {
            previous_turns: it.integer("previousConversationTurnsToInclude", &(0..=u64::MAX)),
            spoken_only: it.boolean("excludePreviousThinkingSteps"),
        }),
        turn_id: None,
    }
}

/// A label of the path, held against its pattern: SDKs check its length alone.
pub(super) fn label(
    call: &Call,
    faults: &Faults,
    name: &'static str,
    length: &Bounds,
    pattern: &str,
    allowed: impl Fn(char) -> bool,
) -> String {
    let text = call.label(name, length, faults);
    if !text.chars().all(allowed) {
        faults.constraint(name, &format!("Member must satisfy regular expression pattern: {pattern}"));
    }
    text
}

/// The answer.
pub(super) async fn answer(session_id: &str, events: AgentStream) -> Result<Response, AwsError> {
    let session_id = HeaderValue::from_str(session_id).map_err(AwsError::internal)?;
    let body = completion::body(events).await?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.amazon.eventstream")),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (SESSION_ID, session_id),
    ];
    Ok((head, body).into_response())
}
