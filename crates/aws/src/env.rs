//! Every environment variable of the Lambda binaries: its name, what it means, its default.
//!
//! The SDK reads its own beside them: `AWS_REGION`, the credentials, `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_CONNECT`,
//! `_CONNECTPARTICIPANT`, `_DYNAMODB`, `_SNS`, `_LAMBDA`, `_BEDROCK_AGENT_RUNTIME`, `_BEDROCK_RUNTIME`.

mod read;

use std::path::PathBuf;

/// The Connect instance: its id or its ARN. Required.
pub const INSTANCE_ID: &str = "INSTANCE_ID";
/// The table of sessions, agents' runs and added rows: its name or its ARN. Required.
pub const TABLE_NAME: &str = "TABLE_NAME";
/// The SNS topic that contacts are streamed to. Required by `start-bot`, and by `chat-bot` without [`AGENT_ID`]: a turn
/// that is longer than an invocation goes on in one that is asked for there.
pub const TOPIC_ARN: &str = "TOPIC_ARN";
/// The Bedrock agent that answers: its id or its ARN. Without it, the bot definition's own agents answer over a model
/// ([`RELEVO_MODEL`]).
pub const AGENT_ID: &str = "AGENT_ID";
/// The agent's alias: its id or its ARN. Default: [`DEFAULT_AGENT_ALIAS_ID`], the agent's draft.
pub const AGENT_ALIAS_ID: &str = "AGENT_ALIAS_ID";
/// The folder of the bot definition: absolute, or from the function's own folder. Default: [`DEFAULT_BOT`].
pub const RELEVO_BOT: &str = "RELEVO_BOT";
/// Whether the agent's answers are asked for in pieces (`true` or `false`); an agent that refuses it is asked without.
/// Default: `true`.
pub const RELEVO_AGENT_STREAMING: &str = "RELEVO_AGENT_STREAMING";
/// Whether the agents' traces are asked for (`true` or `false`): by them a person who takes over learns what was tried.
/// Default: `true`.
pub const RELEVO_AGENT_TRACE: &str = "RELEVO_AGENT_TRACE";
/// What the bot definition's own agents think with, without [`AGENT_ID`]: providers of its `models:` by name, in the order
/// in which they are asked, such as `bedrock,offline`. Default: `models:` as it stands; without it, `bedrock`.
pub const RELEVO_MODEL: &str = "RELEVO_MODEL";
/// A model id or an inference profile of Bedrock, for the agents whose definition names no `foundationModel`. It goes before
/// the `modelId` of the first `bedrock` in `models:`.
pub const RELEVO_MODEL_ID: &str = "RELEVO_MODEL_ID";
/// What is logged, in the words of `tracing`'s filter (`info`, `relevo_bot=debug`). Default: [`DEFAULT_LOG`].
pub const RELEVO_LOG: &str = "RELEVO_LOG";
/// The namespace of the metrics in `CloudWatch`; empty: no metrics. Default: [`DEFAULT_METRICS_NAMESPACE`].
pub const RELEVO_METRICS_NAMESPACE: &str = "RELEVO_METRICS_NAMESPACE";

/// The test alias that every agent has.
pub const DEFAULT_AGENT_ALIAS_ID: &str = "TSTALIASID";
/// Beside the binary.
pub const DEFAULT_BOT: &str = "bot/";
/// One line a delivery.
pub const DEFAULT_LOG: &str = "info";
/// The metrics' namespace.
pub const DEFAULT_METRICS_NAMESPACE: &str = "Relevo";

/// Where Lambda has unpacked the function. Set by Lambda.
const LAMBDA_TASK_ROOT: &str = "LAMBDA_TASK_ROOT";

/// The variables, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// From [`INSTANCE_ID`].
    pub instance_id: String,
    /// From [`TABLE_NAME`].
    pub table_name: String,
    /// From [`TOPIC_ARN`].
    pub topic_arn: Option<String>,
    /// Who answers.
    pub answers: Answers,
    /// From [`RELEVO_AGENT_TRACE`].
    pub agent_trace: bool,
    /// From [`RELEVO_BOT`].
    pub bot: PathBuf,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// A Bedrock agent.
    BedrockAgent(AgentRef),
    /// The bot definition's own agents.
    Own(OwnModels),
}

/// What the bot definition's own agents think with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnModels {
    /// From [`RELEVO_MODEL`]: providers by name; none: as the definition has it.
    pub named: Vec<String>,
    /// From [`RELEVO_MODEL_ID`].
    pub default_model_id: Option<String>,
}

/// Which agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRef {
    /// Its id.
    pub agent_id: String,
    /// Its alias's id.
    pub agent_alias_id: String,
    /// From [`RELEVO_AGENT_STREAMING`].
    pub streaming: bool,
}

/// What is wrong with the environment: all of it, a line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment: {}", .0.join("; "))]
pub struct EnvironmentError(pub Vec<String>);

#[cfg(test)]
mod tests;
