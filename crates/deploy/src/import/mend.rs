//! A tree of agents as a definition takes it: who executes what, and what must be put right.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Note, note};
use crate::document::parts::list;

/// An agent's instruction where none is known, and the least that one must have.
const INSTRUCTION: &str =
    "You serve a company's customers in a chat, with the functions and the knowledge that you have.";
const LEAST_INSTRUCTION: usize = 40;

/// By action group, the executors that groups of that name have; nothing for one that is no Lambda function's.
pub(super) fn executors(agent: &Value, into: &mut BTreeMap<String, Vec<Option<String>>>) {
    for group in list(agent, "actionGroups").filter(|group| group.get("parentActionGroupSignature").is_none()) {
        let name = group.get("actionGroupName").and_then(Value::as_str).unwrap_or_default();
        let lambda = group.pointer("/actionGroupExecutor/lambda").and_then(Value::as_str);
        into.entry(name.to_owned()).or_default().push(lambda.map(str::to_owned));
    }
    for collaborator in list(agent, "collaborators") {
        executors(collaborator, into);
    }
}

/// The Lambda function of all groups of one name.
pub(super) fn only(executors: &[Option<String>]) -> Option<&str> {
    let first = executors.first()?.as_deref()?;
    executors.iter().all(|other| other.as_deref() == Some(first)).then_some(first)
}

/// Puts right what a definition would be refused for.
pub(super) fn mend(
    agent: &mut Value,
    lambdas: &BTreeMap<String, Vec<Option<String>>>,
    source: &str,
    notes: &mut Vec<Note>,
) {
    let name = agent.get("agentName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let leads = list(agent, "collaborators").next().is_some();
    let Some(map) = agent.as_object_mut() else { return };
    let mut say = |what: &str, why: &str| note(notes, source, format!("agent {name}: {what}"), why);
    let instruction = map.get("instruction").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    if instruction.chars().count() < LEAST_INSTRUCTION {
        say("instruction", "it is missing or has fewer than 40 characters; ours stands after it: write your own");
        map.insert("instruction".into(), json!(format!("{instruction} {INSTRUCTION}").trim()));
    }
    let collaborates = map.get("agentCollaboration").and_then(Value::as_str).is_some_and(|how| how != "DISABLED");
    if leads && !collaborates {
        say("agentCollaboration", "it has collaborators and asks none; here it is SUPERVISOR");
        map.insert("agentCollaboration".into(), json!("SUPERVISOR"));
    } else if !leads && collaborates {
        say("agentCollaboration", "none of its collaborators is among what was given, so it is left out");
        map.shift_remove("agentCollaboration");
    }
    if let Some(Value::Array(groups)) = map.get_mut("actionGroups") {
        groups.retain_mut(|group| {
            let name = group.get("actionGroupName").and_then(Value::as_str).unwrap_or_default().to_owned();
            let built_in = group.get("parentActionGroupSignature").is_some();
            let empty = group.get("functionSchema").is_none() && group.get("apiSchema").is_none();
            if empty && !built_in {
                say(&format!("action group {name}"), "its functions are not among what was given");
                return false;
            }
            let Some(group) = group.as_object_mut() else { return false };
            if lambdas.get(&name).and_then(|executors| only(executors)).is_some() {
                group.shift_remove("actionGroupExecutor");
            } else if !built_in && group.get("actionGroupExecutor").is_none() {
                say(
                    &format!("action group {name}"),
                    "nothing says who executes it; it returns control here: name its executor in `tools:`",
                );
                let at = group.keys().position(|key| key.ends_with("Schema")).unwrap_or(group.len());
                group.shift_insert(at, "actionGroupExecutor".into(), json!({"customControl": "RETURN_CONTROL"}));
            }
            true
        });
    }
    for configuration in map.get_mut("collaboratorConfigurations").and_then(Value::as_array_mut).into_iter().flatten() {
        let collaborator = configuration.get("collaboratorName").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(Value::String(told)) = configuration.get_mut("collaboratorInstruction")
            && told.trim().is_empty()
        {
            say(
                &format!("collaborator {collaborator}"),
                "nothing says when it is asked: write its collaboratorInstruction",
            );
            *told = format!("Everything about {collaborator}.");
        }
    }
    for collaborator in map.get_mut("collaborators").and_then(Value::as_array_mut).into_iter().flatten() {
        mend(collaborator, lambdas, source, notes);
    }
}
