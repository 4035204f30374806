//! What happens, in the shapes of Bedrock's traces: the part inside `orchestrationTrace` or `routingClassifierTrace`.
//!
//! Each body has exactly one member (it is a union). Who reports it adds when, who and `traceId`.

use serde_json::{Value, json};

use super::{
    Run, control,
    state::ControlInput,
    team::{Executable, Member},
};
use crate::definition::agent::Collaboration;

/// Something to be traced.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceEvent {
    /// The agent it happened to.
    pub agent: String,
    /// Which trace it goes into.
    pub kind: TraceKind,
    /// Its one member.
    pub body: Value,
}

/// The members of the union `Trace` that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceKind {
    /// `orchestrationTrace`.
    Orchestration,
    /// `routingClassifierTrace`.
    Routing,
    /// `failureTrace`; the body is the whole of it.
    Failure,
    /// `guardrailTrace` of the customer's words; the body is the whole of it.
    GuardrailBefore,
    /// `guardrailTrace` of the answer; the body is the whole of it.
    GuardrailAfter,
}

impl Run {
    pub(super) fn trace(&mut self, agent: &str, kind: TraceKind, body: Value) {
        self.traces.push(TraceEvent { agent: agent.to_owned(), kind, body });
    }

    pub(super) fn trace_rationale(&mut self, agent: &str, text: &str) {
        if !text.trim().is_empty() {
            self.trace(agent, TraceKind::Orchestration, json!({"rationale": {"text": text}}));
        }
    }

    pub(super) fn trace_final(&mut self, agent: &str, kind: TraceKind, text: &str) {
        let observation = json!({"type": "FINISH", "finalResponse": {"text": text}});
        self.trace(agent, kind, json!({"observation": observation}));
    }

    pub(super) fn trace_ask(&mut self, agent: &str, question: &str) {
        let observation = json!({"type": "ASK_USER", "finalResponse": {"text": question}});
        self.trace(agent, TraceKind::Orchestration, json!({"observation": observation}));
    }

    pub(super) fn trace_reprompt(&mut self, agent: &str, text: &str) {
        let observation = json!({"type": "REPROMPT", "repromptResponse": {"source": "PARSER", "text": text}});
        self.trace(agent, TraceKind::Orchestration, json!({"observation": observation}));
    }

    pub(super) fn trace_failure(&mut self, agent: &str, reason: &str) {
        self.trace(agent, TraceKind::Failure, json!({"failureReason": reason, "failureCode": 400}));
    }

    pub(super) fn trace_function(
        &mut self,
        agent: &str,
        tool: &str,
        arguments: &[(String, String, String)],
        invocation_id: Option<&str>,
    ) {
        let function = self.team.member(agent).and_then(|member| member.function(tool));
        let mut input = match function {
            Some(Executable { action_group, operation: Some(operation), .. }) => {
                let (parameters, body) = control::placed(operation, arguments);
                let mut input = json!({
                    "actionGroupName": action_group,
                    "verb": operation.method.to_lowercase(),
                    "apiPath": operation.path,
                    "parameters": parameters,
                });
                if let (Some((mime, properties)), Value::Object(members)) = (body, &mut input) {
                    members.insert("requestBody".into(), json!({"content": {mime: properties}}));
                }
                input
            }
            Some(Executable { action_group, function, .. }) => json!({
                "actionGroupName": action_group,
                "function": function,
                "parameters": parameters(arguments),
            }),
            None => json!({"parameters": parameters(arguments)}),
        };
        if let Value::Object(members) = &mut input {
            members.insert("executionType".into(), json!("LAMBDA"));
        }
        if let (Some(id), Value::Object(members)) = (invocation_id, &mut input) {
            members.insert("executionType".into(), json!("RETURN_CONTROL"));
            members.insert("invocationId".into(), json!(id));
        }
        let input = json!({"invocationType": "ACTION_GROUP", "actionGroupInvocationInput": input});
        self.trace(agent, TraceKind::Orchestration, json!({"invocationInput": input}));
    }

    /// A function's answer; an `error` is one that the agent is asked to go on from, as with Bedrock's `REPROMPT`.
    pub(super) fn trace_function_result(&mut self, agent: &str, text: &str, error: bool) {
        let observation = if error {
            json!({"type": "REPROMPT", "repromptResponse": {"source": "ACTION_GROUP", "text": text}})
        } else {
            json!({"type": "ACTION_GROUP", "actionGroupInvocationOutput": {"text": text}})
        };
        self.trace(agent, TraceKind::Orchestration, json!({"observation": observation}));
    }

    /// `payload`: `{"type": "TEXT", "text": ..}` or the one of return of control.
    pub(super) fn trace_send(&mut self, agent: &str, kind: TraceKind, recipient: &str, payload: &Value) {
        let input = json!({
            "agentCollaboratorName": recipient,
            "agentCollaboratorAliasArn": self.alias_arn(recipient),
            "input": payload,
        });
        let input = json!({"invocationType": "AGENT_COLLABORATOR", "agentCollaboratorInvocationInput": input});
        self.trace(agent, kind, json!({"invocationInput": input}));
    }

    pub(super) fn trace_reply(&mut self, agent: &str, kind: TraceKind, sender: &str, payload: &Value) {
        let output = json!({
            "agentCollaboratorName": sender,
            "agentCollaboratorAliasArn": self.alias_arn(sender),
            "output": payload,
        });
        let observation = json!({"type": "AGENT_COLLABORATOR", "agentCollaboratorInvocationOutput": output});
        self.trace(agent, kind, json!({"observation": observation}));
    }

    /// The frames above see that their collaborator returned control.
    pub(super) fn trace_control(&mut self, invocation_id: &str, inputs: &[ControlInput]) {
        for (frame, above, own) in self.controlled(inputs) {
            let inputs: Vec<Value> = own.iter().map(|input| json!(input.input)).collect();
            let payload = json!({
                "type": "RETURN_CONTROL",
                "returnControlPayload": {"invocationId": invocation_id, "invocationInputs": inputs},
            });
            let kind = self.kind_of(&above);
            self.trace_reply(&above, kind, &frame, &payload);
        }
    }

    /// The frames above pass the results on.
    pub(super) fn trace_resume(&mut self, invocation_id: &str, inputs: &[ControlInput], results: &[Value]) {
        for (frame, above, _) in self.controlled(inputs) {
            let payload = json!({
                "type": "RETURN_CONTROL",
                "returnControlResults": {
                    "invocationId": invocation_id,
                    "returnControlInvocationResults": results,
                },
            });
            let kind = self.kind_of(&above);
            self.trace_send(&above, kind, &frame, &payload);
        }
    }

    /// Of each frame with inputs: its agent, the agent it answers, its inputs.
    fn controlled<'i>(&self, inputs: &'i [ControlInput]) -> Vec<(String, String, Vec<&'i ControlInput>)> {
        let mut frames: Vec<u32> = inputs.iter().map(|input| input.frame).collect();
        frames.dedup();
        let mut all = Vec::new();
        for id in frames {
            let Some(frame) = self.frame(id) else { continue };
            let Some(above) = frame.parent.as_ref().and_then(|parent| self.frame(parent.frame)) else { continue };
            let own = inputs.iter().filter(|input| input.frame == id).collect();
            all.push((frame.agent.clone(), above.agent.clone(), own));
        }
        all
    }

    /// A router's dealings with a collaborator are traced as its own kind.
    pub(super) fn kind_of(&self, agent: &str) -> TraceKind {
        match self.team.member(agent).map(|member| member.collaboration) {
            Some(Collaboration::SupervisorRouter) => TraceKind::Routing,
            _ => TraceKind::Orchestration,
        }
    }

    fn alias_arn(&self, agent: &str) -> String {
        self.team.member(agent).map(Member::alias_arn).unwrap_or_default()
    }
}

impl Member {
    /// The ARN of its alias. Region and account are a placeholder: nothing of ours has an account.
    pub fn alias_arn(&self) -> String {
        format!("arn:aws:bedrock:us-east-1:000000000000:agent-alias/{}/{ALIAS_ID}", self.id)
    }
}

/// The alias of every agent.
pub const ALIAS_ID: &str = "TSTALIASID";

fn parameters(arguments: &[(String, String, String)]) -> Vec<Value> {
    arguments.iter().map(|(name, r#type, value)| json!({"name": name, "type": r#type, "value": value})).collect()
}
