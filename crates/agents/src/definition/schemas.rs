//! The API schemas of a bot: read with it, and its operations' other names put in order.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    Definition,
    agent::{Agent, ApiSchema},
    data,
    node::Place,
    openapi::{self, Fault},
    problem::{Problem, Spot},
};

/// Reads the schemas of an agent and its collaborators. Without a folder those in files stay unread.
pub(super) fn read(agent: &mut Agent, place: Place<'_>, dir: Option<&Path>, file: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, group) in agent.action_groups.iter_mut().enumerate() {
        let at = place.value("actionGroups").item(index).value("apiSchema");
        let read = match (&group.api_schema, dir) {
            (None, _) | (Some(ApiSchema::File(_)), None) => continue,
            (Some(ApiSchema::Payload(text)), _) => openapi::read(text).map_err(|faults| {
                let problem = |fault: Fault| {
                    let line = format!("apiSchema, line {}: {}", fault.spot.line, worded(&fault));
                    Problem::new(file, at.value("payload").spot(), line)
                };
                faults.into_iter().map(problem).collect()
            }),
            (Some(ApiSchema::File(path)), Some(dir)) => match data::text(dir, path) {
                Ok(text) => openapi::read(&text).map_err(|faults| {
                    faults.into_iter().map(|fault| Problem::new(path, fault.spot, worded(&fault))).collect()
                }),
                Err(message) => {
                    let spot: Spot = at.value("file").spot();
                    Err(vec![Problem::new(file, spot, format!("API schema {path}: {message}"))])
                }
            },
        };
        match read {
            Ok(operations) => group.operations = operations,
            Err(more) => problems.extend::<Vec<Problem>>(more),
        }
    }
    for (index, collaborator) in agent.collaborators.iter_mut().enumerate() {
        problems.extend(read(collaborator, place.value("collaborators").item(index), dir, file));
    }
    problems
}

fn worded(fault: &Fault) -> String {
    match &fault.pointer {
        Some(pointer) => format!("{} (at {pointer})", fault.message),
        None => fault.message.clone(),
    }
}

impl<C> Definition<C> {
    /// Where the definition calls an operation by its `operationId`, it stands under its name from now on.
    pub(super) fn by_operation(&mut self) {
        let mut groups: BTreeMap<String, Names> = BTreeMap::new();
        let mut functions = BTreeSet::new();
        collect(&self.agent, &mut groups, &mut functions);
        for (group, tools) in &mut self.tools {
            rename(tools, groups.get(group).unwrap_or(&Names::new()));
        }
        let all = groups.into_values().flatten().filter(|(id, _)| !functions.contains(id)).collect();
        rename(&mut self.offline.functions, &all);
        for function in self.offline.functions.values_mut() {
            rename(&mut function.after, &all);
        }
    }
}

/// By `operationId`.
type Names = BTreeMap<String, String>;

fn collect(agent: &Agent, groups: &mut BTreeMap<String, Names>, functions: &mut BTreeSet<String>) {
    for group in &agent.action_groups {
        for function in group.functions() {
            match function.operation.as_ref().map(|operation| operation.id.clone()) {
                Some(Some(id)) => {
                    groups.entry(group.action_group_name.clone()).or_default().insert(id, function.name.clone());
                }
                Some(None) => {}
                None => drop(functions.insert(function.name.clone())),
            }
        }
    }
    for collaborator in &agent.collaborators {
        collect(collaborator, groups, functions);
    }
}

fn rename<V>(map: &mut BTreeMap<String, V>, names: &Names) {
    for (id, name) in names {
        if let Some(value) = map.remove(id) {
            map.entry(name.clone()).or_insert(value);
        }
    }
}
