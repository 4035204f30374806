//! `InvokeAgent`: `POST /agents/{agentId}/agentAliases/{agentAliasId}/sessions/{sessionId}/text`.

use axum::response::Response;
use relevo_agents::runtime::InvokeAgent;

use super::request;
use crate::{
    Wire,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

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
    let session_id = invoke.session_id.clone();
    request::answer(&session_id, runtime.invoke(invoke).await?).await
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let letters = |letter: char| letter.is_ascii_alphanumeric();
    let agent_id = request::label(call, &faults, "agentId", &(1..=10), "[0-9a-zA-Z]+", letters);
    let agent_alias_id = request::label(call, &faults, "agentAliasId", &(1..=10), "[0-9a-zA-Z]+", letters);
    // There is no memory between sessions here; the id is held against the model and has no effect.
    members.text("memoryId", &(2..=100));
    let invoke = request::turn(call, &members, "sessionState");
    faults.check()?;
    Ok(Request { agent_id, agent_alias_id, invoke })
}
