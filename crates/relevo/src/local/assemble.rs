//! Puts the rooms together on this machine's ports.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use axum::Router;
use relevo_agents::{
    runtime::{InlineAgents, Ports as RuntimePorts, PortsOf, RunStore, Runtime},
    tools::TableToolsPorts,
};
use relevo_bot::{Bot, BotConfig, ports::Mailbox as _};
use relevo_bridge::RuntimeAgent;
use relevo_connect::{
    Centre,
    centre::{Config, FlowEntry, Ports as CentrePorts},
    desk::DeskConfig,
    stream::FilterPolicy,
};
use relevo_deploy::StartBot;
use relevo_knowledge::SentFiles;
use relevo_mcp::McpServers;
use relevo_wire::{Gate, Options, SecurityLayer, Wire, quotas::CONCURRENT_CHATS};
use serde::Serialize;
use tokio::sync::SetOnce;

use super::{
    aws_calls,
    bot_host::{BotHost, Limits},
    calls::Calls,
    chaos::Chaos,
    chat::LocalChat,
    deployed::Deployed,
    desk_texts::DeskTexts,
    doors::Doors,
    endpoints::{self, Endpoints, EndpointsFile},
    executors,
    folder::BotFolder,
    functions::LocalFunctions,
    gated::Gated,
    identity::Identity,
    knowledge,
    lambdas::{self, LambdaSetup, Lambdas},
    models::Models,
    observed::{ObservedChat, ObservedSessions},
    published::PublishedTopic,
    queues::queues,
    switch::ModelChooser,
    system::System,
    topic::{LocalMailbox, LocalTopic},
    traces::Traces,
};
use crate::{
    disk::{AttachmentFiles, BotSessions, CentreStore, Disk, DynamoItems, LocalTables, Published, Runs},
    serve::{self, Served, WireLog},
};

/// What the customer's messages reach the bot by: the filter policy of the deployed subscription, and the end of the
/// chat, which carries no role (field reports), so roles are excluded rather than listed.
const BOT_FILTER: &str = r#"{"ParticipantRole": [{"anything-but": ["CUSTOM_BOT", "SYSTEM"]}, {"exists": false}]}"#;

/// The folder in the data folder that has the knowledge bases' indexes; it may be removed at any time.
const KNOWLEDGE: &str = "knowledge";
/// Where the content of attachments lies, in the data folder.
const ATTACHMENTS: &str = "attachments";

/// What `relevo up` was asked for.
pub(crate) struct Setup {
    /// The bot's folder, read.
    pub bot: BotFolder,
    /// Where the state is.
    pub data: PathBuf,
    /// The port that is listened on.
    pub port: u16,
    /// Agents at the desk.
    pub staffed: u32,
    /// Longest message in bytes.
    pub message_limit_bytes: usize,
    /// How well the message stream delivers.
    pub chaos: Chaos,
    /// Who may come in.
    pub doors: Doors,
    /// What every call passes first.
    pub gate: Gate,
    /// Origins beside this machine's own.
    pub allowed_origins: Vec<String>,
    /// What the agents think with.
    pub models: Models,
    /// The binaries that the bot runs in; none: it runs in this process.
    pub lambdas: Option<LambdaSetup>,
    /// Functions and subscribers of other people; none: there are none.
    pub endpoints: Option<EndpointsFile>,
    /// The template that says how the bot is deployed; none: as this program would deploy it.
    pub deployed: Option<Deployed>,
}

/// `GET /relevo/info`: names and ids for clients.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Info {
    name: String,
    instance_id: String,
    instance_arn: String,
    region: String,
    contact_flow_id: String,
    queue_id: String,
    queue_arn: String,
    agent_id: String,
    agent_alias_id: String,
    topic_arn: String,
    languages: Vec<String>,
}

/// Everything that stands on this machine.
pub(crate) struct Rooms {
    /// The contact centre.
    pub(crate) centre: Centre,
    /// The routes of everything.
    pub(crate) router: Router,
    /// Those that others than this machine reach: the AWS wire alone.
    pub(crate) outside: Option<Router>,
}

/// Opens the state and puts the rooms together. Contacts that were open go on from here.
pub(crate) async fn assemble(mut setup: Setup) -> anyhow::Result<Rooms> {
    let BotFolder { mut definition, flow, hours } = setup.bot;
    let identity = Identity::of(&flow);
    let desk = definition.desk.clone();
    let disk = Disk::open(&setup.data).with_context(|| format!("cannot open the state in {}", setup.data.display()))?;
    let files = setup.data.join(ATTACHMENTS);
    let files = AttachmentFiles::open(files.clone()).with_context(|| format!("{} cannot be used", files.display()))?;
    let bot = Arc::new(SetOnce::new());
    let limits = Limits(setup.deployed.as_ref().map(Deployed::limits));
    let policy = match &setup.deployed {
        Some(deployed) => deployed.filter.clone(),
        None => FilterPolicy::parse(BOT_FILTER).context("the bot's filter policy")?,
    };
    let start_bot = StartBot::among(flow.functions());
    let own = setup.endpoints.as_ref();
    let named: Vec<&str> =
        lambdas::FUNCTIONS.into_iter().chain(own.into_iter().flat_map(EndpointsFile::names)).collect();
    let secret = setup.doors.admit_functions(&named);
    let endpoints = own.map(|file| Endpoints::new(file, &identity, setup.port, secret.as_ref())).unwrap_or_default();
    let bot_is_ours = !endpoints.are_the_bot(start_bot, &flow.functions().collect::<Vec<_>>());
    let topic = LocalTopic {
        policy: bot_is_ours.then(|| Arc::new(policy)),
        others: Arc::clone(&endpoints.subscribers),
        bot: Arc::clone(&bot),
        chaos: setup.chaos.clone(),
    };

    let (queue, more_queues) = queues(&flow, &identity, &desk.queues, &desk.queue_capacity, setup.staffed);
    let centre = Centre::open(
        Config {
            instance_id: identity.instance_id.clone(),
            account_id: identity.account_id.clone(),
            region: identity.region.clone(),
            flows: vec![FlowEntry {
                id: identity.flow_id.clone(),
                name: definition.name.clone(),
                flow: Arc::clone(&flow),
            }],
            queue,
            message_limit_bytes: setup.message_limit_bytes.into(),
            more_queues,
            hours,
            desk: DeskConfig::default(),
        },
        CentrePorts {
            clock: Arc::new(System),
            ids: Arc::new(System),
            store: Arc::new(CentreStore(disk.clone())),
            functions: Arc::new(Gated {
                gate: setup.gate.clone(),
                port: LocalFunctions { start_bot, endpoints: endpoints.clone(), bot: Arc::clone(&bot) },
            }),
            stream: Arc::new(Gated { port: topic.clone(), gate: setup.gate.clone() }),
            files: Arc::new(files),
        },
    )
    .await
    .context("the contact centre does not open")?;

    if setup.gate.quotas.is_some() {
        centre.limit_chats(CONCURRENT_CHATS);
    }
    let traces = Arc::new(Traces::new());
    let servers = executors::connect(&mut definition).await;
    let (agents, policy) = definition.split();
    let runs: Arc<dyn RunStore> = Arc::new(Runs(disk.clone()));
    let chosen = setup.models.names();
    let ports_of = runtime_ports(&disk, &runs, servers, setup.models);
    let mut ports = ports_of(&agents).map_err(anyhow::Error::msg)?;
    let chooser = Arc::new(ModelChooser::new(Arc::clone(&agents), ports.model, chosen));
    ports.model = chooser.model();
    let calls = Arc::new(Calls::new());
    let keep = setup.data.join(KNOWLEDGE);
    let elsewhere = setup.lambdas.is_some() && setup.deployed.as_ref().is_some_and(Deployed::asks_models);
    let knowledge = Arc::new(if elsewhere {
        knowledge::folders(&agents, Some(&keep))?
    } else {
        knowledge::shelf(&agents, Some(&keep)).await?
    });
    let runtime = Runtime::new(&agents, ports).knowing(knowledge.clone()).reading(Arc::new(SentFiles));
    let inline =
        InlineAgents::new(Arc::clone(&agents), ports_of).knowing(knowledge.clone()).reading(Arc::new(SentFiles));
    // The first question does not wait for it, if it comes a little later.
    tokio::spawn(async move {
        let shelf = Arc::clone(&knowledge);
        drop(tokio::task::spawn_blocking(move || shelf.warm()).await);
        knowledge.embed().await;
    });
    // The centre may already have called for the bot: contacts that were open wait until it is set.
    let functions = if setup.lambdas.is_some() || !endpoints.is_empty() {
        let services = services(&identity, topic.clone(), disk.clone()).await?;
        services.merge(endpoints::routes(endpoints, setup.port))
    } else {
        Router::new()
    };
    if let Some(setup_of) = &setup.lambdas {
        let agent = (runtime.agent_id(), runtime.agent_alias_id());
        let (deployed, port) = (setup.deployed.as_ref(), setup.port);
        drop(bot.set(BotHost::Lambdas(Lambdas::new(setup_of, deployed, &identity, agent, port, secret.as_ref()))));
    } else {
        let config = BotConfig {
            instance_id: identity.instance_id.clone(),
            topic_arn: identity.topic_arn(),
            policy,
            languages: agents.languages.clone(),
        };
        let agent = RuntimeAgent::new(runtime.clone(), runs).observed(traces.clone());
        let agent = Gated { port: agent, gate: setup.gate.clone() };
        let chat = Gated { port: LocalChat(centre.clone()), gate: setup.gate.clone() };
        let chat = ObservedChat { chat, centre: centre.clone(), calls: calls.clone() };
        in_process(config, limits, chat, agent, topic, disk, &calls).await?;
    }

    let region = identity.region.clone();
    let info = Info {
        name: agents.name.clone(),
        instance_arn: identity.instance_arn(),
        queue_arn: identity.queue_arn(),
        topic_arn: identity.topic_arn(),
        instance_id: identity.instance_id,
        region: identity.region,
        contact_flow_id: identity.flow_id,
        queue_id: identity.queue_id,
        agent_id: runtime.agent_id().to_owned(),
        agent_alias_id: runtime.agent_alias_id().to_owned(),
        languages: agents.languages.clone(),
    };
    let desk = Arc::new(DeskTexts::of(&desk, &agents.languages));
    let served = Served {
        centre: centre.clone(),
        traces,
        calls: calls.clone(),
        info: Arc::new(info),
        desk,
        chaos: setup.chaos,
        faults: setup.gate.faults.clone(),
        models: setup.lambdas.is_none().then_some(chooser),
    };
    let options = Options {
        allowed_origins: setup.allowed_origins,
        gate: setup.gate,
        ..Options::new(Arc::new(System), setup.port)
    };
    let security = SecurityLayer::new(&options);
    let (inline, log) = (Arc::new(inline), WireLog { centre: centre.clone(), calls });
    let aws = |options: Options| {
        let (centre, agents, inline) = (centre.clone(), Some(runtime.clone()), Some(inline.clone()));
        let wire = relevo_wire::open_router(Wire { centre, agents, inline, options });
        let wire = wire.layer(axum::middleware::from_fn_with_state(log.clone(), serve::log_wire));
        wire.merge(functions.clone())
    };
    let doors = &setup.doors;
    let outside = doors.outside.as_ref().map(|outside| {
        let options = outside.options(&options);
        doors.outside(aws(options.clone()), &region, &options)
    });
    let router = doors.signed(aws(options), &region, true).merge(serve::router(served));
    // Read again for every call: only where somebody wants to see them.
    let router = if aws_calls::wanted() { router.layer(axum::middleware::from_fn(aws_calls::say)) } else { router };
    Ok(Rooms { centre, router: router.layer(security), outside })
}

/// What a definition's agents work with: those of the bot, and those that come with a request.
fn runtime_ports(disk: &Disk, runs: &Arc<dyn RunStore>, servers: McpServers, models: Models) -> PortsOf {
    let (disk, runs) = (disk.clone(), Arc::clone(runs));
    Arc::new(move |definition| {
        let tools = TableToolsPorts {
            tables: Arc::new(LocalTables(disk.clone())),
            clock: Arc::new(System),
            random: Arc::new(System),
        };
        Ok(RuntimePorts {
            model: models.model(definition)?,
            tools: executors::tools(definition, servers.clone(), tools),
            runs: Arc::clone(&runs),
            clock: Arc::new(System),
            ids: Arc::new(System),
        })
    })
}

/// The bot in this process, awake for what waits in its sessions.
async fn in_process(
    config: BotConfig,
    limits: Limits,
    chat: ObservedChat,
    agent: Gated<RuntimeAgent>,
    topic: LocalTopic,
    disk: Disk,
    calls: &Arc<Calls>,
) -> anyhow::Result<()> {
    let sessions = BotSessions::open(disk).await.context("the bot's sessions do not open")?;
    let waiting = sessions.wake_ups().context("the bot's sessions do not open")?;
    let bot = Arc::clone(&topic.bot);
    let mailbox = Arc::new(LocalMailbox(topic));
    let ports = relevo_bot::Ports {
        chat: Arc::new(chat),
        agent: Arc::new(agent),
        sessions: Arc::new(ObservedSessions { sessions, calls: calls.clone() }),
        clock: Arc::new(System),
        handlers: Some(Arc::new(executors::handlers(config.policy.handlers.clone()))),
        mailbox: Some(mailbox.clone()),
        watch: None,
    };
    drop(bot.set(BotHost::InProcess(Box::new(Bot::new(config, ports)), limits)));
    for item in waiting {
        mailbox.deliver_later(&item).await?;
    }
    Ok(())
}

/// What the bot's functions find at AWS beside Connect and the agent.
async fn services(identity: &Identity, topic: LocalTopic, disk: Disk) -> anyhow::Result<Router> {
    let now_ms = relevo_connect::ports::Clock::now_ms(&System);
    let items = DynamoItems::open(disk.clone(), now_ms).await.context("the functions' table does not open")?;
    let topic = PublishedTopic::open(identity.topic_arn(), topic, Published(disk))?;
    let table = lambdas::table(identity);
    Ok(relevo_host::router(relevo_host::Services { table, items: Arc::new(items), topic: Arc::new(topic) }))
}
