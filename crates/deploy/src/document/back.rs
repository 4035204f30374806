//! From an agent as Bedrock has it to one as `bot.yaml` has it. The API's documents and, respelled, those of `CloudFormation` have
//! one shape, so this is for both.

use serde_json::{Map, Value, json};

use super::{
    groups::group,
    parts::{list, one_of, plain_name, texts},
};

/// Bedrock's time when none is said, and what templates of ours say then.
pub(crate) const IDLE_SECONDS: u64 = 600;
/// Stands before an agent's name in templates of ours, so that two stacks fit into an account.
pub(crate) const STACK: &str = "${AWS::StackName}-";

/// An agent that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// What it is called by where it was found: a logical id, or Bedrock's id.
    pub id: String,
    /// As `bot.yaml` has it, without its collaborators.
    pub agent: Map<String, Value>,
    /// Its collaborators.
    pub links: Vec<Link>,
}

/// A supervisor's entry of a collaborator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    /// The alias: an ARN, or where it is in the template.
    pub alias: Value,
    /// As `collaboratorConfigurations[]` has it.
    pub configuration: Map<String, Value>,
}

/// What could not be carried over: what, and why.
pub(crate) type Lost = Vec<(String, String)>;

/// Reads an agent. `id` is for when it has no name that is a text.
pub(crate) fn found(id: &str, document: &Value, lost: &mut Lost) -> Found {
    let name = document.get("agentName").and_then(agent_name).unwrap_or_else(|| id.to_owned());
    let mut agent = Map::new();
    agent.insert("agentName".into(), json!(name));
    let lose = |what: &str, why: &str| (format!("agent {name}: {what}"), why.to_owned());
    agent.extend(one_of(document, "agentCollaboration", &["SUPERVISOR", "SUPERVISOR_ROUTER", "DISABLED"]));
    agent.extend(texts(document, &["foundationModel", "instruction"]));
    if let Some(guardrail) = document.get("guardrailConfiguration") {
        let kept = texts(guardrail, &["guardrailIdentifier", "guardrailVersion"]);
        if kept.len() == 2 {
            agent.insert("guardrailConfiguration".into(), kept.into());
        }
    }
    let groups: Vec<Value> = list(document, "actionGroups").filter_map(|it| group(it, &name, lost)).collect();
    insert(&mut agent, "actionGroups", groups);
    let bases: Vec<Value> = list(document, "knowledgeBases").filter_map(|it| knowledge(it, &name, lost)).collect();
    insert(&mut agent, "knowledgeBases", bases);
    let prompts = document.get("promptOverrideConfiguration").map(|it| prompts(it, &name, lost)).unwrap_or_default();
    if !prompts.is_empty() {
        agent.insert("promptOverrideConfiguration".into(), json!({"promptConfigurations": prompts}));
    }
    if let Some(ttl) =
        document.get("idleSessionTTLInSeconds").and_then(Value::as_u64).filter(|ttl| *ttl != IDLE_SECONDS)
    {
        agent.insert("idleSessionTTLInSeconds".into(), json!(ttl));
    }
    if document.get("memoryConfiguration").is_some() {
        lost.push(lose("memoryConfiguration", "nothing is remembered from one contact to the next here"));
    }
    if document.get("customOrchestration").is_some() {
        lost.push(lose("customOrchestration", "agents are led by the runtime's own orchestration"));
    }
    Found { id: id.to_owned(), agent, links: list(document, "agentCollaborators").map(link).collect() }
}

/// A name, without what only a stack knows of it, such as its own name.
fn agent_name(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("Fn::Sub")?.as_str())?;
    Some(plain_name(text)).filter(|name| !name.is_empty())
}

fn link(document: &Value) -> Link {
    let alias = document.get("agentDescriptor").and_then(|it| it.get("aliasArn")).cloned().unwrap_or_default();
    let name = document.get("collaboratorName").and_then(Value::as_str).unwrap_or_default();
    let mut configuration = Map::from_iter([("collaboratorName".to_owned(), json!(plain_name(name)))]);
    let instruction = document.get("collaborationInstruction").and_then(Value::as_str).unwrap_or_default();
    configuration.insert("collaboratorInstruction".into(), json!(instruction));
    configuration.extend(one_of(document, "relayConversationHistory", &["TO_COLLABORATOR", "DISABLED"]));
    Link { alias, configuration }
}

fn knowledge(document: &Value, agent: &str, lost: &mut Lost) -> Option<Value> {
    let base = texts(document, &["knowledgeBaseId", "description"]);
    let id = base.get("knowledgeBaseId").and_then(Value::as_str).unwrap_or("with an id that is not in the file");
    if document.get("knowledgeBaseState").and_then(Value::as_str) == Some("DISABLED") {
        lost.push((format!("agent {agent}: knowledge base {id}"), "it is disabled".into()));
        return None;
    }
    if base.len() < 2 {
        lost.push((format!("agent {agent}: knowledge base {id}"), "id and description are not both known".into()));
        return None;
    }
    Some(base.into())
}

fn prompts(document: &Value, agent: &str, lost: &mut Lost) -> Vec<Value> {
    let mut lose = |what: &str, why: &str| lost.push((format!("agent {agent}: {what}"), why.to_owned()));
    if document.get("overrideLambda").is_some() {
        lose("promptOverrideConfiguration.overrideLambda", "answers are read by the runtime itself");
    }
    let mut kept = Vec::new();
    for prompt in list(document, "promptConfigurations") {
        if prompt.get("promptCreationMode").and_then(Value::as_str) != Some("OVERRIDDEN") {
            continue;
        }
        let kind = prompt.get("promptType").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "ORCHESTRATION" | "ROUTING_CLASSIFIER") {
            lose(&format!("the prompt {kind}"), "there is no such step here");
            continue;
        }
        if prompt.get("inferenceConfiguration").is_some() {
            lose(&format!("the prompt {kind}: inferenceConfiguration"), "it stands with the model, in `models:`");
        }
        kept.push(texts(prompt, &["promptType", "promptCreationMode", "basePromptTemplate", "foundationModel"]).into());
    }
    kept
}

fn insert(agent: &mut Map<String, Value>, key: &str, items: Vec<Value>) {
    if !items.is_empty() {
        agent.insert(key.to_owned(), items.into());
    }
}
