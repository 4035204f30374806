//! Action groups as files, the way that samples keep them: a list of groups in `snake_case`, a file an agent, parameters as a list.

use serde_json::{Map, Value, json};

use super::{Note, note, sources::Named};
use crate::document::{
    back::{self, Found, Link},
    parts::list,
};

/// Parts of a file's name that do not name the agent.
const PLAIN: [&str; 9] = ["agent", "agents", "action", "actions", "group", "groups", "actiongroup", "data", "json"];

/// The agents that the files tell of, where nothing else tells of agents: one a file, below a router that is none of theirs.
pub(super) fn agents(files: &[Named<Vec<Value>>], notes: &mut Vec<Note>) -> Vec<Found> {
    let mut agents = Vec::new();
    let mut top = Vec::new();
    for file in files {
        let groups = groups(file);
        let name = agent_name(&file.file);
        if groups.iter().all(|group| group.get("functionSchema").is_none()) {
            top.extend(groups);
            continue;
        }
        let functions =
            groups.iter().filter_map(|group| group.pointer("/functionSchema/functions")?.as_array()).flatten();
        let told = groups.iter().chain(functions).filter_map(|it| it.get("description")?.as_str());
        let told: Vec<&str> = told.map(|text| text.trim_end_matches('.')).collect();
        let told = told.join(". ");
        let instruction = format!("You serve a company's customers in a chat, with the functions you have. {told}");
        let document = json!({"agentName": name, "instruction": instruction.trim(), "actionGroups": groups});
        let mut lost = Vec::new();
        agents.push((back::found(&name, &document, &mut lost), told));
        super::told(notes, &file.file, lost);
        note(
            notes,
            &file.file,
            format!("agent {name}"),
            "the file has its functions alone; its instruction is ours: write your own",
        );
    }
    if agents.len() < 2 {
        return agents.into_iter().map(|(agent, _)| agent).collect();
    }
    let instruction = "You are the first contact of a company's customers in a chat. Answer in the customer's language and briefly; \
        what belongs to a specialist goes to that specialist. Never invent a number, a date or a status.";
    let document = json!({"agentName": "supervisor", "agentCollaboration": "SUPERVISOR_ROUTER", "instruction": instruction, "actionGroups": top});
    let mut supervisor = back::found("supervisor", &document, &mut Vec::new());
    for (agent, told) in &agents {
        let told = if told.is_empty() { format!("Everything about {}.", agent.id) } else { told.clone() };
        let configuration = Map::from_iter([
            ("collaboratorName".to_owned(), json!(agent.id)),
            ("collaboratorInstruction".to_owned(), json!(told)),
            ("relayConversationHistory".to_owned(), json!("TO_COLLABORATOR")),
        ]);
        supervisor.links.push(Link { alias: json!(agent.id), configuration });
    }
    note(
        notes,
        "action groups",
        "the supervisor",
        "no file tells of one; it is ours: write its instruction and when each collaborator is asked",
    );
    [supervisor].into_iter().chain(agents.into_iter().map(|(agent, _)| agent)).collect()
}

/// The groups of a file, as the API has them.
pub(super) fn groups(file: &Named<Vec<Value>>) -> Vec<Value> {
    file.it.iter().map(group).collect()
}

fn group(written: &Value) -> Value {
    let text = |names: &[&str]| {
        let text = names.iter().find_map(|name| written.get(*name)?.as_str());
        text.filter(|text| !text.is_empty()).map(|text| json!(text))
    };
    let mut group = Map::new();
    group.extend(text(&["action_group_name", "actionGroupName"]).map(|it| ("actionGroupName".to_owned(), it)));
    group.extend(text(&["description"]).map(|it| ("description".to_owned(), it)));
    group.extend(
        text(&["parent_action_group_signature", "parentActionGroupSignature"])
            .map(|it| ("parentActionGroupSignature".to_owned(), it)),
    );
    // Where both stand, the caller is who acts; a Lambda function that is none is a place to be filled.
    let lambda = text(&["lambda_", "lambda", "lambda_arn"])
        .filter(|arn| arn.as_str().is_some_and(|arn| arn.starts_with("arn:")));
    match (text(&["custom_control", "customControl"]), lambda) {
        (Some(control), _) => drop(group.insert("actionGroupExecutor".into(), json!({"customControl": control}))),
        (None, Some(arn)) => drop(group.insert("actionGroupExecutor".into(), json!({"lambda": arn}))),
        (None, None) => {}
    }
    let functions: Vec<Value> = list(written, "functions").map(function).collect();
    if !functions.is_empty() {
        group.insert("functionSchema".into(), json!({"functions": functions}));
    }
    group.into()
}

fn function(written: &Value) -> Value {
    let mut function = written.as_object().cloned().unwrap_or_default();
    if let Some(confirm) = function.remove("require_confirmation") {
        function.insert("requireConfirmation".into(), confirm);
    }
    let parameters: Map<String, Value> = match written.get("parameters") {
        Some(Value::Array(items)) => {
            items.iter().filter_map(|item| Some((item.get("name")?.as_str()?.to_owned(), parameter(item)))).collect()
        }
        Some(Value::Object(map)) => map.iter().map(|(name, item)| (name.clone(), parameter(item))).collect(),
        _ => Map::new(),
    };
    function.insert("parameters".into(), parameters.into());
    function.into()
}

/// `required` is a number in these files.
fn parameter(written: &Value) -> Value {
    let required = match written.get("required") {
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Bool(required)) => *required,
        _ => false,
    };
    let text = |key: &str| written.get(key).cloned();
    let mut parameter = Map::new();
    parameter.insert("type".into(), text("type").unwrap_or_else(|| json!("string")));
    if required {
        parameter.insert("required".into(), json!(true));
    }
    parameter.extend(text("description").map(|it| ("description".to_owned(), it)));
    parameter.into()
}

/// `dir/agent_action_group_order_data.json` is of `order`.
fn agent_name(file: &str) -> String {
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let parts = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let own: Vec<&str> =
        parts.filter(|part| !part.is_empty() && !PLAIN.contains(&part.to_ascii_lowercase().as_str())).collect();
    if own.is_empty() { "agent".into() } else { own.join("-") }
}

#[cfg(test)]
mod tests {
    use super::agent_name;

    #[test]
    fn an_agent_is_called_by_what_is_its_own_in_the_files_name() {
        for (file, name) in [
            ("a/agent_action_group_order_data.json", "order"),
            ("Billing-ActionGroup.json", "Billing"),
            ("data.json", "agent"),
            ("lost_and_found.json", "lost-and-found"),
        ] {
            assert_eq!(agent_name(file), name);
        }
    }
}
