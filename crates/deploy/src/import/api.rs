//! Answers of `aws bedrock-agent`: get-agent, get-agent-action-group, list-agent-collaborators and their like, put together
//! by the agent's id.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Note, note, sources::Named, told};
use crate::document::back::{self, Found};

/// The members by which an answer is known.
pub(super) const MEMBERS: [&str; 10] = [
    "agent",
    "agentVersion",
    "agentActionGroup",
    "actionGroupSummaries",
    "agentCollaborator",
    "agentCollaboratorSummaries",
    "agentKnowledgeBase",
    "agentKnowledgeBaseSummaries",
    "agentAlias",
    "agentAliasSummaries",
];

/// The agents that the answers tell of.
pub(super) fn agents(answers: &[Named<Value>], notes: &mut Vec<Note>) -> Vec<Found> {
    let mut agents: BTreeMap<String, Agent> = BTreeMap::new();
    for answer in answers {
        for (member, value) in answer.it.as_object().into_iter().flatten() {
            match (member.as_str(), value) {
                ("agent" | "agentVersion", Value::Object(own)) => {
                    let agent = agents.entry(id(value)).or_default();
                    agent.file.clone_from(&answer.file);
                    agent.document.extend(own.clone());
                }
                ("agentActionGroup", _) => add(&mut agents, &id(value), "actionGroups", value),
                ("agentCollaborator", _) => add(&mut agents, &id(value), "agentCollaborators", value),
                ("agentKnowledgeBase", _) => add(&mut agents, &id(value), "knowledgeBases", value),
                ("agentCollaboratorSummaries", Value::Array(items)) => {
                    for item in items {
                        add(&mut agents, &id(item), "agentCollaborators", item);
                    }
                }
                ("agentKnowledgeBaseSummaries", Value::Array(items)) => {
                    agents.entry(format!("?{}", answer.file)).or_default().bases.extend(items.iter().cloned());
                }
                ("actionGroupSummaries", Value::Array(items)) => {
                    let names = items.iter().filter_map(|item| item.get("actionGroupName")?.as_str());
                    agents.entry(format!("?{}", answer.file)).or_default().named.extend(names.map(str::to_owned));
                }
                _ => {}
            }
        }
    }
    lists(&mut agents, notes);
    let mut found = Vec::new();
    for (id, agent) in agents {
        if agent.document.get("instruction").is_none() {
            note(
                notes,
                "bedrock-agent",
                format!("agent {id}"),
                "its own document is missing: aws bedrock-agent get-agent",
            );
            continue;
        }
        let mut lost = Vec::new();
        found.push(back::found(&id, &Value::Object(agent.document), &mut lost));
        told(notes, &agent.file, lost);
    }
    found
}

/// What is told of one agent.
#[derive(Default)]
struct Agent {
    file: String,
    document: Map<String, Value>,
    /// Of a list that does not say whose it is.
    bases: Vec<Value>,
    /// The names of action groups in such a list.
    named: Vec<String>,
}

fn id(value: &Value) -> String {
    value.get("agentId").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn add(agents: &mut BTreeMap<String, Agent>, id: &str, key: &str, value: &Value) {
    let list = agents.entry(id.to_owned()).or_default().document.entry(key).or_insert_with(|| json!([]));
    let same = |name: &str, other: &Value| value.get(name).is_some() && value.get(name) == other.get(name);
    if let Some(list) = list.as_array_mut()
        && !list.iter().any(|other| {
            ["actionGroupName", "collaboratorName", "knowledgeBaseId"].iter().any(|name| same(name, other))
        })
    {
        list.push(value.clone());
    }
}

/// Lists that do not say whose they are: the agent's whose id or name is in the file's name, or the only one's.
fn lists(agents: &mut BTreeMap<String, Agent>, notes: &mut Vec<Note>) {
    let nameless: Vec<(String, Agent)> = agents.extract_if(.., |id, _| id.starts_with('?')).collect();
    for (file, list) in nameless {
        let file = file.trim_start_matches('?');
        let is_in_name = |id: &str, agent: &Agent| {
            let name = agent.document.get("agentName").and_then(Value::as_str);
            file.contains(id) || name.is_some_and(|name| file.contains(name))
        };
        let mut owners: Vec<String> =
            agents.iter().filter(|(id, agent)| is_in_name(id, agent)).map(|(id, _)| id.clone()).collect();
        if owners.is_empty() && agents.len() == 1 {
            owners.extend(agents.keys().cloned());
        }
        let [owner] = owners.as_slice() else {
            note(
                notes,
                file,
                "the list",
                "it does not say which agent it is of: put the agent's id into the file's name",
            );
            continue;
        };
        for base in &list.bases {
            add(agents, owner, "knowledgeBases", base);
        }
        let known = agents.get(owner).and_then(|agent| agent.document.get("actionGroups")).cloned().unwrap_or_default();
        let known: Vec<&str> =
            known.as_array().into_iter().flatten().filter_map(|it| it.get("actionGroupName")?.as_str()).collect();
        for name in list.named.iter().filter(|name| !known.contains(&name.as_str())) {
            let why = "only its name is in the list: aws bedrock-agent get-agent-action-group tells its functions";
            note(notes, file, format!("agent {owner}: action group {name}"), why);
        }
    }
}

/// The agent's id in an alias's ARN.
pub(super) fn agent_of(alias: &Value) -> Option<&str> {
    alias.as_str()?.split(":agent-alias/").nth(1)?.split('/').next()
}
