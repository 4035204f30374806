//! What `chat-bot` may do beyond what every bot's may: the statements of its role that the definition asks for.

use std::collections::BTreeSet;

use relevo_agents::definition::{
    AgentsDefinition,
    agent::{ActionGroup, ActionGroupExecutor, Agent},
    knowledge::KnowledgeSource,
    models::ModelChoice,
    tool::Tool,
};
use relevo_bot::{Policy, handlers::Handler};

const HERE: &str = "${AWS::Region}:${AWS::AccountId}";

/// The block of the template. With a Bedrock agent the definition's own agents ask nothing of AWS, so all but functions that
/// the bot itself invokes hangs on the condition `OwnAgents`.
pub(super) fn block(definition: &AgentsDefinition, policy: &Policy) -> String {
    let mut block = String::new();
    if asks_bedrock(definition) {
        let models: Vec<String> = std::iter::once(("${modelId}".to_owned(), "${modelArnPattern}".to_owned()))
            .chain(named_models(definition))
            .flat_map(|(id, model)| {
                [
                    format!("bedrock:{HERE}:inference-profile/{id}"),
                    // A profile sends a call to models of several regions, and of none in particular.
                    format!("bedrock:*::foundation-model/{model}"),
                ]
            })
            .collect();
        own(&mut block, "Models", model_actions(definition), &models);
    }
    // Their sessions are removed when a chat is over; a Bedrock agent's are its own.
    block.push_str(
        "- !If\n  - OwnAgents\n  - Sid: Runs\n    Effect: Allow\n    Action: dynamodb:DeleteItem\n    Resource: !GetAtt \
         Contacts.Arn\n  - !Ref AWS::NoValue\n",
    );
    let bases = definition.knowledge_bases.iter().filter(|(_, source)| matches!(source, KnowledgeSource::Bedrock));
    let bases: Vec<String> = bases.map(|(id, _)| format!("bedrock:{HERE}:knowledge-base/{id}")).collect();
    own(&mut block, "KnowledgeBases", "bedrock:Retrieve", &bases);
    let mut guardrails = BTreeSet::new();
    each_agent(&definition.agent, &mut |agent| {
        guardrails.extend(agent.guardrail_configuration.iter().map(|it| guardrail(&it.guardrail_identifier)));
    });
    own(&mut block, "Guardrails", "bedrock:ApplyGuardrail", &guardrails.into_iter().collect::<Vec<_>>());
    let mut functions = executors(definition);
    functions.extend(policy.handlers.values().filter_map(|handler| match handler {
        Handler::Lambda(it) => Some(function(&it.function)),
        Handler::Http(_) => None,
    }));
    // Whoever answers: a Bedrock agent returns control for them, too.
    if !functions.is_empty() {
        let functions: Vec<String> = functions.into_iter().collect();
        statement(&mut block, "- ", "  ", "Functions", "lambda:InvokeFunction", &functions);
    }
    block
}

/// What it may ask when the stack has agents of its own; `alias` is the supervisor's logical id.
pub(super) fn classic(alias: &str) -> String {
    format!(
        "- !If\n  - {}\n  - Sid: OwnClassicAgent\n    Effect: Allow\n    Action: bedrock:InvokeAgent\n    \
         Resource: !GetAtt {alias}.AgentAliasArn\n  - !Ref AWS::NoValue\n",
        crate::classic::CONDITION
    )
}

/// Whether a model of Bedrock is among those that answer; without `models:` it is the one.
pub fn asks_bedrock(definition: &AgentsDefinition) -> bool {
    let Some(models) = &definition.models else { return true };
    models.iter().any(|model| matches!(model, ModelChoice::Bedrock(_)))
}

/// What it takes to ask the definition's models of Bedrock: `ConverseStream`, or `Converse` where one does not stream.
fn model_actions(definition: &AgentsDefinition) -> &'static str {
    let choices = definition.models.iter().flatten();
    let streams = choices.filter_map(|it| if let ModelChoice::Bedrock(it) = it { Some(it.streaming) } else { None });
    let streams: BTreeSet<bool> = streams.collect();
    match (streams.contains(&false), streams.contains(&true)) {
        (true, true) => "[bedrock:InvokeModel, bedrock:InvokeModelWithResponseStream]",
        (true, false) => "bedrock:InvokeModel",
        (false, _) => "bedrock:InvokeModelWithResponseStream",
    }
}

/// Models that the definition names itself: profile or id, and the model behind it.
fn named_models(definition: &AgentsDefinition) -> Vec<(String, String)> {
    let mut ids = BTreeSet::new();
    each_agent(&definition.agent, &mut |agent| {
        ids.extend(agent.foundation_model.iter().filter(|id| !id.trim().is_empty()).cloned());
    });
    for model in definition.models.iter().flatten() {
        if let ModelChoice::Bedrock(it) = model {
            ids.extend(it.model_id.clone());
        }
    }
    ids.into_iter().map(|id| (short(&id).to_owned(), behind(short(&id)).to_owned())).collect()
}

/// The id of a model or profile that may be given as an ARN.
fn short(id: &str) -> &str {
    if id.starts_with("arn:") { id.rsplit('/').next().unwrap_or(id) } else { id }
}

/// The model behind an inference profile: its id without the region's prefix. Vendors have no such names.
pub fn behind(id: &str) -> &str {
    const REGIONS: [&str; 9] = ["us-gov.", "us.", "eu.", "apac.", "global.", "jp.", "au.", "ca.", "sa."];
    REGIONS.iter().find_map(|prefix| id.strip_prefix(prefix)).unwrap_or(id)
}

fn guardrail(identifier: &str) -> String {
    format!("bedrock:{HERE}:guardrail/{}", short(identifier))
}

/// Lambda functions that execute the agents' functions.
fn executors(definition: &AgentsDefinition) -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    for tool in definition.tools.values().flat_map(|tools| tools.values()) {
        if let Tool::Lambda(it) = tool {
            functions.insert(function(&it.function));
        }
    }
    each_agent(&definition.agent, &mut |agent| {
        functions.extend(agent.action_groups.iter().filter_map(lambda_of).map(function));
    });
    functions
}

fn lambda_of(group: &ActionGroup) -> Option<&str> {
    match &group.action_group_executor {
        Some(ActionGroupExecutor::Lambda(arn)) => Some(arn),
        _ => None,
    }
}

/// A function by its name, or by an ARN of any account: what stands behind `arn:partition:`.
fn function(name: &str) -> String {
    match name.strip_prefix("arn:").and_then(|rest| rest.split_once(':')) {
        Some((_, resource)) => resource.to_owned(),
        None => format!("lambda:{HERE}:function:{name}"),
    }
}

fn each_agent<'a>(agent: &'a Agent, see: &mut impl FnMut(&'a Agent)) {
    see(agent);
    for collaborator in &agent.collaborators {
        each_agent(collaborator, see);
    }
}

/// A statement under the condition `OwnAgents`; none without resources.
fn own(block: &mut String, sid: &str, actions: &str, resources: &[String]) {
    if resources.is_empty() {
        return;
    }
    block.push_str("- !If\n  - OwnAgents\n");
    statement(block, "  - ", "    ", sid, actions, resources);
    block.push_str("  - !Ref AWS::NoValue\n");
}

fn statement(block: &mut String, first: &str, margin: &str, sid: &str, actions: &str, resources: &[String]) {
    use std::fmt::Write as _;
    // Writing into a text cannot fail.
    let _ = writeln!(block, "{first}Sid: {sid}\n{margin}Effect: Allow\n{margin}Action: {actions}\n{margin}Resource:");
    for resource in resources {
        let _ = writeln!(block, "{margin}  - !Sub 'arn:${{AWS::Partition}}:{resource}'");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_behind_a_profile() {
        for (id, model) in [
            ("us.anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"),
            ("us-gov.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
            ("global.anthropic.claude-y", "anthropic.claude-y"),
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ] {
            assert_eq!(behind(id), model);
        }
        assert_eq!(
            short("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-lite-v1:0"),
            "eu.amazon.nova-lite-v1:0"
        );
    }

    #[test]
    fn functions_by_name_and_by_arn() {
        assert_eq!(function("crm"), "lambda:${AWS::Region}:${AWS::AccountId}:function:crm");
        assert_eq!(function("arn:aws:lambda:eu-west-1:1:function:crm:live"), "lambda:eu-west-1:1:function:crm:live");
    }
}
