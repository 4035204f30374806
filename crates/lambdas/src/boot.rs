//! From the environment to a bot over AWS, before the first event.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use relevo_agents::definition::{Definition, Problem};
use relevo_aws::{
    BedrockAgent, Clients, ConnectChat, DynamoSessions, SnsMailbox, SystemClock,
    env::{AGENT_ID, Environment, EnvironmentError, TOPIC_ARN},
    sdk_config,
};
use relevo_bot::{
    Bot, BotConfig, Policy, Ports,
    ports::{Agent, AgentError, AgentEvent, Mailbox, Question},
};

use crate::meter::Metered;

/// How much longer than the bot itself its connection to the agent waits: the bot words the failure.
const SILENCE_MARGIN: Duration = Duration::from_secs(5);

/// Which binary this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `start-bot`: joins the contact. Needs the topic, asks no agent.
    Start,
    /// `chat-bot`: answers. Needs the agent.
    Chat,
}

/// Why there is no bot. The texts are for the log.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// Variables are missing or wrong.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// What this binary needs beside the others' variables.
    #[error("environment: {0}")]
    Missing(String),
    /// The bot definition does not load.
    #[error("the bot definition has problems: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Definition(Vec<Problem>),
}

/// Reads the environment and the bot definition, and makes the clients.
pub async fn bot(role: Role) -> Result<Bot, BootError> {
    let environment = Environment::read()?;
    check(role, &environment)?;
    let begin = Instant::now();
    let definition = Definition::<Policy>::load(&environment.bot).map_err(BootError::Definition)?;
    let definition_us = micros(begin);
    let (languages, policy) = (definition.languages, definition.conversation);
    let silence = Duration::from_millis(policy.limits.agent_timeout_ms).saturating_add(SILENCE_MARGIN);
    let begin = Instant::now();
    let clients = Clients::new(&sdk_config().await, silence);
    let clients_us = micros(begin);
    let agent: Arc<dyn Agent> = match &environment.agent {
        Some(it) => Arc::new(Metered(Arc::new(BedrockAgent::new(
            &clients,
            &it.agent_id,
            &it.agent_alias_id,
            silence,
            environment.agent_streaming,
        )))),
        None => Arc::new(NoAgent),
    };
    let ports = Ports {
        chat: Arc::new(Metered(Arc::new(ConnectChat::new(&clients)))),
        agent,
        sessions: Arc::new(DynamoSessions::new(&clients, environment.table_name)),
        clock: Arc::new(SystemClock),
        handlers: None,
        // Only `start-bot` has the topic, and something to say on it.
        mailbox: environment.topic_arn.as_ref().map(|arn| Arc::new(SnsMailbox::new(&clients, arn)) as Arc<dyn Mailbox>),
    };
    let config = BotConfig {
        instance_id: environment.instance_id,
        // `chat-bot` starts no stream.
        topic_arn: environment.topic_arn.unwrap_or_default(),
        policy,
        languages,
    };
    let begin = Instant::now();
    let bot = Bot::new(config, ports);
    tracing::debug!(definition_us, clients_us, bot_us = micros(begin), "booted");
    Ok(bot)
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn check(role: Role, environment: &Environment) -> Result<(), BootError> {
    match role {
        Role::Start if environment.topic_arn.is_none() => {
            Err(BootError::Missing(format!("{TOPIC_ARN} is not set (the SNS topic that contacts are streamed to)")))
        }
        Role::Chat if environment.agent.is_none() => Err(BootError::Missing(format!(
            "{AGENT_ID} is not set (the Bedrock agent that answers): the bot definition's own agents do not run in \
             the Lambda yet"
        ))),
        Role::Start | Role::Chat => Ok(()),
    }
}

/// `start-bot` has nothing to ask.
struct NoAgent;

#[async_trait]
impl Agent for NoAgent {
    async fn ask(&self, _: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        Err(AgentError::Refused("no agent is set".into()))
    }
}

#[cfg(test)]
mod tests {
    use relevo_aws::env::{INSTANCE_ID, TABLE_NAME};

    use super::*;

    fn environment(more: &[(&str, &str)]) -> Environment {
        let given = [&[(INSTANCE_ID, "i"), (TABLE_NAME, "t")], more].concat();
        let find = |name: &str| given.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        Environment::of(find).unwrap()
    }

    #[test]
    fn each_binary_asks_for_what_it_needs() {
        let bare = environment(&[]);
        assert!(check(Role::Start, &bare).unwrap_err().to_string().contains(TOPIC_ARN));
        assert!(check(Role::Chat, &bare).unwrap_err().to_string().contains(AGENT_ID));
        assert!(check(Role::Start, &environment(&[(TOPIC_ARN, "arn:aws:sns:us-east-1:1:topic")])).is_ok());
        assert!(check(Role::Chat, &environment(&[(AGENT_ID, "AAAA")])).is_ok());
    }
}
