//! Traces as they go out: Bedrock's `TracePart`, one member in each union.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    model::{Content, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Route},
    ports::iso,
    run::{ALIAS_ID, Team, TraceEvent, TraceKind},
};

const FOUNDATION_MODEL: &str = "foundationModel";

/// The trace of what a model was asked, once more with the model that answered, where it is another than was told: the one
/// that was to be asked first did not answer.
pub(super) fn asked_instead(mut asked: Value, reply: &ModelReply, now_ms: i64) -> Option<Value> {
    let model = json!(reply.model.as_deref()?);
    let trace = asked.get_mut("trace")?.as_object_mut()?.values_mut().next()?;
    let told = trace.get_mut("modelInvocationInput")?.as_object_mut()?.entry(FOUNDATION_MODEL).or_insert(Value::Null);
    if *told == model {
        return None;
    }
    *told = model;
    asked.as_object_mut()?.insert("eventTime".into(), json!(iso(now_ms)));
    Some(asked)
}

/// Writes the traces of one invocation.
pub(super) struct Tracer {
    session_id: String,
    collaborator_session_id: String,
    invocation: String,
    /// How many models each agent has asked: a model call and what follows from it share their `traceId`.
    calls: BTreeMap<String, u32>,
}

impl Tracer {
    pub(super) fn new(session_id: String, collaborator_session_id: String, invocation: String) -> Self {
        Self { session_id, collaborator_session_id, invocation, calls: BTreeMap::new() }
    }

    /// A model is asked. `model`: which one.
    pub(super) fn model_input(
        &mut self,
        team: &Team,
        request: &ModelRequest,
        model: Option<&str>,
        now_ms: i64,
    ) -> Value {
        let count = self.calls.entry(request.agent_name.clone()).or_default();
        *count += 1;
        let (kind, r#type) = match request.purpose {
            Purpose::Orchestrate { .. } | Purpose::Summarize { .. } => (TraceKind::Orchestration, "ORCHESTRATION"),
            Purpose::Route { .. } => (TraceKind::Routing, "ROUTING_CLASSIFIER"),
        };
        let text = json!({"system": request.system, "messages": request.messages}).to_string();
        let mut input = json!({"text": text, "type": r#type});
        if let (Some(model), Value::Object(members)) = (model, &mut input) {
            members.insert(FOUNDATION_MODEL.into(), json!(model));
        }
        let body = json!({"modelInvocationInput": input});
        self.part(team, TraceEvent { agent: request.agent_name.clone(), kind, body }, now_ms)
    }

    /// A model has answered.
    pub(super) fn model_output(
        &self,
        team: &Team,
        agent: &str,
        routing: bool,
        reply: &Result<ModelReply, ModelError>,
        (start_ms, end_ms): (i64, i64),
    ) -> Option<Value> {
        let reply = reply.as_ref().ok()?;
        let kind = if routing { TraceKind::Routing } else { TraceKind::Orchestration };
        let metadata = json!({
            "startTime": iso(start_ms),
            "endTime": iso(end_ms),
            "totalTimeMs": end_ms - start_ms,
            "usage": reply.usage,
        });
        let body = json!({"modelInvocationOutput": {
            "metadata": metadata,
            "rawResponse": {"content": raw(&reply.outcome)},
        }});
        Some(self.part(team, TraceEvent { agent: agent.to_owned(), kind, body }, end_ms))
    }

    /// Anything the run tells.
    pub(super) fn part(&self, team: &Team, event: TraceEvent, now_ms: i64) -> Value {
        let TraceEvent { agent, kind, mut body } = event;
        let step = self.calls.get(&agent).map_or(0, |count| count.saturating_sub(1));
        let (name, infix) = match kind {
            TraceKind::Orchestration => ("orchestrationTrace", ""),
            TraceKind::Routing => ("routingClassifierTrace", "routing-"),
            TraceKind::Failure => ("failureTrace", ""),
            TraceKind::GuardrailBefore => ("guardrailTrace", "guardrail-pre-"),
            TraceKind::GuardrailAfter => ("guardrailTrace", "guardrail-post-"),
        };
        let trace_id = json!(format!("{}-{infix}{step}", self.invocation));
        if let Value::Object(members) = &mut body {
            // In the unions the id stands in the one member; a failure and a guardrail have it themselves.
            match (kind, members.values_mut().next()) {
                (TraceKind::Failure | TraceKind::GuardrailBefore | TraceKind::GuardrailAfter, _) => {
                    members.insert("traceId".into(), trace_id);
                }
                (_, Some(Value::Object(member))) => {
                    member.insert("traceId".into(), trace_id);
                }
                _ => {}
            }
        }
        let member = team.member(&agent);
        let chain = member.map(|member| member.chain.clone()).unwrap_or_default();
        let callers: Vec<Value> = chain
            .iter()
            .filter_map(|name| team.member(name))
            .map(|member| json!({"agentAliasArn": member.alias_arn()}))
            .collect();
        let session = if chain.len() > 1 { &self.collaborator_session_id } else { &self.session_id };
        let mut part = json!({
            "agentId": member.map(|member| member.id.as_str()),
            "agentAliasId": ALIAS_ID,
            "agentVersion": "DRAFT",
            "sessionId": session,
            "callerChain": callers,
            "eventTime": iso(now_ms),
            "trace": {name: body},
        });
        if let (Some(name), Value::Object(members)) = (member.and_then(|m| m.collaborator_name()), &mut part) {
            members.insert("collaboratorName".into(), json!(name));
        }
        part
    }
}

fn raw(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Content(content) => {
            // A plain text stays one; with calls it is the blocks.
            match content.as_slice() {
                [Content::Text(text)] => text.clone(),
                blocks => json!(blocks).to_string(),
            }
        }
        Outcome::Route(Route::Agent(name)) => name.clone(),
        Outcome::Route(Route::KeepPrevious) => "keep_previous_agent".into(),
        Outcome::Route(Route::Undecidable) => "undecidable".into(),
    }
}
