//! `InvokeInlineAgent`: `POST /agents/{sessionId}`. The agents come with the request, in the shape of a bot definition's `agent:`.

use axum::response::Response;
use futures_util::StreamExt as _;
use relevo_agents::runtime::{AgentEvent, InvokeAgent};
use serde_json::{Map, Value, json};

use super::request;
use crate::{
    Wire,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

/// Members of the turn; all others are the agent's.
const TURN: &[&str] = &[
    "bedrockModelConfigurations",
    "enableTrace",
    "endSession",
    "inlineSessionState",
    "inputText",
    "promptCreationConfigurations",
    "streamingConfigurations",
];
/// Members of an agent that change nothing here: what is stored is encrypted by whoever keeps the store.
const WITHOUT_EFFECT: &[&str] = &["customerEncryptionKeyArn"];
/// The name of an agent that has none.
const NAMELESS: &str = "InlineAgent";

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (agent, invoke) = read(call)?;
    let Some(inline) = &wire.inline else {
        return Err(AwsError::new(Kind::AccessDenied, "Inline agents are not served here."));
    };
    let session_id = invoke.session_id.clone();
    let events = inline.invoke(&agent, invoke).await?;
    request::answer(&session_id, events.map(|event| event.map(nameless)).boxed()).await
}

fn read(call: &Call) -> Result<(Value, InvokeAgent), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.required_text("foundationModel", &(1..=2_048));
    members.required_text("instruction", &(40..=u64::MAX));
    members.integer("idleSessionTTLInSeconds", &(60..=3_600));
    let invoke = request::turn(call, &members, "inlineSessionState");
    if members.value("customOrchestration").is_some()
        || members.value("orchestrationType") == Some(&json!("CUSTOM_ORCHESTRATION"))
    {
        faults.constraint("orchestrationType", "Custom orchestration is not supported by Relevo");
    }
    let own = ["orchestrationType", "customOrchestration"];
    let of_agent = body.iter().filter(|(name, _)| !TURN.contains(&name.as_str()) && !own.contains(&name.as_str()));
    let mut agent: Map<String, Value> = of_agent.map(|(name, value)| (name.clone(), value.clone())).collect();
    faults.check()?;
    agent.entry("agentName").or_insert_with(|| json!(NAMELESS));
    let mut agent = Value::Object(agent);
    tidy(&mut agent);
    Ok((agent, invoke))
}

/// Takes out what is null, which is absent on AWS's wire, and what has no effect.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| !value.is_null() && !WITHOUT_EFFECT.contains(&name.as_str()));
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// `InlineAgentTracePart` has no ids: such an agent has none.
fn nameless(event: AgentEvent) -> AgentEvent {
    match event {
        AgentEvent::Trace(Value::Object(mut part)) => {
            for member in ["agentId", "agentAliasId", "agentVersion"] {
                part.remove(member);
            }
            AgentEvent::Trace(Value::Object(part))
        }
        other => other,
    }
}
