//! Documents of agents between their two spellings: `bot.yaml` has the keys of Bedrock's API (`agentName`), templates those of
//! `CloudFormation` (`AgentName`).

pub(crate) mod back;
mod groups;
pub(crate) mod parts;
pub(crate) mod patch;
pub(crate) mod spelling;
pub(crate) mod template;
pub(crate) mod tree;

pub(crate) use spelling::{camel, pascal};

/// The key in `Metadata` under which a template carries what it has no word for.
pub(crate) const CARRIED: &str = "Relevo";
