//! What Bedrock would refuse of a definition that is right for our own runtime. Names, instructions and descriptions are held
//! against Bedrock's limits when a bot is loaded; here are those that are Bedrock's alone.
//!
//! Limits are those of the service's models and of the general reference's quotas.

use relevo_agents::definition::{
    agent::{ActionGroup, Agent, ParameterType},
    knowledge::KnowledgeSource,
};

use serde_json::{Map, Value};

use super::{Obstacle, Source};

/// Characters of an instruction in the service's model.
const INSTRUCTION: usize = 4_000;
/// Quotas, each adjustable.
const GROUPS: usize = 15;
const FUNCTIONS: usize = 11;
const PARAMETERS: usize = 5;
const KNOWLEDGE_BASES: usize = 2;
/// Characters of a knowledge base's id.
const KNOWLEDGE_BASE_ID: usize = 10;
/// Variables of templates that only our own runtime fills.
const OUR_VARIABLES: [&str; 2] = ["$language$", "$summary$"];

/// All of a bot's agents.
pub(super) fn of(source: &Source) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    agent(&source.definition.agent, source, &mut obstacles);
    obstacles
}

fn agent(agent: &Agent, source: &Source, obstacles: &mut Vec<Obstacle>) {
    let mut obstacle = |field: String, message: String, adjustable: bool| {
        obstacles.push(Obstacle { agent: agent.agent_name.clone(), field, message, adjustable });
    };
    let mut most = |field: &str, what: &str, count: usize, most: usize| {
        if count > most {
            obstacle(field.to_owned(), format!("it has {count} {what}; Bedrock takes {most}"), true);
        }
    };
    let functions: usize = agent.action_groups.iter().map(|group| group.functions().count()).sum();
    most("actionGroups", "action groups", agent.action_groups.len(), GROUPS);
    most("actionGroups", "functions", functions, FUNCTIONS);
    most("knowledgeBases", "knowledge bases", agent.knowledge_bases.len(), KNOWLEDGE_BASES);
    for group in &agent.action_groups {
        for function in group.function_schema.iter().flat_map(|schema| &schema.functions) {
            let field = format!("actionGroups.{}.{}", group.action_group_name, function.name);
            most(&field, "parameters", function.parameters.len(), PARAMETERS);
        }
    }
    let characters = agent.instruction.chars().count();
    if characters > INSTRUCTION {
        obstacle("instruction".into(), format!("it has {characters} characters; Bedrock takes {INSTRUCTION}"), false);
    }
    for base in &agent.knowledge_bases {
        let id = &base.knowledge_base_id;
        let field = format!("knowledgeBases.{id}");
        if let Some(KnowledgeSource::Folder(folder)) = source.definition.knowledge_bases.get(id) {
            let message = format!(
                "it is the folder {}, which Bedrock cannot read: it takes a knowledge base of its own by id",
                folder.folder
            );
            obstacle(field, message, false);
        } else if id.len() != KNOWLEDGE_BASE_ID {
            obstacle(field, format!("an id of Bedrock has {KNOWLEDGE_BASE_ID} letters and digits"), false);
        }
    }
    for group in agent.action_groups.iter().filter(|group| group.parent_action_group_signature.is_none()) {
        if let Some(message) = schema(group) {
            obstacle(format!("actionGroups.{}", group.action_group_name), message, false);
        }
    }
    for prompt in agent.prompt_override_configuration.iter().flat_map(|own| &own.prompt_configurations) {
        let text = prompt.base_prompt_template.as_deref().unwrap_or_default();
        for variable in OUR_VARIABLES.into_iter().filter(|variable| text.contains(variable)) {
            let message = format!("{variable} in a prompt is filled by Relevo's own runtime alone");
            obstacle("promptOverrideConfiguration".into(), message, false);
        }
        if !text.is_empty() && serde_json::from_str::<Map<String, Value>>(text).is_err() {
            let message = "Bedrock takes a prompt as JSON with `system` and `messages`".to_owned();
            obstacle("promptOverrideConfiguration".into(), message, false);
        }
    }
    for collaborator in &agent.collaborators {
        self::agent(collaborator, source, obstacles);
    }
}

/// A key in a document that a template would take for a function.
pub(super) fn function_in(document: &Value) -> Option<&str> {
    match document {
        Value::Array(items) => items.iter().find_map(function_in),
        Value::Object(map) => {
            let own = map.keys().find(|key| *key == "Ref" || key.starts_with("Fn::")).map(String::as_str);
            own.or_else(|| map.values().find_map(function_in))
        }
        _ => None,
    }
}

/// Whether a text would be looked up elsewhere by `CloudFormation`.
pub(super) fn has_dynamic_reference(resource: &Value) -> bool {
    match resource {
        Value::String(text) => text.contains("{{resolve:"),
        Value::Array(items) => items.iter().any(has_dynamic_reference),
        Value::Object(map) => map.values().any(has_dynamic_reference),
        _ => false,
    }
}

fn schema(group: &ActionGroup) -> Option<String> {
    if group.function_schema.is_none() && group.api_schema.is_none() {
        return Some("its functions are told by an MCP server, and Bedrock wants them declared".into());
    }
    let functions = group.function_schema.iter().flat_map(|schema| &schema.functions);
    let mut parameters = functions.flat_map(|function| function.parameters.iter());
    let structure = parameters.find(|(_, parameter)| parameter.r#type == ParameterType::Object);
    structure.map(|(name, _)| format!("the parameter `{name}` is a structure"))
}
