//! Agents that come with a request (`InvokeInlineAgent`) instead of a file, held against the same rules.

use std::sync::Arc;

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
    schemas,
};

/// Stands for the file in problems; who made a request knows no lines of it.
const SOURCE: &str = "request";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    agent: Agent,
}

impl AgentsDefinition {
    /// The definition of an agent in the shape of Bedrock's request, in a bot of which it may use the knowledge bases (by id), the
    /// executors of its functions (by action group and function) and what the offline model knows of them. All else is its own.
    ///
    /// # Errors
    /// All problems, as of a `bot.yaml`.
    pub fn inline(&self, agent: &Value) -> Result<Arc<Self>, Vec<Problem>> {
        // JSON is YAML: one reading for both, with the same messages.
        let text = json!({ "agent": agent }).to_string();
        let root = Node::parse(&text, SOURCE).map_err(|problem| vec![problem])?;
        let Decoded { value, mut problems, .. } = decode::<Document>(&root, SOURCE);
        let Some(Document { mut agent }) = value else {
            if problems.is_empty() {
                problems.push(Problem::new(SOURCE, Spot::START, "the agent cannot be read"));
            }
            return Err(problems);
        };
        problems.extend(schemas::read(&mut agent, Place::root(&root).value("agent"), None, SOURCE));
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
        let mut definition = Definition {
            name: agent.agent_name.clone(),
            languages: self.languages.clone(),
            agent,
            conversation: (),
            tools,
            mcp_servers: self.mcp_servers.clone(),
            tables: self.tables.clone(),
            knowledge_bases: self.knowledge_bases.clone(),
            models: self.models.clone(),
            budgets: self.budgets,
            // The bot's own is for its own customers; a request names one of Bedrock's.
            guardrail: None,
            offline,
            desk: super::desk::Desk::default(),
            rows: self.rows.clone(),
        };
        problems.extend(check::check_agents(&definition, Place::root(&root), SOURCE));
        if !problems.is_empty() {
            return Err(problems);
        }
        definition.by_operation();
        let (definition, ()) = definition.split();
        Ok(definition)
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
