//! The world that the functions see while they are fuzzed: everything works, nothing takes time, and all of it is counted.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use relevo_bot::{
    Bot, BotConfig, Policy, Ports, Texts,
    ports::{Agent, AgentError, AgentEvent, Chat, ChatError, Clock, Connection, Participant, Question, Token},
    sessions::{MemorySessions, Op, Outcome, Sessions, SessionsError},
};
use relevo_lambdas::handlers::Handlers;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A contact that inputs may name: the seeds do.
pub const CONTACT: &str = "contact-1";
/// A contact that no input names.
pub const OTHER: &str = "5f0c8e0a-7f1e-4f6e-9d0f-5d2c3b1a4e77";

const NOW_MS: i64 = 1_700_000_000_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Questions to the agent.
    pub asked: usize,
    /// Messages to a customer.
    pub said: usize,
    /// Participants made.
    pub joined: usize,
}

#[derive(Default)]
struct Ears {
    asked: AtomicUsize,
    said: AtomicUsize,
    joined: AtomicUsize,
    sessions: Mutex<Arc<MemorySessions>>,
}

impl Ears {
    fn sessions(&self) -> MutexGuard<'_, Arc<MemorySessions>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The functions over that world.
pub struct World {
    ears: Arc<Ears>,
    handlers: Handlers,
    runtime: Runtime,
}

impl World {
    /// Nobody is in a chat yet.
    pub fn new() -> Self {
        let ears = Arc::new(Ears::default());
        let ports = Ports {
            chat: ears.clone(),
            agent: ears.clone(),
            sessions: ears.clone(),
            clock: ears.clone(),
            handlers: None,
            mailbox: None,
            watch: None,
        };
        let words = |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned())]);
        let texts = Texts {
            greeting: words("Hello!"),
            handoff: words("A person takes over."),
            still_working: words("Still at it."),
            failure: words("Something failed."),
            failure_handoff: words("A person takes over."),
            unsupported: words("I cannot read that."),
            ..Texts::default()
        };
        let config = BotConfig {
            instance_id: "instance".into(),
            topic_arn: "arn:aws:sns:us-east-1:123456789012:chat".into(),
            policy: Policy::of_texts(texts),
            languages: vec!["en".into()],
        };
        let handlers = Handlers::unmetered(Bot::new(config, ports));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        Self { ears, handlers, runtime: runtime.expect("a runtime") }
    }

    /// Forgets every session.
    pub fn forget(&self) {
        *self.ears.sessions() = Arc::default();
    }

    /// `start-bot` gets this.
    pub fn start(&self, event: &str) -> Value {
        self.runtime.block_on(self.handlers.start(event))
    }

    /// `chat-bot` gets this; a function error is `None`.
    pub fn chat(&self, event: &str) -> Option<Value> {
        self.runtime.block_on(self.handlers.chat(event, None)).ok()
    }

    /// All that was done so far.
    pub fn counts(&self) -> Counts {
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Counts { asked: read(&self.ears.asked), said: read(&self.ears.said), joined: read(&self.ears.joined) }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// Connect's event of this contact.
pub fn connect_event(contact_id: &str) -> String {
    json!({"Details": {"ContactData": {"ContactId": contact_id, "InitialContactId": contact_id, "Channel": "CHAT",
        "LanguageCode": "en-US", "Attributes": {}, "CustomerEndpoint": null}, "Parameters": {}}})
    .to_string()
}

/// A customer's message of this contact, as it is streamed.
pub fn item(contact_id: &str, id: &str) -> String {
    json!({"Id": id, "Type": "MESSAGE", "ParticipantRole": "CUSTOMER", "ContentType": "text/plain",
        "Content": "Where is my parcel?", "AbsoluteTime": "2023-11-14T22:13:21.000Z", "ContactId": contact_id,
        "InitialContactId": contact_id})
    .to_string()
}

/// This text as SNS's message to a Lambda.
pub fn sns_event(message: &str) -> String {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "MessageId": "n", "Message": message}}]})
        .to_string()
}

/// This text as the body of a queue's message.
pub fn sqs_event(body: &str) -> String {
    json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q", "body": body}]}).to_string()
}

#[async_trait]
impl Chat for Ears {
    async fn create_participant(&self, _: &str, _: &str, _: &str, _: &str) -> Result<Participant, ChatError> {
        self.joined.fetch_add(1, Ordering::Relaxed);
        Ok(Participant { participant_token: Token::new("participant"), participant_id: "bot".into() })
    }
    async fn create_connection(&self, _: &Token) -> Result<Connection, ChatError> {
        Ok(Connection { connection_token: Token::new("connection"), expiry_ms: NOW_MS + 86_400_000 })
    }
    async fn start_streaming(&self, _: &str, _: &str, _: &str, _: &str) -> Result<String, ChatError> {
        Ok("stream".into())
    }
    async fn stop_streaming(&self, _: &str, _: &str, _: &str) -> Result<(), ChatError> {
        Ok(())
    }
    async fn send_message(&self, _: &Token, _: &str, _: &str, _: &str) -> Result<(), ChatError> {
        self.said.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
    async fn send_typing(&self, _: &Token) -> Result<(), ChatError> {
        Ok(())
    }
    async fn update_attributes(&self, _: &str, _: &str, _: &BTreeMap<String, String>) -> Result<(), ChatError> {
        Ok(())
    }
    async fn transcript(&self, _: &Token) -> Result<Vec<Value>, ChatError> {
        Ok(Vec::new())
    }
    async fn disconnect(&self, _: &Token, _: &str) -> Result<(), ChatError> {
        Ok(())
    }
}

#[async_trait]
impl Agent for Ears {
    async fn ask(&self, _: Question) -> Result<BoxStream<'static, Result<AgentEvent, AgentError>>, AgentError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = b"It is on its way.".to_vec();
        Ok(stream::iter([Ok(AgentEvent::Chunk(answer))]).boxed())
    }
}

#[async_trait]
impl Sessions for Ears {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let sessions = self.sessions().clone();
        sessions.apply(key, op).await
    }
}

impl Clock for Ears {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}
