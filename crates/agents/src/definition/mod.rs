//! The bot definition: one document, `bot.yaml`.
//!
//! Below `agent:` it carries the names and shapes of Bedrock's `InvokeInlineAgent` request, so that who knows Bedrock
//! can read it. What Bedrock has no word for stands beside it under its own keys. Unknown keys and wrong references are
//! errors with file, line and a hint.

pub mod agent;
pub mod offline;
pub mod tool;

use std::collections::BTreeMap;

use serde::Deserialize;

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
    /// The local tables that `table` tools read and write, by name.
    #[serde(default)]
    pub tables: BTreeMap<String, tool::Table>,
    /// What the offline model needs to know beside the descriptions: example phrases, patterns, wordings.
    #[serde(default)]
    pub offline: offline::Offline,
}
