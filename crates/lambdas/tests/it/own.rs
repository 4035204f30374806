//! `chat-bot` with the bot definition's own agents, in process: its handlers over a chat and stores in memory, the
//! example bot, the offline model, paused time.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use relevo_agents::{
    definition::Definition,
    knowledge::NoKnowledge,
    model::{Model, ModelError, ModelReply, ModelRequest, offline::OfflineModel},
    runtime::MemoryRuns,
    tools::MemoryTables,
};
use relevo_bot::{
    Bot, BotConfig, Policy, Ports,
    ports::{Chat, ChatError, Connection, Mailbox, MailboxError, Participant, Token},
    sessions::MemorySessions,
};
use relevo_lambdas::{
    handlers::Handlers,
    own::{self, OwnPorts},
};
use relevo_outbound::LambdaEndpoint;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

const CONTACT: &str = "contact-1";
const EPOCH_MS: i64 = 1_790_000_000_000;

/// The chat, the topic and the clock; and what outlives a process.
struct World {
    begin: Instant,
    said: Mutex<Vec<(String, String)>>,
    attributes: Mutex<BTreeMap<String, String>>,
    mail: Mutex<Vec<String>>,
    messages: AtomicUsize,
    sessions: Arc<MemorySessions>,
    runs: Arc<MemoryRuns>,
    tables: Arc<MemoryTables>,
    /// How long a model thinks, in seconds.
    slow: AtomicU64,
    begun: AtomicUsize,
    done: AtomicUsize,
}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            begin: Instant::now(),
            said: Mutex::default(),
            attributes: Mutex::default(),
            mail: Mutex::default(),
            messages: AtomicUsize::default(),
            sessions: Arc::default(),
            runs: Arc::default(),
            tables: Arc::default(),
            slow: AtomicU64::default(),
            begun: AtomicUsize::default(),
            done: AtomicUsize::default(),
        })
    }

    fn millis(&self) -> i64 {
        EPOCH_MS + i64::try_from(self.begin.elapsed().as_millis()).unwrap()
    }

    /// A process of the function.
    fn process(self: &Arc<Self>) -> Handlers {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
        let mut definition = Definition::<Policy>::load(&folder).unwrap();
        definition.conversation.limits.agent_timeout_ms = 3_600_000;
        let model = Slow(MODEL.get_or_init(|| OfflineModel::of(&definition).unwrap()), self.clone());
        let (agents, policy) = definition.split();
        let patience = Duration::from_millis(policy.limits.agent_timeout_ms);
        let ports = OwnPorts {
            model: Arc::new(model),
            runs: self.runs.clone(),
            tables: self.tables.clone(),
            lambda: Arc::new(LambdaEndpoint::new("http://127.0.0.1:1")),
            mcp: None,
            knowledge: Arc::new(NoKnowledge),
            clock: self.clone(),
        };
        let agent = own::agent(&agents, ports, patience);
        let ports = Ports {
            chat: self.clone(),
            agent: Arc::new(agent),
            sessions: self.sessions.clone(),
            clock: self.clone(),
            handlers: None,
            mailbox: Some(self.clone()),
            watch: None,
        };
        let config = BotConfig {
            instance_id: "i".into(),
            topic_arn: "arn:aws:sns:us-east-1:123456789012:chat".into(),
            policy,
            languages: agents.languages.clone(),
        };
        Handlers::new(Bot::new(config, ports))
    }

    async fn start(self: &Arc<Self>) {
        let contact = json!({"Attributes": {"language": "en"}, "Channel": "CHAT", "ContactId": CONTACT,
            "InitialContactId": CONTACT, "InstanceARN": "arn:aws:connect:us-east-1:123456789012:instance/i"});
        let event = json!({"Details": {"ContactData": contact, "Parameters": {}}, "Name": "ContactFlowEvent"});
        let started = self.process().start(&event.to_string()).await;
        assert_eq!(started["status"], "success", "{started}");
    }

    /// A customer's message as the topic has it.
    fn item(&self, words: &str) -> String {
        let time = "2026-09-21T14:13:20.000Z";
        json!({"AbsoluteTime": time, "Content": words, "ContentType": "text/plain", "Type": "MESSAGE",
            "Id": format!("m{}", self.messages.fetch_add(1, SeqCst)), "ParticipantId": "p", "DisplayName": "Ana",
            "ParticipantRole": "CUSTOMER", "InitialContactId": CONTACT, "ContactId": CONTACT})
        .to_string()
    }

    /// One invocation in a process of its own. `time`: what the invocation has.
    async fn invoke(self: &Arc<Self>, item: &str, time: Duration) {
        let record = json!({"EventSource": "aws:sns",
            "Sns": {"Type": "Notification", "MessageId": "n", "Message": item}});
        let event = json!({"Records": [record]}).to_string();
        assert_eq!(self.process().chat(&event, Some(time)).await.unwrap(), json!({}));
    }

    /// Says something, and answers what the bot said to it.
    async fn talk(self: &Arc<Self>, words: &str) -> Vec<String> {
        let before = self.words().len();
        self.invoke(&self.item(words), Duration::from_mins(1)).await;
        assert!(self.mail.lock().unwrap().is_empty());
        self.words().split_off(before)
    }

    fn words(&self) -> Vec<String> {
        self.said.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }
}

/// Learnt once: it keeps nothing of a conversation.
static MODEL: OnceLock<OfflineModel> = OnceLock::new();

/// The offline model, which takes its time.
struct Slow(&'static OfflineModel, Arc<World>);

#[async_trait]
impl Model for Slow {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        self.1.begun.fetch_add(1, SeqCst);
        sleep(Duration::from_secs(self.1.slow.load(SeqCst))).await;
        self.1.done.fetch_add(1, SeqCst);
        self.0.answer(request).await
    }
}

impl relevo_bot::ports::Clock for World {
    fn now_ms(&self) -> i64 {
        self.millis()
    }
}

impl relevo_agents::ports::Clock for World {
    fn now_ms(&self) -> i64 {
        self.millis()
    }
}

#[async_trait]
impl Mailbox for World {
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError> {
        self.mail.lock().unwrap().push(message.to_owned());
        Ok(())
    }
}

#[async_trait]
impl Chat for World {
    async fn create_participant(&self, _: &str, _: &str, _: &str, _: &str) -> Result<Participant, ChatError> {
        Ok(Participant { participant_id: "p".into(), participant_token: Token::new("p") })
    }
    async fn create_connection(&self, _: &Token) -> Result<Connection, ChatError> {
        Ok(Connection { connection_token: Token::new("c"), expiry_ms: self.millis() + 86_400_000 })
    }
    async fn start_streaming(&self, _: &str, _: &str, _: &str, _: &str) -> Result<String, ChatError> {
        Ok("stream".into())
    }
    async fn stop_streaming(&self, _: &str, _: &str, _: &str) -> Result<(), ChatError> {
        Ok(())
    }
    async fn send_message(&self, _: &Token, _: &str, text: &str, client_token: &str) -> Result<(), ChatError> {
        let mut said = self.said.lock().unwrap();
        if !said.iter().any(|(token, _)| token == client_token) {
            said.push((client_token.to_owned(), text.to_owned()));
        }
        Ok(())
    }
    async fn send_typing(&self, _: &Token) -> Result<(), ChatError> {
        Ok(())
    }
    async fn update_attributes(&self, _: &str, _: &str, new: &BTreeMap<String, String>) -> Result<(), ChatError> {
        self.attributes.lock().unwrap().extend(new.clone());
        Ok(())
    }
    async fn transcript(&self, _: &Token) -> Result<Vec<Value>, ChatError> {
        Ok(Vec::new())
    }
    async fn disconnect(&self, _: &Token, _: &str) -> Result<(), ChatError> {
        Ok(())
    }
}

const QUESTION: &str = "where is order 10020030? my id is 12345678-9";

#[tokio::test(start_paused = true)]
async fn a_conversation_passes_without_a_bedrock_agent() {
    let world = World::new();
    world.start().await;
    assert!(world.words()[0].starts_with("Hello!"), "{:?}", world.words());
    let status = world.talk(QUESTION).await.join("\n");
    assert!(status.contains("Despacho Programado"), "{status}");
    // Each message was another process: what the agents know is in the store.
    let ended = world.talk("I would rather speak with somebody").await;
    assert!(!ended.is_empty());
    let attributes = world.attributes.lock().unwrap().clone();
    assert_eq!((attributes["functionName"].as_str(), attributes["order_number"].as_str()), ("escalate", "10020030"));
    assert!(attributes["escalationTried"].contains("getOrderStatus"), "{attributes:?}");
    let asked = world.done.load(SeqCst);
    assert!(world.talk("are you there?").await.is_empty(), "the person has the chat");
    assert_eq!(world.done.load(SeqCst), asked);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_outlives_its_invocation_goes_on_in_the_next() {
    let quick = World::new();
    quick.start().await;
    let answer = quick.talk(QUESTION).await;
    let steps = quick.done.load(SeqCst);
    assert!(steps > 1, "the turn has several steps");

    let world = World::new();
    world.start().await;
    let before = world.words().len();
    world.slow.store(100, SeqCst);
    // Time for one step and a part of another, again and again.
    let mut next = Some(world.item(QUESTION));
    let mut invocations = 0;
    while let Some(item) = next {
        let begin = Instant::now();
        world.invoke(&item, Duration::from_mins(3)).await;
        assert!(begin.elapsed() < Duration::from_mins(3), "it ends in time");
        invocations += 1;
        assert!(invocations < 20, "the turn does not end");
        next = world.mail.lock().unwrap().pop();
    }
    assert_eq!(invocations, steps, "a step each");
    assert_eq!(world.done.load(SeqCst), steps, "no step that was done is done again");
    assert!(world.begun.load(SeqCst) > steps, "those that were cut short are");
    let words = world.words().split_off(before);
    let still = |text: &String| text.to_lowercase().contains("still") || text.contains("work");
    assert!(words.iter().any(still), "{words:?}");
    assert!(words.ends_with(&answer), "{words:?} {answer:?}");
    // A late copy of the message changes nothing.
    world.invoke(&world.item("").replace("m1", "m0"), Duration::from_mins(3)).await;
    assert_eq!((world.words().len(), world.done.load(SeqCst)), (before + words.len(), steps));
}
