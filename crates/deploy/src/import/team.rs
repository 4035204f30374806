//! The agents of all sources as one tree.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    ImportError, Note, Options, api, groups, guardrail, note,
    sources::{Named, Sources},
    template, told,
};
use crate::document::{
    back::{Found, Link},
    parts::list,
    template as resources, tree,
};

/// The tree, before it is a definition.
pub(super) struct Team {
    /// The supervisor with all below it, as `bot.yaml` has them.
    pub(super) agent: Value,
    /// What it comes from.
    pub(super) source: String,
    /// Whether its instructions are ours, since nothing told any.
    pub(super) instructed_by_us: bool,
    /// The guardrail that the agents refer to, where it is in the template.
    pub(super) guardrail: Option<Named<Value>>,
}

/// Finds the agents and puts them together.
pub(super) fn of(sources: &Sources, options: &Options, notes: &mut Vec<Note>) -> Result<Team, ImportError> {
    let mut found: Vec<Found> = sources.templates.iter().flat_map(|it| template::agents(it, notes)).collect();
    found.extend(api::agents(&sources.answers, notes));
    if found.is_empty() {
        found = groups::agents(&sources.groups, notes);
    } else {
        known_groups(sources, &found, notes);
    }
    if found.is_empty() {
        return Err(ImportError::NoAgents);
    }
    let ids: BTreeMap<&str, &Found> = found.iter().map(|agent| (agent.id.as_str(), agent)).collect();
    let of_template = |alias: &Value| {
        let of = |it: &Named<Value>| resources::agent_of(template::resources(&it.it), alias).map(str::to_owned);
        sources.templates.iter().find_map(of)
    };
    let id_of = |alias: &Value| {
        let id = of_template(alias).or_else(|| api::agent_of(alias).map(str::to_owned));
        id.or_else(|| alias.as_str().map(str::to_owned))
    };
    let at = |alias: &Value| id_of(alias).and_then(|id| ids.get(id.as_str()).copied());
    let asked: BTreeSet<&str> = found
        .iter()
        .flat_map(|agent| &agent.links)
        .filter_map(|Link { alias, .. }| at(alias))
        .map(|it| it.id.as_str())
        .collect();
    let root = root(&found, &asked, options)?;
    let mut lost = Vec::new();
    let mut agent = tree::tree(root, &at, &mut lost);
    let source = sources
        .templates
        .first()
        .map(|it| it.file.clone())
        .or_else(|| sources.answers.first().map(|it| it.file.clone()));
    let source = source.or_else(|| sources.groups.first().map(|it| it.file.clone())).unwrap_or_default();
    told(notes, &source, lost);
    let reached = names(&agent, &mut Vec::new());
    for other in found.iter().filter(|it| it.id != root.id && !asked.contains(it.id.as_str())) {
        note(notes, &source, format!("agent {}", other.id), "it is not in the team of the bot's agent");
    }
    once(&mut agent, &mut BTreeSet::new(), &reached, &source, notes);
    let instructed_by_us = sources.templates.is_empty() && sources.answers.is_empty();
    let guardrail = guardrail::referred(&sources.templates);
    Ok(Team { agent, source, instructed_by_us, guardrail })
}

fn root<'f>(found: &'f [Found], asked: &BTreeSet<&str>, options: &Options) -> Result<&'f Found, ImportError> {
    let name = |agent: &Found| agent.agent.get("agentName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let names = |agents: &[&Found]| agents.iter().map(|agent| name(agent)).collect::<Vec<_>>().join(", ");
    if let Some(wanted) = &options.agent {
        let all: Vec<&Found> = found.iter().collect();
        let there = found.iter().find(|agent| agent.id == *wanted || name(agent) == *wanted);
        return there.ok_or_else(|| ImportError::NoSuchAgent(wanted.clone(), names(&all)));
    }
    let tops: Vec<&Found> = found.iter().filter(|agent| !asked.contains(agent.id.as_str())).collect();
    let leaders: Vec<&Found> = tops.iter().copied().filter(|agent| !agent.links.is_empty()).collect();
    match (leaders.as_slice(), tops.as_slice()) {
        ([only], _) | ([], [only]) => Ok(only),
        // All are asked by each other.
        ([], []) => found.first().ok_or(ImportError::NoAgents),
        ([], several) | (several, _) => Err(ImportError::SeveralAtTheTop(names(several))),
    }
}

/// Files of action groups beside the agents they are of say nothing more.
fn known_groups(sources: &Sources, found: &[Found], notes: &mut Vec<Note>) {
    let known: BTreeSet<&str> = found
        .iter()
        .filter_map(|agent| agent.agent.get("actionGroups")?.as_array())
        .flatten()
        .filter_map(|group| group.get("actionGroupName")?.as_str())
        .collect();
    for file in &sources.groups {
        for group in groups::groups(file) {
            let name = group.get("actionGroupName").and_then(Value::as_str).unwrap_or_default();
            if group.get("functionSchema").is_some() && !known.contains(name) {
                note(notes, &file.file, format!("action group {name}"), "none of the agents that were given has it");
            }
        }
    }
}

fn names(agent: &Value, into: &mut Vec<String>) -> Vec<String> {
    into.extend(agent.get("agentName").and_then(Value::as_str).map(str::to_owned));
    for below in list(agent, "collaborators") {
        names(below, into);
    }
    into.clone()
}

/// A name stands once in a definition: whoever comes second gets a number, with its supervisor's entry.
fn once(agent: &mut Value, taken: &mut BTreeSet<String>, all: &[String], source: &str, notes: &mut Vec<Note>) {
    taken.extend(agent.get("agentName").and_then(Value::as_str).map(str::to_owned));
    let mut renamed = Vec::new();
    for below in agent.get_mut("collaborators").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = below.get("agentName").and_then(Value::as_str).unwrap_or_default().to_owned();
        if taken.contains(&name) {
            let free = (2..=u32::MAX)
                .map(|number| format!("{name}-{number}"))
                .find(|it| !taken.contains(it) && !all.contains(it));
            let free = free.unwrap_or_default();
            note(
                notes,
                source,
                format!("agent {name}"),
                format!("two agents are called so; the second is `{free}` here"),
            );
            if let Some(own) = below.get_mut("agentName") {
                *own = json!(free);
            }
            renamed.push((name, free));
        }
        once(below, taken, all, source, notes);
    }
    for configuration in agent.get_mut("collaboratorConfigurations").and_then(Value::as_array_mut).into_iter().flatten()
    {
        if let Some(own) = configuration.get_mut("collaboratorName")
            && let Some((_, new)) = renamed.iter().find(|(old, _)| own.as_str() == Some(old))
        {
            *own = json!(new);
        }
    }
}
