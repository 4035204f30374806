//! The agents' roles: one for all that lead nobody, and one for each supervisor, which may ask its own collaborators.
//!
//! A supervisor that is itself a collaborator cannot share its supervisor's role: that would refer to an alias of an agent that
//! refers to the role.

use std::collections::BTreeSet;

use relevo_agents::definition::agent::Agent;
use serde_json::{Value, json};

use super::{CONDITION, MODEL_ARN_PATTERN, MODEL_ID};

/// What agents of a role use.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Whether one of them has the stack's model.
    default_model: bool,
    /// Models of their own.
    models: BTreeSet<String>,
    /// Knowledge bases.
    knowledge_bases: BTreeSet<String>,
    /// Guardrails, by id or ARN.
    guardrails: BTreeSet<String>,
}

impl Uses {
    /// Adds an agent's.
    pub(super) fn add(&mut self, agent: &Agent) {
        match &agent.foundation_model {
            Some(model) => drop(self.models.insert(model.clone())),
            None => self.default_model = true,
        }
        let prompts = agent.prompt_override_configuration.iter().flat_map(|it| &it.prompt_configurations);
        self.models.extend(prompts.filter_map(|prompt| prompt.foundation_model.clone()));
        self.knowledge_bases.extend(agent.knowledge_bases.iter().map(|base| base.knowledge_base_id.clone()));
        self.guardrails.extend(agent.guardrail_configuration.iter().map(|it| it.guardrail_identifier.clone()));
    }
}

/// A role of agents that use this, ask these aliases (by logical id) and have the stack's guardrail (by logical id).
pub(super) fn role(uses: &Uses, aliases: &[String], guardrail: Option<&str>) -> Value {
    let (mut models, mut profiles) = (Vec::new(), Vec::new());
    if uses.default_model {
        models.push(model(&format!("${{{MODEL_ARN_PATTERN}}}")));
        profiles.push(profile(&format!("${{{MODEL_ID}}}")));
    }
    for name in &uses.models {
        if name.starts_with("arn:") {
            let list = if name.contains("-profile/") { &mut profiles } else { &mut models };
            list.push(json!(name));
            // Which models stand behind an application's profile is not in its name.
            if name.contains(":application-inference-profile/") {
                models.push(model("*"));
            }
        } else {
            models.push(model(behind(name)));
            profiles.push(profile(name));
        }
    }
    let invoke: Vec<Value> = models.into_iter().chain(profiles.iter().cloned()).collect();
    let mut statements = vec![allow(&["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], &invoke)];
    if !profiles.is_empty() {
        statements.push(allow(&["bedrock:GetInferenceProfile"], &profiles));
    }
    if !aliases.is_empty() {
        let arns: Vec<Value> = aliases.iter().map(|alias| json!({"Fn::GetAtt": [alias, "AgentAliasArn"]})).collect();
        statements.push(allow(&["bedrock:GetAgentAlias", "bedrock:InvokeAgent"], &arns));
    }
    if !uses.knowledge_bases.is_empty() {
        let arns: Vec<Value> = uses.knowledge_bases.iter().map(|id| ours(&format!("knowledge-base/{id}"))).collect();
        statements.push(allow(&["bedrock:Retrieve"], &arns));
    }
    let named = uses
        .guardrails
        .iter()
        .map(|id| if id.starts_with("arn:") { json!(id) } else { ours(&format!("guardrail/{id}")) });
    let own = guardrail.map(|id| json!({"Fn::GetAtt": [id, "GuardrailArn"]}));
    let guardrails: Vec<Value> = named.chain(own).collect();
    if !guardrails.is_empty() {
        statements.push(allow(&["bedrock:ApplyGuardrail"], &guardrails));
    }
    json!({
        "Type": "AWS::IAM::Role",
        "Condition": CONDITION,
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                    "ArnLike": {"aws:SourceArn": ours("agent/*")},
                },
            }]},
            "Policies": [{"PolicyName": "agent", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}],
        },
    })
}

fn allow(actions: &[&str], resources: &[Value]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}

/// In every region that a profile routes to.
fn model(id: &str) -> Value {
    json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:bedrock:*::foundation-model/{id}")})
}

fn profile(id: &str) -> Value {
    ours(&format!("inference-profile/{id}"))
}

fn ours(resource: &str) -> Value {
    json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")})
}

/// The model behind an inference profile, whose id begins with where it routes to.
fn behind(id: &str) -> &str {
    match id.split_once('.') {
        Some((place, model)) if model.contains('.') && place.len() <= 6 => model,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn a_profile_is_a_model_with_a_place_before_it() {
        for (profile, model) in [
            ("us.anthropic.claude-3-5-haiku-20241022-v1:0", "anthropic.claude-3-5-haiku-20241022-v1:0"),
            ("global.amazon.nova-2-lite-v1:0", "amazon.nova-2-lite-v1:0"),
            ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"),
            ("anthropic.claude-3-5-haiku-20241022-v1:0", "anthropic.claude-3-5-haiku-20241022-v1:0"),
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
            ("anthropic.claude-v2.1", "anthropic.claude-v2.1"),
        ] {
            assert_eq!(behind(profile), model);
        }
    }
}
