//! What the types cannot say: names, references, executors. Each problem at the line of what is wrong.

mod address;
mod agents;
mod budgets;
mod desk;
mod executors;
mod guardrail;
mod knowledge;
mod models;
mod offline;
mod prompts;
mod tools;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Definition,
    agent::{ActionGroup, Agent, Function},
    node::Place,
    problem::{Problem, suggest},
};

/// All semantic problems. `with_data`: the tables' files were read, so that columns are known.
pub(super) fn check<C>(definition: &Definition<C>, root: Place<'_>, file: &str, with_data: bool) -> Vec<Problem> {
    let mut check = Check { file, problems: Vec::new(), unread: unread(definition) };
    check.length(root.value("name"), "name", definition.name.trim(), 1, usize::MAX);
    check.languages(&definition.languages, root.value("languages"));
    agents::check(&mut check, definition, root.value("agent"));
    tools::check(&mut check, definition, root, with_data);
    budgets::check(&mut check, &definition.budgets, root.value("budgets"));
    if let Some(guardrail) = &definition.guardrail {
        guardrail::check(&mut check, guardrail, root.value("guardrail"));
    }
    knowledge::check(&mut check, definition, root, with_data);
    models::check(&mut check, definition.models.as_deref(), &definition.agent, root.value("models"));
    offline::check(&mut check, definition, root.value("offline"));
    desk::check(&mut check, &definition.desk, root.value("desk"));
    check.problems
}

/// The problems of the agents alone, at `agent` below the root.
pub(super) fn check_agents<C>(definition: &Definition<C>, root: Place<'_>, file: &str) -> Vec<Problem> {
    let mut check = Check { file, problems: Vec::new(), unread: unread(definition) };
    agents::check(&mut check, definition, root.value("agent"));
    knowledge::check(&mut check, definition, root, false);
    models::guarded(&mut check, definition.models.as_deref(), &definition.agent, root.value("agent"));
    check.problems
}

/// The action groups whose functions are not all known.
fn unread<C>(definition: &Definition<C>) -> BTreeSet<String> {
    let unknown_yet = |group: &&ActionGroup| {
        group.operations.is_empty() && (group.api_schema.is_some() || definition.is_offered(&group.action_group_name))
    };
    let unread = action_groups(&definition.agent).into_iter().filter(unknown_yet);
    unread.map(|group| group.action_group_name.clone()).collect()
}

/// The problems so far.
struct Check<'f> {
    file: &'f str,
    problems: Vec<Problem>,
    /// Action groups whose functions are not known: a schema was not read, or a server is to tell them.
    unread: BTreeSet<String>,
}

impl Check<'_> {
    fn at(&mut self, place: Place<'_>, message: String) {
        self.hinted(place, message, None);
    }

    fn hinted(&mut self, place: Place<'_>, message: String, hint: Option<String>) {
        self.problems.push(Problem::new(self.file, place.spot(), message).with_hint(hint));
    }

    /// A better hint for the problem that was told last.
    fn hint_last(&mut self, hint: String) {
        if let Some(problem) = self.problems.last_mut() {
            problem.hint = Some(hint);
        }
    }

    /// A reference by name to something that is not there.
    fn unknown<'k>(&mut self, place: Place<'_>, what: &str, name: &str, known: impl IntoIterator<Item = &'k str>) {
        self.hinted(place, format!("unknown {what} `{name}`"), suggest(name, known));
    }

    /// `([0-9a-zA-Z][_-]?){1,100}`, the pattern of Bedrock's names: it also keeps `__` out, which joins the names of tools.
    fn name(&mut self, place: Place<'_>, what: &str, name: &str) {
        if name.contains("__") {
            let hint = Some("`__` joins an action group and a function in a tool's name".to_owned());
            self.hinted(place, format!("{what} `{name}` has `__` in it"), hint);
        } else if !is_name(name) {
            let hint = Some("letters, digits, and single `_` or `-` between them, up to 100".to_owned());
            self.hinted(place, format!("{what} `{name}` is not a valid name"), hint);
        }
    }

    fn length(&mut self, place: Place<'_>, what: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min || length > max {
            let message = if max == usize::MAX {
                format!("{what} has {length} characters; it must have at least {min}")
            } else {
                format!("{what} has {length} characters; it must have {min} to {max}")
            };
            self.at(place, message);
        }
    }

    fn languages(&mut self, languages: &[String], place: Place<'_>) {
        if languages.is_empty() {
            self.at(place, "at least one language is needed, such as `[es]`".into());
        }
        for (index, language) in languages.iter().enumerate() {
            if !is_primary_language(language) {
                let hint = Some("a primary language in lower case, such as `es`".to_owned());
                self.hinted(place.item(index), format!("`{language}` is not a primary language"), hint);
            }
            if languages.iter().take(index).any(|before| before == language) {
                self.at(place.item(index), format!("the language `{language}` is repeated"));
            }
        }
    }
}

fn is_primary_language(language: &str) -> bool {
    (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_name(name: &str) -> bool {
    let mut letters = 0;
    let mut joined = true;
    for c in name.chars() {
        match c {
            '_' | '-' if !joined => joined = true,
            c if c.is_ascii_alphanumeric() => {
                letters += 1;
                joined = false;
            }
            _ => return false,
        }
    }
    (1..=100).contains(&letters)
}

/// Every action group of an agent and its collaborators that has functions.
fn action_groups(agent: &Agent) -> Vec<&ActionGroup> {
    let own = agent.action_groups.iter().filter(|group| group.parent_action_group_signature.is_none());
    own.chain(agent.collaborators.iter().flat_map(action_groups)).collect()
}

/// Every function of an agent and its collaborators, with its action group.
pub(super) fn functions(agent: &Agent) -> Vec<(&ActionGroup, &Function)> {
    let own = agent.action_groups.iter().flat_map(|group| group.functions().map(move |function| (group, function)));
    own.chain(agent.collaborators.iter().flat_map(functions)).collect()
}

/// The names of all parameters, by function name; an operation has two.
fn parameters(agent: &Agent) -> BTreeMap<&str, Vec<&str>> {
    let mut by_function: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, function) in functions(agent) {
        for name in function.names() {
            by_function.entry(name).or_default().extend(function.parameters.keys().map(String::as_str));
        }
    }
    by_function
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bedrocks() {
        for good in ["a", "orders", "Orders_2-b", "a_", &"a".repeat(100)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "_a", "a__b", "a-_b", "con espacio", "pedidoñ", &"a".repeat(101)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
