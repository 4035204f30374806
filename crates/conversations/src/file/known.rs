//! The names that a bot has. One that nobody has is no expectation that can fail: `exclude: [getOrdrStatus]` always holds.

use std::collections::{BTreeMap, BTreeSet};

use relevo_agents::definition::{
    Definition, Spot,
    agent::{Agent, Function},
    suggest,
    tool::Tool,
};

use super::fields::Reader;

/// What of a bot is known; what is not, may have any name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    languages: Option<Vec<String>>,
    agents: Option<BTreeSet<String>>,
    functions: Option<Functions>,
}

#[derive(Debug, Clone, Default)]
struct Functions {
    /// Their parameters by their names, also by `actionGroup.function`; none: an operation, which is called with the names of its API.
    parameters: BTreeMap<String, Option<BTreeSet<String>>>,
    /// Operations by their ids, by which no call is known.
    by_id: BTreeMap<String, String>,
}

impl Known {
    /// A definition's own. A server's tools are not known before it is asked.
    pub fn of<C>(definition: &Definition<C>) -> Self {
        let (mut agents, mut functions) = (BTreeSet::new(), Functions::default());
        collect(&definition.agent, &mut agents, &mut functions);
        let asks = definition.tools.values().flat_map(BTreeMap::values).any(Tool::offers);
        Self {
            languages: Some(definition.languages.clone()),
            agents: Some(agents),
            functions: (!asks).then_some(functions),
        }
    }

    /// With agents elsewhere, whose names nobody here knows.
    pub fn elsewhere<C>(definition: &Definition<C>) -> Self {
        Self { languages: Some(definition.languages.clone()), ..Self::default() }
    }
}

fn collect(agent: &Agent, agents: &mut BTreeSet<String>, functions: &mut Functions) {
    for group in &agent.action_groups {
        for function in group.functions() {
            for name in [function.name.clone(), format!("{}.{}", group.action_group_name, function.name)] {
                functions.add(name, function);
            }
        }
    }
    for collaborator in &agent.collaborators {
        agents.insert(collaborator.agent_name.clone());
        collect(collaborator, agents, functions);
    }
}

impl Functions {
    /// Functions of one name have the parameters of all.
    fn add(&mut self, name: String, function: &Function) {
        if let Some(id) = function.operation.as_ref().and_then(|operation| operation.id.clone()) {
            self.by_id.insert(id, function.name.clone());
        }
        let own = function.operation.is_none().then(|| function.parameters.keys().cloned().collect::<BTreeSet<_>>());
        let all = self.parameters.entry(name).or_insert_with(|| Some(BTreeSet::new()));
        *all = all.take().zip(own).map(|(mut all, own)| {
            all.extend(own);
            all
        });
    }
}

impl Reader<'_> {
    /// A function must be there.
    pub(super) fn function(&self, spot: Spot, name: &str) {
        let Some(functions) = &self.known.functions else { return };
        if functions.parameters.contains_key(name) {
            return;
        }
        let hint = match functions.by_id.get(name) {
            Some(operation) => Some(format!("here it is called `{operation}`")),
            // Without the long names, which are there twice: for who means one of them, they come closest.
            None if name.contains('.') => suggest(name, functions.parameters.keys().map(String::as_str)),
            None => suggest(name, functions.parameters.keys().map(String::as_str).filter(|name| !name.contains('.'))),
        };
        self.problem(spot, format!("no agent has the function `{name}`"), hint);
    }

    /// A function's parameter must be there.
    pub(super) fn parameter(&self, spot: Spot, function: &str, name: &str) {
        let Some(functions) = &self.known.functions else { return };
        if let Some(Some(parameters)) = functions.parameters.get(function)
            && !parameters.contains(name)
        {
            let hint = suggest(name, parameters.iter().map(String::as_str));
            self.problem(spot, format!("`{function}` has no parameter `{name}`"), hint);
        }
    }

    /// A collaborator must be there.
    pub(super) fn agent(&self, spot: Spot, name: &str) {
        let Some(agents) = &self.known.agents else { return };
        if !agents.contains(name) {
            let hint = suggest(name, agents.iter().map(String::as_str));
            self.problem(spot, format!("there is no collaborator `{name}`"), hint);
        }
    }

    /// The bot must speak the language, of whatever region it is.
    pub(super) fn language(&self, spot: Spot, tag: &str) {
        let Some(languages) = &self.known.languages else { return };
        let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        if !languages.iter().any(|language| primary(language) == primary(tag)) {
            let known = languages.join(", ");
            let hint = format!("`languages` has {known}; a customer's of another is `attributes: {{language: {tag}}}`");
            self.problem(spot, format!("the bot does not speak `{tag}`"), Some(hint));
        }
    }
}
