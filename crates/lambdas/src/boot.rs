//! From the environment to a bot over AWS, before the first event.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use relevo_agents::{
    definition::{Definition, Problem},
    knowledge::Retriever,
    model::offline::OfflineError,
};
use relevo_aws::{
    BedrockAgent, BedrockKnowledge, Clients, ConnectChat, DynamoRuns, DynamoSessions, DynamoTables, LambdaFunctions,
    SnsMailbox, SystemClock,
    env::{AGENT_ID, Answers, Environment, EnvironmentError, TOPIC_ARN},
    sdk_config,
};
use relevo_bot::{
    Bot, BotConfig, Policy, Ports,
    ports::{Agent, AgentError, AgentEvent, Handlers, Mailbox, Question},
};
use relevo_bridge::{DefinitionFunctions, Screened};
use relevo_handlers::Registry;
use relevo_openai::StartError;

use crate::{
    knowledge::knowledge,
    mcp::Servers,
    meter::{Metered, Watching},
    models,
    own::{self, OwnPorts},
};

/// How much longer than the bot itself its connection to the agent waits: the bot words the failure.
const SILENCE_MARGIN: Duration = Duration::from_secs(5);

/// Which binary this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// `start-bot`: joins the contact. Needs the topic, asks no agent.
    Start,
    /// `chat-bot`: answers. Needs the agent, or the topic for agents of its own.
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
    /// The bot definition has executors that this build does not have.
    #[error(
        "the bot definition has functions that are executed by MCP servers ({0}), and this build calls none: build the \
         functions with --features mcp"
    )]
    NoMcp(String),
    /// The bot definition has executors that no Lambda function has.
    #[error(
        "the bot definition has functions that are executed by MCP servers which are programs ({0}): a Lambda function \
         starts none; serve them elsewhere and name their `url`"
    )]
    McpProgram(String),
    /// The bot definition has knowledge bases that this build does not read.
    #[error(
        "the bot definition has knowledge bases of folders ({0}), and this build reads none: build the functions with \
         --features folders"
    )]
    NoFolders(String),
    /// The rule-based model does not understand the bot definition.
    #[error("the bot definition, for the offline model: {0}")]
    Offline(#[from] OfflineError),
    /// A model of chat completions has no key or no address.
    #[error(transparent)]
    OpenAi(#[from] StartError),
}

/// The bot of `start-bot`: it joins contacts, and asks nobody. What only answers need is not in that binary: its memory is the
/// pages of its file.
pub async fn start_bot() -> Result<Bot, BootError> {
    let begin = Instant::now();
    let ground = Ground::lay(Role::Start).await?;
    let definition = ground.definition;
    let agent = Arc::new(NoAgent);
    Ok(assemble(begin, ground.environment, &ground.clients, definition.conversation, definition.languages, agent, None))
}

/// The bot of `chat-bot`: it answers, by a Bedrock agent or by the definition's own agents.
pub async fn chat_bot() -> Result<Bot, BootError> {
    let begin = Instant::now();
    let Ground { environment, mut definition, clients, patience, silence } = Ground::lay(Role::Chat).await?;
    // In a box, as long as it lasts: without servers nothing of it is needed.
    let servers = Box::pin(Servers::connect(&mut definition)).await?;
    let functions = Arc::new(LambdaFunctions::new(&clients));
    let languages = definition.languages.clone();
    let (agents, policy) = definition.split();
    let mcp = servers.tools(&agents);
    let agent: Arc<dyn Agent> = match &environment.answers {
        Answers::BedrockAgent(it) => {
            let agent = BedrockAgent::new(&clients, &it.agent_id, &it.agent_alias_id, silence, it.streaming);
            let agent = if environment.agent_trace { agent } else { agent.untraced() };
            Arc::new(Metered(Arc::new(Screened::new(agent, &agents))))
        }
        Answers::Own(own) => {
            let bedrock: Arc<dyn Retriever> = Arc::new(BedrockKnowledge::new(&clients));
            let ports = OwnPorts {
                model: models::model(own, &agents, &clients, variable)?,
                runs: Arc::new(DynamoRuns::new(&clients, &environment.table_name)),
                tables: Arc::new(DynamoTables::new(&clients, &environment.table_name)),
                lambda: functions.clone(),
                mcp: mcp.clone(),
                knowledge: knowledge(&agents, &bedrock).map_err(|ids| BootError::NoFolders(ids.join(", ")))?,
                clock: Arc::new(SystemClock),
            };
            let agent = own::agent(&agents, ports, patience);
            let agent = if environment.agent_trace { agent } else { agent.untraced() };
            Arc::new(Metered(Arc::new(agent)))
        }
    };
    let registry = || Registry::new(policy.handlers.clone(), Some(functions.clone()), variable);
    let mut handlers = (!policy.handlers.is_empty()).then(|| Arc::new(registry()) as Arc<dyn Handlers>);
    // A Bedrock agent gives back what only the definition's own tools execute.
    if matches!(environment.answers, Answers::BedrockAgent(_)) && !agents.tools.is_empty() {
        let tables = Arc::new(DynamoTables::new(&clients, &environment.table_name));
        let tools = Arc::new(own::executors(&agents, tables, functions, mcp, Arc::new(SystemClock)));
        handlers = Some(Arc::new(DefinitionFunctions::new(agents, tools, handlers)));
    }
    Ok(assemble(begin, environment, &clients, policy, languages, agent, handlers))
}

/// What both binaries stand on.
struct Ground {
    environment: Environment,
    definition: Definition<Policy>,
    clients: Clients,
    /// How long the agent may take.
    patience: Duration,
    /// How long its connection waits: the bot words the failure before.
    silence: Duration,
}

impl Ground {
    async fn lay(role: Role) -> Result<Self, BootError> {
        let environment = Environment::read()?;
        check(role, &environment)?;
        let definition = Definition::<Policy>::load(&environment.bot).map_err(BootError::Definition)?;
        let patience = Duration::from_millis(definition.conversation.limits.agent_timeout_ms);
        let silence = patience.saturating_add(SILENCE_MARGIN);
        let clients = Clients::new(&sdk_config().await, silence);
        Ok(Self { environment, definition, clients, patience, silence })
    }
}

fn assemble(
    begin: Instant,
    environment: Environment,
    clients: &Clients,
    policy: Policy,
    languages: Vec<String>,
    agent: Arc<dyn Agent>,
    handlers: Option<Arc<dyn Handlers>>,
) -> Bot {
    let ports = Ports {
        chat: Arc::new(Metered(Arc::new(ConnectChat::new(clients)))),
        agent,
        sessions: Arc::new(DynamoSessions::new(clients, environment.table_name)),
        clock: Arc::new(SystemClock),
        handlers,
        // `start-bot` wakes the bot for what was said before it; `chat-bot` has long turns go on in another invocation.
        mailbox: environment.topic_arn.as_ref().map(|arn| Arc::new(SnsMailbox::new(clients, arn)) as Arc<dyn Mailbox>),
        watch: Some(Arc::new(Watching)),
    };
    let config = BotConfig {
        instance_id: environment.instance_id,
        // `chat-bot` starts no stream.
        topic_arn: environment.topic_arn.unwrap_or_default(),
        policy,
        languages,
    };
    let bot = Bot::new(config, ports);
    tracing::debug!(boot_us = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX), "booted");
    bot
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn check(role: Role, environment: &Environment) -> Result<(), BootError> {
    if environment.topic_arn.is_some() {
        return Ok(());
    }
    match (role, &environment.answers) {
        (Role::Start, _) => {
            Err(BootError::Missing(format!("{TOPIC_ARN} is not set (the SNS topic that contacts are streamed to)")))
        }
        (Role::Chat, Answers::Own(_)) => Err(BootError::Missing(format!(
            "{TOPIC_ARN} is not set (the SNS topic that contacts are streamed to): without {AGENT_ID} the bot \
             definition's own agents answer, and a turn that is longer than an invocation goes on by a message there"
        ))),
        (Role::Chat, Answers::BedrockAgent(_)) => Ok(()),
    }
}

/// `start-bot` has nothing to ask.
struct NoAgent;

#[async_trait]
impl Agent for NoAgent {
    async fn ask(&self, _: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        Err(AgentError::Refused("no agent is set".into()))
    }

    fn allowed(&self, _: &str) -> Option<String> {
        None
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
        let (bare, topic) = (environment(&[]), environment(&[(TOPIC_ARN, "arn:aws:sns:us-east-1:1:topic")]));
        for role in [Role::Start, Role::Chat] {
            assert!(check(role, &bare).unwrap_err().to_string().contains("TOPIC_ARN is not set"));
            assert!(check(role, &topic).is_ok());
        }
        let agent = environment(&[(AGENT_ID, "AAAA")]);
        assert!(check(Role::Chat, &agent).is_ok() && check(Role::Start, &agent).is_err());
    }
}
