//! `InvokeAgent`: `POST /agents/{agentId}/agentAliases/{agentAliasId}/sessions/{sessionId}/text`.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use relevo_agents::runtime::{InvokeAgent, SessionState};

use super::{completion, session_state};
use crate::{
    Wire,
    call::Call,
    error::{AwsError, Kind},
    input::{Bounds, Faults, Members},
};

/// The two prefixes differ in the service model too.
const CONTENT_TYPE: HeaderName = HeaderName::from_static("x-amzn-bedrock-agent-content-type");
const SESSION_ID: HeaderName = HeaderName::from_static("x-amz-bedrock-agent-session-id");

struct Request {
    agent_id: String,
    agent_alias_id: String,
    invoke: InvokeAgent,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Request { agent_id, agent_alias_id, invoke } = read(call)?;
    let runtime = wire.agents.as_ref();
    let runtime = runtime.filter(|it| it.agent_id() == agent_id && it.agent_alias_id() == agent_alias_id);
    let Some(runtime) = runtime else {
        let message = "Failed to retrieve resource because it doesn't exist. Retry your request with a different \
                       resource identifier.";
        return Err(AwsError::new(Kind::NotFound, message));
    };
    let session_id = HeaderValue::from_str(&invoke.session_id).map_err(AwsError::internal)?;
    let body = completion::body(runtime.invoke(invoke).await?).await?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.amazon.eventstream")),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (SESSION_ID, session_id),
    ];
    Ok((head, body).into_response())
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let letters = |letter: char| letter.is_ascii_alphanumeric();
    let agent_id = label(call, &faults, "agentId", &(1..=10), "[0-9a-zA-Z]+", letters);
    let agent_alias_id = label(call, &faults, "agentAliasId", &(1..=10), "[0-9a-zA-Z]+", letters);
    let session_id = label(call, &faults, "sessionId", &(2..=100), "[0-9a-zA-Z._:-]+", |letter| {
        letters(letter) || "._:-".contains(letter)
    });
    let streaming = members.structure("streamingConfigurations");
    if let Some(streaming) = &streaming {
        streaming.integer("applyGuardrailInterval", &(1..=u64::MAX));
    }
    // There is no memory between sessions here; the id is held against the model and has no effect.
    members.text("memoryId", &(2..=100));
    let invoke = InvokeAgent {
        session_id,
        input_text: members.text("inputText", &(0..=25_000_000)),
        enable_trace: members.boolean("enableTrace"),
        end_session: members.boolean("endSession"),
        stream_final_response: streaming.is_some_and(|it| it.boolean("streamFinalResponse")),
        session_state: members
            .structure("sessionState")
            .map_or_else(SessionState::default, |it| session_state::read(&it)),
        turn_id: None,
    };
    faults.check()?;
    Ok(Request { agent_id, agent_alias_id, invoke })
}

/// A label of the path, held against its pattern: SDKs check its length alone.
fn label(
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
