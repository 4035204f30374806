//! Agents that come with a request (`InvokeInlineAgent`) instead of a file, held against the same rules.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    AgentsDefinition, Definition,
    agent::Agent,
    check,
    decode::{Decoded, decode},
    node::{Node, Place},
    offline::Offline,
    problem::{Problem, Spot},
};

/// Stands for the file in problems; who made a request knows no lines of it.
const SOURCE: &str = "request";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    agent: Agent,
}

impl AgentsDefinition {
    /// The definition of an agent in the shape of Bedrock's request, in a bot of which it may use the executors of its
    /// functions (by action group and function) and what the offline model knows of them. All else is its own.
    ///
    /// # Errors
    /// All problems, as of a `bot.yaml`.
    pub fn inline(&self, agent: &Value) -> Result<Self, Vec<Problem>> {
        // JSON is YAML: one reading for both, with the same messages.
        let text = json!({ "agent": agent }).to_string();
        let root = Node::parse(&text, SOURCE).map_err(|problem| vec![problem])?;
        let Decoded { value, mut problems } = decode::<Document>(&root, SOURCE);
        let Some(Document { agent }) = value else {
            if problems.is_empty() {
                problems.push(Problem::new(SOURCE, Spot::START, "the agent cannot be read"));
            }
            return Err(problems);
        };
        let names: Vec<(&str, &str)> = check::functions(&agent)
            .into_iter()
            .map(|(group, function)| (group.action_group_name.as_str(), function.name.as_str()))
            .collect();
        let tools = self.tools.iter().filter_map(|(group, tools)| {
            let mut tools = tools.clone();
            tools.retain(|function, _| names.contains(&(group.as_str(), function.as_str())));
            (!tools.is_empty()).then(|| (group.clone(), tools))
        });
        let tools = tools.collect();
        let offline = self.offline.of_functions(&names);
        let definition = Definition {
            name: agent.agent_name.clone(),
            languages: self.languages.clone(),
            agent,
            conversation: (),
            tools,
            tables: self.tables.clone(),
            models: self.models.clone(),
            budgets: self.budgets,
            offline,
            rows: self.rows.clone(),
        };
        problems.extend(check::check_agents(&definition, Place::root(&root), SOURCE));
        if !problems.is_empty() {
            return Err(problems);
        }
        let Definition { name, languages, agent, tools, tables, rows, models, budgets, offline, conversation: () } =
            definition;
        Ok(Self { name, languages, agent, tools, tables, rows, models, budgets, offline })
    }
}

impl Offline {
    /// What is known of these functions, and of parameters by their names. What is said around them is the bot's own.
    fn of_functions(&self, names: &[(&str, &str)]) -> Self {
        let has = |name: &str| names.iter().any(|(_, function)| *function == name);
        let mut functions = self.functions.clone();
        functions.retain(|name, _| has(name));
        for function in functions.values_mut() {
            function.after.retain(|name, _| has(name));
        }
        Self {
            functions,
            parameters: self.parameters.clone(),
            ask: self.ask.clone(),
            retry: self.retry.clone(),
            failed: self.failed.clone(),
            ..Self::default()
        }
    }
}
