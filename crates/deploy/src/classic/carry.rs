//! What a template's resources have no word for, carried in the supervisor's metadata, and the way back.
//!
//! The way back is gone when the resources are made; what it would lose is what is carried.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Resources, Source};
use crate::document::{CARRIED, patch, template, tree};

/// Puts what the resources have no word for into the supervisor's metadata.
pub(super) fn carry(source: &Source, drawn: &mut Resources) {
    let Value::Object(mut carried) = source.document.clone() else { return };
    let agent = without_nulls(carried.shift_remove("agent").unwrap_or_default());
    let tools = carried.get("tools");
    let back = back(&drawn.resources, &drawn.supervisor, tools);
    if let Some(rest) = patch::diff(&back, &agent) {
        carried.insert("agent".into(), rest);
    }
    if let Some(supervisor) = drawn.resources.get_mut(&drawn.supervisor).and_then(Value::as_object_mut) {
        let metadata = supervisor.entry("Metadata").or_insert_with(|| json!({}));
        drop(metadata.as_object_mut().map(|metadata| metadata.insert(CARRIED.into(), carried.into())));
    }
}

/// The tree of agents that the resources alone tell. Where `tools` says who executes an action group's functions, that they
/// return control is not the definition's.
pub(crate) fn back(resources: &Map<String, Value>, supervisor: &str, tools: Option<&Value>) -> Value {
    let mut lost = Vec::new();
    let mut agents = template::agents(resources, &mut lost);
    for group in agents.iter_mut().filter_map(|found| found.agent.get_mut("actionGroups")?.as_array_mut()).flatten() {
        let name = group.get("actionGroupName").and_then(Value::as_str).unwrap_or_default();
        if tools.is_some_and(|tools| tools.get(name).is_some()) {
            drop(group.as_object_mut().and_then(|group| group.shift_remove("actionGroupExecutor")));
        }
    }
    let by_id: BTreeMap<&str, _> = agents.iter().map(|found| (found.id.as_str(), found)).collect();
    let at = |alias: &Value| template::agent_of(resources, alias).and_then(|id| by_id.get(id).copied());
    match by_id.get(supervisor) {
        Some(root) => tree::tree(root, &at, &mut lost),
        None => Value::Null,
    }
}

/// A key with nothing below it is no key in the documents of agents.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}
