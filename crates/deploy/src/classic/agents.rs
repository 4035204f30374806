//! The agents and their aliases: collaborators before those who ask them.

use std::collections::BTreeMap;

use relevo_agents::definition::agent::{ActionGroup, Agent, ApiSchema};
use serde_json::{Map, Value, json};

use super::{
    CONDITION, MODEL_ID, Obstacle, Resources, Source,
    carry::without_nulls,
    executors::{self, Executor},
    guardrail::Guardrail,
    names::{free, hash, logical_id},
    roles::{Uses, role},
};
use crate::document::{
    back::{IDLE_SECONDS, STACK},
    parts::list,
    pascal, template,
};

/// The role of all agents that ask nobody.
const COLLABORATORS_ROLE: &str = "CollaboratorAgentsRole";

/// An agent that is drawn.
#[derive(Clone)]
struct Drawn {
    /// Its logical id.
    id: String,
    /// The alias's logical id.
    alias: String,
    /// Of the agent and of all below it.
    hash: String,
}

struct Drawing<'s> {
    source: &'s Source,
    guardrail: Option<Guardrail>,
    out: Resources,
}

/// All resources, without what is carried along.
pub(super) fn draw(source: &Source, guardrail: Option<Guardrail>, obstacles: &mut Vec<Obstacle>) -> Resources {
    let mut out = Resources {
        resources: guardrail.iter().flat_map(|it| it.resources.clone()).collect(),
        conditions: Map::new(),
        supervisor: String::new(),
        alias: String::new(),
        notes: guardrail.iter().flat_map(|it| it.notes.clone()).collect(),
    };
    let agent = &source.definition.agent;
    let mut uses = Uses::default();
    if leaves(agent, &mut uses) {
        let guardrail = guardrail.as_ref().map(|it| it.id.as_str());
        out.resources.insert(COLLABORATORS_ROLE.into(), role(&uses, &[], guardrail));
    }
    if depth(agent) > 3 {
        out.notes
            .push("the agents stand on more than three levels, which is said to be the most that Bedrock takes".into());
    }
    let mut drawing = Drawing { source, guardrail, out };
    let document = source.document.get("agent").cloned().unwrap_or_default();
    let drawn = drawing.agent(agent, &document, obstacles);
    let mut out = drawing.out;
    out.supervisor = drawn.id;
    out.alias = drawn.alias;
    out
}

/// Adds what all use that ask nobody; whether there are any.
fn leaves(agent: &Agent, uses: &mut Uses) -> bool {
    if agent.collaborators.is_empty() {
        uses.add(agent);
        return true;
    }
    let mut any = false;
    for below in &agent.collaborators {
        any |= leaves(below, uses);
    }
    any
}

fn depth(agent: &Agent) -> usize {
    1 + agent.collaborators.iter().map(depth).max().unwrap_or_default()
}

impl Drawing<'_> {
    fn agent(&mut self, agent: &Agent, document: &Value, obstacles: &mut Vec<Obstacle>) -> Drawn {
        let mut below: BTreeMap<&str, Drawn> = BTreeMap::new();
        for (collaborator, document) in agent.collaborators.iter().zip(list(document, "collaborators")) {
            let drawn = self.agent(collaborator, document, obstacles);
            below.insert(&collaborator.agent_name, drawn);
        }
        let id = free(logical_id(&agent.agent_name, "Agent"), |id| self.out.resources.contains_key(id));
        let role_id = if below.is_empty() {
            COLLABORATORS_ROLE.to_owned()
        } else {
            let mut uses = Uses::default();
            uses.add(agent);
            let aliases: Vec<String> = below.values().map(|drawn| drawn.alias.clone()).collect();
            let role_id = format!("{id}Role");
            let guardrail = self.guardrail.as_ref().map(|it| it.id.as_str());
            self.out.resources.insert(role_id.clone(), role(&uses, &aliases, guardrail));
            role_id
        };
        let mut properties = self.properties(agent, document, &role_id);
        if !below.is_empty() {
            let links: Vec<Value> = list(document, "collaboratorConfigurations").map(|it| link(it, &below)).collect();
            properties.insert("AgentCollaborators".into(), links.into());
        }
        let groups: Vec<Value> = agent
            .action_groups
            .iter()
            .zip(list(document, "actionGroups"))
            .map(|(group, document)| self.group(group, document))
            .collect();
        if !groups.is_empty() {
            properties.insert("ActionGroups".into(), groups.into());
        }
        let below_hashes: Vec<&str> = below.values().map(|drawn| drawn.hash.as_str()).collect();
        let guardrail_hash = self.guardrail.as_ref().map(|it| it.hash.as_str());
        let hash = hash(&json!([properties, below_hashes, guardrail_hash]));
        let resource =
            json!({"Type": template::AGENT, "Condition": CONDITION, "Metadata": skipped(), "Properties": properties});
        self.out.resources.insert(id.clone(), resource);
        for group in agent.action_groups.iter().filter(|group| group.parent_action_group_signature.is_none()) {
            if let Executor::Lambda(function) = executors::of(&self.source.definition, group) {
                if executors::arn(&function).is_none() {
                    obstacles.push(Obstacle {
                        agent: agent.agent_name.clone(),
                        field: format!("actionGroups.{}", group.action_group_name),
                        message: format!("`{function}` is neither the name nor the ARN of a Lambda function"),
                        adjustable: false,
                    });
                }
                executors::permit(&agent.agent_name, &id, &function, &mut self.out);
            }
        }
        let alias = format!("{id}Alias");
        self.out.resources.insert(
            alias.clone(),
            json!({
                "Type": template::ALIAS,
                "Condition": CONDITION,
                "Properties": {
                    "AgentId": {"Fn::GetAtt": [id, "AgentId"]},
                    "AgentAliasName": "live",
                    // An alias keeps the version it was made with until it is itself changed: so it changes with the agent.
                    "Description": {"Fn::Sub": format!("{hash} with ${{{MODEL_ID}}}")},
                },
            }),
        );
        Drawn { id, alias, hash }
    }

    fn properties(&self, agent: &Agent, document: &Value, role_id: &str) -> Map<String, Value> {
        let mut properties = Map::from_iter([
            ("AgentName".to_owned(), json!({"Fn::Sub": format!("{STACK}{}", agent.agent_name)})),
            ("AgentResourceRoleArn".to_owned(), json!({"Fn::GetAtt": [role_id, "Arn"]})),
            (
                "FoundationModel".to_owned(),
                agent.foundation_model.as_ref().map_or_else(|| json!({"Ref": MODEL_ID}), |own| json!(own)),
            ),
            ("Instruction".to_owned(), json!(agent.instruction)),
            (
                "IdleSessionTTLInSeconds".to_owned(),
                json!(agent.idle_session_ttl_in_seconds.map_or(IDLE_SECONDS, u64::from)),
            ),
            ("AutoPrepare".to_owned(), json!(true)),
            ("SkipResourceInUseCheckOnDelete".to_owned(), json!(true)),
        ]);
        for key in ["agentCollaboration", "promptOverrideConfiguration", "guardrailConfiguration"] {
            if let Some(value) = document.get(key).filter(|value| !value.is_null()) {
                let (key, value) = (pascal(&json!({key: null})), pascal(value));
                properties
                    .extend(key.as_object().into_iter().flat_map(Map::keys).map(|key| (key.clone(), value.clone())));
            }
        }
        if let (Some(guardrail), None) = (&self.guardrail, &agent.guardrail_configuration) {
            let own = json!({
                "GuardrailIdentifier": {"Fn::GetAtt": [guardrail.id, "GuardrailId"]},
                "GuardrailVersion": {"Fn::GetAtt": [guardrail.version, "Version"]},
            });
            properties.insert("GuardrailConfiguration".into(), own);
        }
        if !agent.knowledge_bases.is_empty() {
            let bases = agent.knowledge_bases.iter();
            let bases =
                bases.map(|base| json!({"KnowledgeBaseId": base.knowledge_base_id, "Description": base.description}));
            properties.insert("KnowledgeBases".into(), bases.collect());
        }
        properties
    }

    fn group(&self, group: &ActionGroup, document: &Value) -> Value {
        let mut document = without_nulls(document.clone());
        if group.parent_action_group_signature.is_some() {
            return pascal(&document);
        }
        if let Some(document) = document.as_object_mut() {
            let executor = match executors::of(&self.source.definition, group) {
                Executor::ReturnControl => json!({"customControl": "RETURN_CONTROL"}),
                Executor::Lambda(function) => {
                    json!({"lambda": executors::arn(&function).unwrap_or_else(|| json!(function))})
                }
            };
            document.shift_remove("actionGroupExecutor");
            let before = ["functionSchema", "apiSchema"]
                .iter()
                .filter_map(|key| document.keys().position(|own| own == key))
                .min();
            document.shift_insert(before.unwrap_or(document.len()), "actionGroupExecutor".into(), executor);
            if let Some(ApiSchema::File(path)) = &group.api_schema {
                let text = self.source.schemas.get(path).map(String::as_str).unwrap_or_default();
                document.insert("apiSchema".into(), json!({"payload": text}));
            }
        }
        pascal(&document)
    }
}

/// What a checker of templates finds, with the reason why it is so.
fn skipped() -> Value {
    json!({"checkov": {"skip": [{
        "id": "CKV_AWS_373",
        "comment": "agents are encrypted with a key of Bedrock's; one of the stack's own was never tried with them",
    }]}})
}

fn link(configuration: &Value, below: &BTreeMap<&str, Drawn>) -> Value {
    let text = |key: &str| configuration.get(key).cloned().unwrap_or_default();
    let name = text("collaboratorName");
    let alias = name.as_str().and_then(|name| below.get(name)).map(|drawn| drawn.alias.clone()).unwrap_or_default();
    let mut link = json!({
        "AgentDescriptor": {"AliasArn": {"Fn::GetAtt": [alias, "AgentAliasArn"]}},
        "CollaboratorName": name,
        "CollaborationInstruction": text("collaboratorInstruction"),
    });
    if let (Some(relay), Some(link)) = (configuration.get("relayConversationHistory"), link.as_object_mut()) {
        link.insert("RelayConversationHistory".into(), relay.clone());
    }
    link
}
