//! The bot definition: one document, `bot.yaml`.
//!
//! Below `agent:` it carries the names and shapes of Bedrock's `InvokeInlineAgent` request, so that who knows Bedrock
//! can read it. What Bedrock has no word for stands beside it under its own keys. Unknown keys and wrong references are
//! errors with file, line and a hint.

mod address;
pub mod agent;
mod check;
mod data;
mod decode;
pub mod desk;
mod document;
mod executor;
mod expected;
mod inline;
pub mod knowledge;
mod load;
pub mod models;
pub mod node;
mod offer;
pub mod offline;
mod openapi;
pub mod operation;
mod problem;
pub mod prompts;
mod remote;
mod schemas;
mod templates;
pub mod tool;

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use crate::{guardrail::config::GuardrailConfig, run::Budgets};

pub use address::{address_fault, variable_fault};
pub use data::Row;
pub use load::{FILE_NAME, read_as};
pub use node::Place;
pub use offer::OfferedTool;
pub use problem::{Problem, Spot, suggest};

/// A whole `bot.yaml`. `C` is the conversation's own section (greeting and other texts, hand-off policy, limits): the
/// bot room gives its type, this room only reads it with the rest of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition<C> {
    /// The bot's name, for people.
    pub name: String,
    /// BCP-47 primary languages the bot speaks (`es`, `en`); the first is the default.
    pub languages: Vec<String>,
    /// The supervisor, with its collaborators, as Bedrock's `InvokeInlineAgent` request has it.
    pub agent: agent::Agent,
    /// Texts, hand-off policy, limits.
    pub conversation: C,
    /// Who executes an action group's functions when it is not return control: by action group name, then function name.
    #[serde(default)]
    pub tools: BTreeMap<String, BTreeMap<String, tool::Tool>>,
    /// The MCP servers that `mcp` tools are called on, by name.
    #[serde(default, rename = "mcpServers")]
    pub mcp_servers: BTreeMap<String, tool::McpServer>,
    /// The local tables that `table` tools read and write, by name.
    #[serde(default)]
    pub tables: BTreeMap<String, tool::Table>,
    /// What the agents think with, in the order in which they are asked. None: where it runs decides.
    pub models: Option<Vec<models::ModelChoice>>,
    /// What a turn may cost, and how much is remembered.
    #[serde(default)]
    pub budgets: Budgets,
    /// What is looked for in the customer's words and in the answers; absent: nothing.
    pub guardrail: Option<GuardrailConfig>,
    /// Where each knowledge base is found, by id.
    #[serde(default, rename = "knowledgeBases")]
    pub knowledge_bases: BTreeMap<String, knowledge::KnowledgeSource>,
    /// What the offline model needs to know beside the descriptions: example phrases, patterns, wordings.
    #[serde(default)]
    pub offline: offline::Offline,
    /// What people at the desk find.
    #[serde(default)]
    pub desk: desk::Desk,
    /// The rows of the tables' data files, by table. Filled by [`Definition::load`].
    #[serde(skip)]
    pub rows: BTreeMap<String, Vec<Row>>,
}

/// What the agents need of a [`Definition`]: all but the conversation.
#[derive(Debug, Clone)]
pub struct AgentsDefinition {
    /// The bot's name, for people.
    pub name: String,
    /// The first is the default.
    pub languages: Vec<String>,
    /// The supervisor.
    pub agent: agent::Agent,
    /// By action group, then function.
    pub tools: BTreeMap<String, BTreeMap<String, tool::Tool>>,
    /// By name.
    pub mcp_servers: BTreeMap<String, tool::McpServer>,
    /// By name.
    pub tables: BTreeMap<String, tool::Table>,
    /// By table.
    pub rows: BTreeMap<String, Vec<Row>>,
    /// What they think with; none: where it runs decides.
    pub models: Option<Vec<models::ModelChoice>>,
    /// Of a turn.
    pub budgets: Budgets,
    /// Of the bot.
    pub guardrail: Option<GuardrailConfig>,
    /// By id.
    pub knowledge_bases: BTreeMap<String, knowledge::KnowledgeSource>,
    /// For the offline model.
    pub offline: offline::Offline,
}

impl<C> Definition<C> {
    /// The agents' part, to be shared, and the conversation's.
    pub fn split(self) -> (Arc<AgentsDefinition>, C) {
        let Self {
            name,
            languages,
            agent,
            conversation,
            tools,
            mcp_servers,
            tables,
            models,
            budgets,
            guardrail,
            knowledge_bases,
            offline,
            desk: _,
            rows,
        } = self;
        let agents = AgentsDefinition {
            name,
            languages,
            agent,
            tools,
            mcp_servers,
            tables,
            rows,
            models,
            budgets,
            guardrail,
            knowledge_bases,
            offline,
        };
        (Arc::new(agents), conversation)
    }
}
