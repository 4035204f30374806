//! The chat service, the agent, the store and the clock, in memory, with faults.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use relevo_bot::{
    Bot, BotConfig, Policy, Ports,
    ports::{
        Chat, ChatError, Clock, Connection, Mailbox, MailboxError, Participant, Question, Token, TurnFailure, Watch,
    },
    sessions::{CloseReason, MemorySessions, Message, Op, Outcome, Sessions, SessionsError},
};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::faults::{Dice, Failure, Faults};

pub(crate) const CONTACT: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const SECRET: &str = "s3cr3t";
/// The operations of the chat that a participant's or a connection's token is for.
pub(crate) const BY_TOKEN: [&str; 5] = ["create_connection", "send_message", "send_typing", "transcript", "disconnect"];
pub(crate) const EPOCH_MS: i64 = 1_790_000_000_000;

/// What the bot said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) token: String,
    pub(crate) at_ms: i64,
}

/// What the agent was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) turn_id: String,
    pub(crate) at_ms: i64,
    /// The bot had left, or the chat had ended, before.
    pub(crate) too_late: bool,
    /// Other turns at work at the same time.
    pub(crate) beside: Vec<String>,
}

/// Rules of the world that a test may break on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    No,
    /// The store does not know duplicates and gives the lease to everybody.
    Lease,
    /// The bot's client tokens are of no use.
    ClientTokens,
    /// The bot never leaves.
    Leaving,
    /// Failures are not said.
    FailureWords,
    /// A session that was closed is open again.
    Closing,
    /// The transcript holds nothing.
    Transcript,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Every participant that was made, by client token.
    pub(crate) participants: BTreeMap<String, String>,
    pub(crate) connected: BTreeSet<String>,
    pub(crate) left: BTreeSet<String>,
    pub(crate) ended: bool,
    pub(crate) streams: BTreeMap<String, String>,
    pub(crate) stopped: BTreeSet<String>,
    pub(crate) said: Vec<Said>,
    pub(crate) typed_ms: Vec<i64>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) attribute_writes: usize,
    pub(crate) asked: Vec<Asked>,
    pub(crate) handled: Vec<(String, String)>,
    pub(crate) asking: Vec<String>,
    /// Turns in which the agent asked for the hand-off, the last time they were asked.
    pub(crate) escalated: BTreeSet<String>,
    pub(crate) left_ms: Option<i64>,
    /// Longest message the chat takes, in bytes.
    pub(crate) longest: usize,
    /// Everything that was said before a stream stood, or is to be in the transcript.
    pub(crate) transcript: Vec<Value>,
    /// Reading the transcript fails, or hangs.
    pub(crate) transcript_fails: Option<bool>,
    /// The last reading of the transcript was answered.
    pub(crate) transcript_read: bool,
    /// What the bot has put into its mailbox and nobody has taken yet.
    pub(crate) mail: Vec<String>,
    /// Content types the chat takes besides plain text.
    pub(crate) takes: Vec<&'static str>,
    /// Content types of what was said, and of what was refused.
    pub(crate) content_types: Vec<String>,
    /// The agent goes on where it was when it is asked again.
    pub(crate) goes_on: bool,
    /// When each long work was begun, by turn.
    pub(crate) marathons: BTreeMap<String, i64>,
    /// What whoever counts was told: failed turns, departures, parts after a hand-off.
    pub(crate) failed: Vec<&'static str>,
    pub(crate) departed: Vec<CloseReason>,
    pub(crate) said_late: usize,
    /// Somebody else closes the session with this reason while the next message is sent.
    pub(crate) meanwhile: Option<CloseReason>,
    /// The chat takes no message until then.
    pub(crate) throttled_until_ms: Option<i64>,
    /// The answers to so many messages are lost.
    pub(crate) answers_lost: u32,
    /// The participant's names that were asked for.
    pub(crate) names: BTreeSet<String>,
    /// Operations of the chat whose next so many calls end so.
    pub(crate) ends: BTreeMap<&'static str, (u32, ChatError)>,
    /// Operations of the chat that take so long.
    pub(crate) slow: BTreeMap<&'static str, Duration>,
    /// How many connections were made, and from which one on they are good: the others have expired.
    pub(crate) connections: u32,
    pub(crate) good_from: u32,
}

impl State {
    /// Has the next calls of an operation end so.
    pub(crate) fn end(&mut self, operation: &'static str, calls: u32, error: ChatError) {
        self.ends.insert(operation, (calls, error));
    }

    fn ended_by_fault(&mut self, operation: &str) -> Option<ChatError> {
        let (calls, error) = self.ends.get_mut(operation).filter(|(calls, _)| *calls > 0)?;
        *calls -= 1;
        Some(error.clone())
    }

    fn participant(&self, token: &Token) -> Result<String, ChatError> {
        let mut parts = token.expose().strip_prefix(SECRET).unwrap_or_default().split('/').skip(1);
        let name = parts.next().ok_or(ChatError::AccessDenied)?.to_owned();
        let number: Option<u32> = parts.next().and_then(|number| number.parse().ok());
        if number.is_none_or(|number| number < self.good_from) {
            return Err(ChatError::AccessDenied);
        }
        let there = self.connected.contains(&name) && !self.left.contains(&name) && !self.ended;
        if there { Ok(name) } else { Err(ChatError::AccessDenied) }
    }
}

pub(crate) struct World {
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) sessions: Arc<MemorySessions>,
    pub(crate) dice: Arc<Dice>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) broken: Broken,
    begin: Instant,
}

impl World {
    pub(crate) fn new(seed: u64, percent: u64, most: u32, broken: Broken) -> Arc<Self> {
        let dice = Arc::new(Dice::new(seed));
        let state = State { longest: 16_384, ..State::default() };
        Arc::new(Self {
            state: Arc::new(Mutex::new(state)),
            sessions: Arc::default(),
            faults: Arc::new(Faults::new(dice.clone(), percent, most)),
            dice,
            broken,
            begin: Instant::now(),
        })
    }

    /// A world without faults.
    pub(crate) fn calm() -> Arc<Self> {
        Self::new(1, 0, 0, Broken::No)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn bot(self: &Arc<Self>) -> Bot {
        self.bot_with(policy())
    }

    pub(crate) fn bot_with(self: &Arc<Self>, mut policy: Policy) -> Bot {
        if self.broken == Broken::FailureWords {
            policy.texts.failure = BTreeMap::from([("es".to_owned(), String::new())]);
        }
        let ports = Ports {
            chat: self.clone(),
            agent: self.clone(),
            sessions: self.clone(),
            clock: self.clone(),
            handlers: Some(self.clone()),
            mailbox: Some(self.clone()),
            watch: Some(self.clone()),
        };
        let config = BotConfig {
            instance_id: "instance".into(),
            topic_arn: "topic".into(),
            policy,
            languages: vec!["es".into(), "en".into()],
        };
        Bot::new(config, ports)
    }

    /// The chat takes no message for so long.
    pub(crate) fn throttle(&self, time: Duration) {
        let until_ms = self.now_ms() + i64::try_from(time.as_millis()).unwrap();
        self.state().throttled_until_ms = Some(until_ms);
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.state().said.iter().map(|said| said.text.clone()).collect()
    }

    async fn chat<T: Send + 'static>(
        &self,
        operation: &'static str,
        late: bool,
        effect: impl FnOnce(&mut State) -> Result<T, ChatError> + Send + 'static,
    ) -> Result<T, ChatError> {
        let state = self.state.clone();
        let slow = self.state().slow.get(operation).copied();
        if let Some(slow) = slow {
            sleep(slow).await;
        }
        // What has a token may be refused for nothing.
        if BY_TOKEN.contains(&operation) && self.faults.denies() {
            return Err(ChatError::AccessDenied);
        }
        if let Some(error) = self.state().ended_by_fault(operation) {
            return Err(error);
        }
        match self.faults.call(late, move || effect(&mut state.lock().unwrap())).await {
            Ok(result) => result,
            Err(Failure::Throttled) => Err(ChatError::Throttled),
            Err(Failure::Unknown) => Err(ChatError::Unavailable("lost".into())),
        }
    }
}

/// A policy with texts that tell which they are.
pub(crate) fn policy() -> Policy {
    let words = |name: &str| json!({"es": format!("[{name}]"), "en": format!("[{name} en]")});
    let value = json!({
        "displayName": "Asistente",
        "texts": {
            "greeting": words("greeting"), "handoff": words("handoff"), "stillWorking": words("still"),
            "failure": words("failure"), "failureHandoff": words("failure handoff"),
            "unsupported": words("unsupported"),
        },
        "handoff": {
            "functions": ["escalate"], "afterFailures": 2,
            "wishes": {"es": ["hablar con una persona"], "en": ["talk to a human"]},
        },
        "limits": {"agentTimeoutMs": 120_000, "stillWorkingAfterMs": [15_000, 60_000], "typingEveryMs": 8_000},
    });
    serde_json::from_value(value).unwrap()
}

/// The item of a customer's message.
pub(crate) fn item(id: &str, text: &str, time_ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(EPOCH_MS + time_ms).unwrap();
    json!({
        "AbsoluteTime": time.to_string(), "Content": text, "ContentType": "text/plain", "Id": id, "Type": "MESSAGE",
        "ParticipantRole": "CUSTOMER", "InitialContactId": CONTACT, "ContactId": CONTACT,
    })
    .to_string()
}

/// Connect's event.
pub(crate) fn event() -> Value {
    json!({"Name": "ContactFlowEvent", "Details": {"Parameters": {}, "ContactData": {
        "ContactId": CONTACT, "InitialContactId": CONTACT, "LanguageCode": "es-US", "Attributes": {}, "Queue": null}}})
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        EPOCH_MS + i64::try_from(self.begin.elapsed().as_millis()).unwrap()
    }
}

#[async_trait]
impl Chat for World {
    async fn create_participant(&self, _: &str, _: &str, name: &str, token: &str) -> Result<Participant, ChatError> {
        let (token, display_name) = (token.to_owned(), name.to_owned());
        self.chat("create_participant", false, move |state| {
            state.names.insert(display_name);
            let known = state.participants.get(&token).cloned();
            let there = |name: &String| !state.left.contains(name);
            if state.ended || known.is_none() && state.participants.values().any(there) {
                return Err(ChatError::Conflict);
            }
            let name = known.unwrap_or_else(|| format!("p{}", state.participants.len()));
            state.participants.insert(token, name.clone());
            Ok(Participant { participant_id: name.clone(), participant_token: Token::new(format!("{SECRET}/{name}")) })
        })
        .await
    }

    async fn create_connection(&self, token: &Token) -> Result<Connection, ChatError> {
        let name = token.expose().split('/').nth(1).unwrap_or_default().to_owned();
        let expiry_ms = self.now_ms() + 86_400_000;
        self.chat("create_connection", false, move |state| {
            if state.left.contains(&name) || state.ended {
                return Err(ChatError::AccessDenied);
            }
            state.connected.insert(name.clone());
            let number = state.connections;
            state.connections += 1;
            Ok(Connection { connection_token: Token::new(format!("{SECRET}/{name}/{number}")), expiry_ms })
        })
        .await
    }

    async fn start_streaming(&self, _: &str, _: &str, _: &str, token: &str) -> Result<String, ChatError> {
        let token = token.to_owned();
        self.chat("start_streaming", false, move |state| {
            let id = format!("stream{}", state.streams.len());
            Ok(state.streams.entry(token).or_insert(id).clone())
        })
        .await
    }

    async fn stop_streaming(&self, _: &str, _: &str, streaming_id: &str) -> Result<(), ChatError> {
        let id = streaming_id.to_owned();
        self.chat("stop_streaming", true, move |state| {
            state.stopped.insert(id);
            Ok(())
        })
        .await
    }

    async fn send_message(&self, token: &Token, kind: &str, text: &str, client: &str) -> Result<(), ChatError> {
        let (at_ms, kind) = (self.now_ms(), kind.to_owned());
        let meanwhile = self.state().meanwhile.take();
        if let Some(reason) = meanwhile {
            let close = Op::Close { stay: 1, reason, now_ms: at_ms };
            self.sessions.apply(CONTACT, close).await.unwrap();
        }
        let broken = self.broken == Broken::ClientTokens;
        let (token, text, client) = (token.clone(), text.to_owned(), client.to_owned());
        self.chat("send_message", false, move |state| {
            state.participant(&token)?;
            if state.throttled_until_ms.is_some_and(|until| at_ms < until) {
                return Err(ChatError::Throttled);
            }
            let refused = kind != "text/plain" && !state.takes.contains(&kind.as_str());
            state.content_types.push(kind);
            if text.is_empty() || refused {
                return Err(ChatError::Invalid("empty, or of a type that is not supported".into()));
            }
            if text.len() > state.longest {
                return Err(ChatError::TooLong);
            }
            if broken || !state.said.iter().any(|said| said.token == client) {
                state.said.push(Said { text, token: client, at_ms });
            }
            if state.answers_lost > 0 {
                state.answers_lost -= 1;
                return Err(ChatError::Unavailable("lost".into()));
            }
            Ok(())
        })
        .await
    }

    async fn send_typing(&self, token: &Token) -> Result<(), ChatError> {
        let (token, at_ms) = (token.clone(), self.now_ms());
        self.chat("send_typing", false, move |state| {
            state.participant(&token)?;
            state.typed_ms.push(at_ms);
            Ok(())
        })
        .await
    }

    async fn update_attributes(
        &self,
        _: &str,
        _: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        let attributes = attributes.clone();
        self.chat("update_attributes", true, move |state| {
            state.attributes.extend(attributes);
            state.attribute_writes += 1;
            Ok(())
        })
        .await
    }

    async fn transcript(&self, token: &Token) -> Result<Vec<Value>, ChatError> {
        let (token, broken) = (token.clone(), self.broken == Broken::Transcript);
        let fails = {
            let mut state = self.state();
            state.transcript_read = false;
            state.transcript_fails
        };
        match fails {
            Some(true) => std::future::pending().await,
            Some(false) => return Err(ChatError::Invalid("no transcript".into())),
            None => {}
        }
        let read = self.chat("transcript", false, move |state| {
            state.participant(&token)?;
            Ok(if broken { Vec::new() } else { state.transcript.clone() })
        });
        let read = read.await;
        self.state().transcript_read = read.is_ok();
        read
    }

    async fn disconnect(&self, token: &Token, _: &str) -> Result<(), ChatError> {
        let (token, now_ms, broken) = (token.clone(), self.now_ms(), self.broken == Broken::Leaving);
        self.chat("disconnect", true, move |state| {
            let name = state.participant(&token)?;
            if !broken {
                state.left.insert(name);
                state.left_ms.get_or_insert(now_ms);
            }
            Ok(())
        })
        .await
    }
}

impl Watch for World {
    fn turn_failed(&self, failure: &TurnFailure) {
        self.state().failed.push(failure.code());
    }

    fn departed(&self, reason: CloseReason) {
        self.state().departed.push(reason);
    }

    fn said_after_handoff(&self) {
        self.state().said_late += 1;
    }
}

#[async_trait]
impl Mailbox for World {
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError> {
        let (state, message) = (self.state.clone(), message.to_owned());
        let put = move || state.lock().unwrap().mail.push(message);
        self.faults.call(true, put).await.map_err(|_| MailboxError("lost".into()))
    }
}

#[async_trait]
impl Sessions for World {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let (store, key, broken) = (self.sessions.clone(), key.to_owned(), self.broken);
        let late = !matches!(op, Op::Reserve { .. });
        let effect = move || {
            let op = broken_op(broken, op);
            futures_util::FutureExt::now_or_never(store.apply(&key, op)).expect("the memory store never waits")
        };
        match self.faults.call(late, effect).await {
            Ok(result) => result,
            Err(_) => Err(SessionsError("lost".into())),
        }
    }
}

/// What a store that breaks a rule makes of an operation.
fn broken_op(broken: Broken, op: Op) -> Op {
    match (broken, op) {
        // Another id each time, and the lease is always over.
        (Broken::Lease, Op::Deliver { message, now_ms, lease_ms }) => {
            let message = Message { id: format!("{}@{now_ms}", message.id), ..message };
            Op::Deliver { message, now_ms: now_ms + 10_000_000, lease_ms: lease_ms - 10_000_000 }
        }
        (Broken::Closing, Op::Save { fence, session, status, now_ms, .. }) => {
            use relevo_bot::sessions::Status;
            let status = if status == Status::Open { status } else { Status::Open };
            Op::Save { fence, session, status, now_ms, lease_ms: 0 }
        }
        (_, op) => op,
    }
}
