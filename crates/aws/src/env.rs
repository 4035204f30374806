//! Every environment variable of the Lambda binaries: its name, what it means, its default.
//!
//! The SDK reads its own beside them: `AWS_REGION`, the credentials, `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_CONNECT`,
//! `_CONNECTPARTICIPANT`, `_DYNAMODB`, `_SNS`, `_BEDROCK_AGENT_RUNTIME`.

use std::{env, path::PathBuf};

use crate::Arn;

/// The Connect instance: its id or its ARN. Required.
pub const INSTANCE_ID: &str = "INSTANCE_ID";
/// The table of sessions: its name or its ARN. Required.
pub const TABLE_NAME: &str = "TABLE_NAME";
/// The SNS topic that contacts are streamed to. Required by `start-bot`.
pub const TOPIC_ARN: &str = "TOPIC_ARN";
/// The Bedrock agent that answers: its id or its ARN. Required by `chat-bot`: the bot definition's own agents over a
/// model of Bedrock, for which it is to be left out, do not run in the Lambda yet.
pub const AGENT_ID: &str = "AGENT_ID";
/// The agent's alias: its id or its ARN. Default: [`DEFAULT_AGENT_ALIAS_ID`], the agent's draft.
pub const AGENT_ALIAS_ID: &str = "AGENT_ALIAS_ID";
/// The folder of the bot definition: absolute, or from the function's own folder. Default: [`DEFAULT_BOT`].
pub const RELEVO_BOT: &str = "RELEVO_BOT";
/// Whether the agent's answers are asked for in pieces (`true` or `false`); an agent that refuses it is asked without.
/// Default: `true`.
pub const RELEVO_AGENT_STREAMING: &str = "RELEVO_AGENT_STREAMING";
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
    /// From [`AGENT_ID`] and [`AGENT_ALIAS_ID`].
    pub agent: Option<AgentRef>,
    /// From [`RELEVO_AGENT_STREAMING`].
    pub agent_streaming: bool,
    /// From [`RELEVO_BOT`].
    pub bot: PathBuf,
}

/// Which agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRef {
    /// Its id.
    pub agent_id: String,
    /// Its alias's id.
    pub agent_alias_id: String,
}

/// What is wrong with the environment: all of it, a line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment: {}", .0.join("; "))]
pub struct EnvironmentError(pub Vec<String>);

impl Environment {
    /// Reads the process's environment.
    pub fn read() -> Result<Self, EnvironmentError> {
        Self::of(|name| env::var(name).ok())
    }

    /// Reads from `get`. An empty variable is an absent one.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let get = |name: &str| get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut problems = Vec::new();
        let mut required = |name: &str, what: &str| {
            get(name).unwrap_or_else(|| {
                problems.push(format!("{name} is not set ({what})"));
                String::new()
            })
        };
        let instance = required(INSTANCE_ID, "the Connect instance's id or ARN");
        let table_name = required(TABLE_NAME, "the table of sessions");
        let instance_id = id(&instance, "connect", INSTANCE_ID, &mut problems);
        let topic_arn = get(TOPIC_ARN);
        if let Some(topic) = &topic_arn {
            match Arn::parse(topic) {
                Some(arn) if arn.service == "sns" && arn.resource.strip_suffix(".fifo").is_some() => {
                    problems.push(format!(
                        "{TOPIC_ARN} is a FIFO topic, which Connect cannot stream to: use a standard one"
                    ));
                }
                Some(arn) if arn.service == "sns" => {}
                _ => problems.push(format!("{TOPIC_ARN} is not the ARN of an SNS topic")),
            }
        }
        let agent = get(AGENT_ID).map(|agent| {
            let alias = get(AGENT_ALIAS_ID).unwrap_or_else(|| DEFAULT_AGENT_ALIAS_ID.into());
            AgentRef {
                agent_id: bedrock_id(&agent, AGENT_ID, &mut problems),
                agent_alias_id: bedrock_id(&alias, AGENT_ALIAS_ID, &mut problems),
            }
        });
        let agent_streaming = match get(RELEVO_AGENT_STREAMING).as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(_) => {
                problems.push(format!("{RELEVO_AGENT_STREAMING} is neither true nor false"));
                true
            }
        };
        let folder = PathBuf::from(get(RELEVO_BOT).unwrap_or_else(|| DEFAULT_BOT.into()));
        let bot = match get(LAMBDA_TASK_ROOT) {
            Some(root) => PathBuf::from(root).join(folder),
            None => folder,
        };
        if problems.is_empty() {
            Ok(Self { instance_id, table_name, topic_arn, agent, agent_streaming, bot })
        } else {
            Err(EnvironmentError(problems))
        }
    }
}

/// An id, or the one in an ARN of this service.
fn id(text: &str, service: &str, name: &str, problems: &mut Vec<String>) -> String {
    match Arn::parse(text) {
        Some(arn) if arn.service == service => arn.last_id().to_owned(),
        Some(_) => {
            problems.push(format!("{name} is the ARN of another service than {service}"));
            String::new()
        }
        None => text.to_owned(),
    }
}

/// An agent's or alias's id: one to ten letters and digits. The sample deploys the word `AGENT_ID` itself, to be edited
/// by hand.
fn bedrock_id(text: &str, name: &str, problems: &mut Vec<String>) -> String {
    let before = problems.len();
    let id = id(text, "bedrock", name, problems);
    let right = (1..=10).contains(&id.len()) && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    if !right && problems.len() == before {
        problems.push(format!("{name} is not an id of Bedrock (1 to 10 letters and digits)"));
    }
    id
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn of(given: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        let find = |name: &str| given.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        Environment::of(find)
    }

    #[test]
    fn the_samples_variables_and_the_defaults() {
        let read = of(&[(INSTANCE_ID, "i-1"), (TABLE_NAME, "sessions"), (AGENT_ID, "ABCDEF1234")]).unwrap();
        assert_eq!((read.instance_id.as_str(), read.topic_arn), ("i-1", None));
        let agent = read.agent.unwrap();
        assert_eq!((agent.agent_id.as_str(), agent.agent_alias_id.as_str()), ("ABCDEF1234", "TSTALIASID"));
        assert!(read.agent_streaming);
        assert_eq!(read.bot, Path::new("bot/"));
    }

    #[test]
    fn arns_stand_for_ids() {
        let read = of(&[
            (INSTANCE_ID, "arn:aws:connect:us-east-1:123456789012:instance/0f2c-11"),
            (TABLE_NAME, " sessions "),
            (TOPIC_ARN, "arn:aws:sns:us-east-1:123456789012:chat"),
            (AGENT_ID, "arn:aws:bedrock:us-east-1:123456789012:agent/AAAA"),
            (AGENT_ALIAS_ID, "arn:aws:bedrock:us-east-1:123456789012:agent-alias/AAAA/BBBB"),
            (RELEVO_AGENT_STREAMING, "false"),
            (RELEVO_BOT, "envios"),
            (LAMBDA_TASK_ROOT, "/var/task"),
        ])
        .unwrap();
        let agent = AgentRef { agent_id: "AAAA".into(), agent_alias_id: "BBBB".into() };
        assert_eq!(
            (read.instance_id.as_str(), read.table_name.as_str(), read.agent),
            ("0f2c-11", "sessions", Some(agent))
        );
        assert!(!read.agent_streaming);
        assert_eq!(read.bot, Path::new("/var/task/envios"));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let error = of(&[
            (INSTANCE_ID, "  "),
            (TOPIC_ARN, "arn:aws:sns:us-east-1:123456789012:chat.fifo"),
            (AGENT_ID, "AGENT_ID"),
            (AGENT_ALIAS_ID, "arn:aws:sns:us-east-1:123456789012:chat"),
            (RELEVO_AGENT_STREAMING, "yes"),
        ])
        .unwrap_err();
        assert_eq!(error.0.len(), 6, "{error}");
        for name in [INSTANCE_ID, TABLE_NAME, TOPIC_ARN, AGENT_ID, AGENT_ALIAS_ID, RELEVO_AGENT_STREAMING] {
            assert!(error.0.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
        }
    }

    #[test]
    fn a_topic_is_a_topic() {
        let error = of(&[(INSTANCE_ID, "i"), (TABLE_NAME, "t"), (TOPIC_ARN, "chat-topic")]).unwrap_err();
        assert!(error.to_string().contains("not the ARN of an SNS topic"));
    }
}
