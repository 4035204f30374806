//! Agents that were found, as one tree.

use serde_json::{Map, Value, json};

use super::back::{Found, Lost};

/// The tree below an agent. `at` says which agent an alias is of. A collaborator is called by its supervisor's name for it, since
/// that is what the model knows it by.
pub(crate) fn tree<'f>(root: &'f Found, at: &impl Fn(&Value) -> Option<&'f Found>, lost: &mut Lost) -> Value {
    below(root, at, &mut vec![&root.id], lost)
}

fn below<'f>(
    found: &'f Found,
    at: &impl Fn(&Value) -> Option<&'f Found>,
    path: &mut Vec<&'f str>,
    lost: &mut Lost,
) -> Value {
    let mut configurations = Vec::new();
    let mut collaborators = Vec::new();
    for link in &found.links {
        let name = link.configuration.get("collaboratorName").and_then(Value::as_str).unwrap_or_default();
        let mut lose = |why: &str| lost.push((format!("agent {}: collaborator {name}", found.id), why.to_owned()));
        if name.is_empty() {
            lose("its name is not known");
            continue;
        }
        let Some(collaborator) = at(&link.alias) else {
            lose("the agent of its alias is not among what was given");
            continue;
        };
        if path.contains(&collaborator.id.as_str()) {
            lose("it is one of its own supervisors");
            continue;
        }
        path.push(&collaborator.id);
        let mut agent = below(collaborator, at, path, lost);
        path.pop();
        if let Some(own) = agent.get_mut("agentName") {
            *own = json!(name);
        }
        configurations.push(Value::Object(link.configuration.clone()));
        collaborators.push(agent);
    }
    let mut agent = Map::new();
    for (key, value) in &found.agent {
        agent.insert(key.clone(), value.clone());
        // Where a person looks for them: after what the agent is told.
        if key == "instruction" && !collaborators.is_empty() {
            agent.insert("collaboratorConfigurations".into(), configurations.clone().into());
            agent.insert("collaborators".into(), collaborators.clone().into());
        }
    }
    if !collaborators.is_empty() && !agent.contains_key("collaborators") {
        agent.insert("collaboratorConfigurations".into(), configurations.into());
        agent.insert("collaborators".into(), collaborators.into());
    }
    agent.into()
}
