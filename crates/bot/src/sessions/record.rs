//! The stored record of one contact.
//!
//! Two parts with two writers: the fields of [`SessionRecord`] coordinate deliveries and are changed by anybody's
//! operation; [`SessionRecord::session`] belongs to the holder of the lease alone, who replaces it whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    cards, incoming,
    ports::{FunctionInput, FunctionResult, Token},
};

/// One contact's record. Field names are the attribute names of a table's item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// The key: the initial contact id.
    pub contact_id: String,
    /// Where the conversation stands.
    pub status: Status,
    /// Grows by one with every write: the condition of a conditional write.
    pub version: u64,
    /// Grows by one with every taking of the lease: who holds an older one writes nothing.
    pub fence: u64,
    /// The lease is free from here on, in ms since the epoch; 0 is free.
    pub lease_until_ms: i64,
    /// How often the messages of `taken` were begun: a message that kills its holder is not tried for ever.
    pub attempts: u32,
    /// The messages of the turn at work, in the order they were sent. Its first one names the turn.
    pub taken: Vec<Message>,
    /// Messages that wait for the next turn, in the order they came.
    pub inbox: Vec<Message>,
    /// Ids of the last messages, the ones of `taken` and `inbox` included.
    pub seen: Vec<String>,
    /// When the record may be thrown away, in *seconds* since the epoch (DynamoDB's TTL).
    pub ttl: i64,
    /// What the holder of the lease knows.
    pub session: Session,
}

impl SessionRecord {
    /// The streamed item that makes the bot go on, when messages wait, or a way out is half done, and nobody is at work on
    /// it: it is the item of one of the messages, which the bot knows already.
    pub fn wake_up(&self, now_ms: i64) -> Option<String> {
        let idle = matches!(self.status, Status::Open | Status::Leaving) && self.lease_until_ms <= now_ms;
        let message = self.taken.first().or(self.inbox.first()).filter(|_| idle)?;
        Some(incoming::write(&self.contact_id, message))
    }

    /// Whether the flow's call that began this stay comes again, although the stay is over: its answer was lost. The flow
    /// has not gone on, so the stay is not to be undone by another one. Who comes back to the block brings another event,
    /// in which the hand-off's attributes stand, or comes later. A flow that has just gone on without the bot wants none,
    /// whichever of its calls is the late one.
    pub(crate) fn comes_again(&self, call: u64, now_ms: i64) -> bool {
        let session = &self.session;
        let since_ms = match session.closed {
            None | Some(CloseReason::StartFailed) => return false,
            Some(CloseReason::FlowWentOn) => session.previous.last().map(|stay| stay.closed_ms),
            Some(_) => (session.call == Some(call)).then_some(session.opened_ms),
        };
        since_ms.is_some_and(|since_ms| now_ms - since_ms < CALLED_AGAIN_MS)
    }
}

/// Connect calls a flow's function again within the 8 s of its block. The last call may be slow to begin.
const CALLED_AGAIN_MS: i64 = 15_000;

/// Where the conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The bot is joining.
    Starting,
    /// The bot answers.
    Open,
    /// The bot is on its way out ([`Session::departure`]): nothing is asked any more.
    Leaving,
    /// Over for good.
    Closed,
}

/// A customer's message, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The transcript item's id.
    pub id: String,
    /// `AbsoluteTime` in ms since the epoch.
    pub time_ms: i64,
    /// What was sent.
    pub kind: MessageKind,
}

impl Message {
    /// Its text, if it has one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            MessageKind::Text(text) => Some(text),
            MessageKind::Unsupported | MessageKind::Greeting => None,
        }
    }

    /// Bytes of its text.
    pub fn bytes(&self) -> usize {
        self.text().map_or(0, str::len)
    }
}

/// What is to be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MessageKind {
    /// Words.
    Text(String),
    /// A file, or a content type the bot cannot read.
    Unsupported,
    /// Nothing that was sent: the bot's first words, which the chat did not take while the bot joined.
    Greeting,
}

/// What the holder of the lease knows and writes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Session {
    /// Grows with every write of the holder: a write that comes late changes nothing.
    pub revision: u64,
    /// The contact the bot is in: differs from the key after a transfer.
    pub contact_id: String,
    /// Which stay of the bot in this contact: 1 for the first.
    pub stay: u32,
    /// Which of the flow's calls this stay is the answer to: the hash of its event. Those before this field have none.
    pub call: Option<u64>,
    /// When this stay was opened, in ms since the epoch.
    pub opened_ms: i64,
    /// The bot's participant.
    pub participant_token: Option<Token>,
    /// The bot's connection.
    pub connection_token: Option<Token>,
    /// When the connection token ends, in ms since the epoch.
    pub connection_expiry_ms: i64,
    /// The stream, until it is stopped.
    pub streaming_id: Option<String>,
    /// The customer's language, one of the configured.
    pub language: String,
    /// The greatest part this chat takes, in bytes, when it has refused a greater one.
    pub part_bytes: Option<usize>,
    /// Bytes of the contact attributes that were there at the start: they share one limit with the hand-off's.
    pub attribute_bytes: usize,
    /// This chat has refused Markdown.
    pub plain: bool,
    /// Failed turns in a row.
    pub failures: u32,
    /// Answers in a row in which the agent did not understand, or repeated itself.
    pub clarifications: u32,
    /// What the last answer was, as a hash: to know it again.
    pub last_answer: Option<u64>,
    /// The functions that were executed for the agent, without their arguments, for the hand-off.
    pub tried: Vec<String>,
    /// A function that verifies the customer has answered without an error.
    pub verified: bool,
    /// What the customer was asked to confirm.
    pub pending: Option<Pending>,
    /// The customer's last messages, cut short, for the hand-off's summary and the language.
    pub history: Vec<String>,
    /// The agent's own summary of what was said longer ago.
    pub digest: Option<String>,
    /// Progress of the turn at work; none: nothing of it is stored yet.
    pub turn: Option<Turn>,
    /// The way out.
    pub departure: Option<Departure>,
    /// Why it is closed.
    pub closed: Option<CloseReason>,
    /// Earlier stays of the bot in this contact, oldest first.
    pub previous: Vec<Stay>,
}

/// Lines and bytes of the customer's words that are kept.
const HISTORY_LINES: usize = 12;
const HISTORY_BYTES: usize = 400;
/// Bytes of the agent's summary that are kept.
const DIGEST_BYTES: usize = 4_000;

impl Session {
    /// Remembers what the customer said; numbers of cards are masked before anything is cut.
    pub(crate) fn remember(&mut self, texts: &[String]) {
        for text in texts {
            self.history.push(head(&cards::masked(text), HISTORY_BYTES).to_owned());
        }
        // The first line says what it is about: it stays.
        while self.history.len() > HISTORY_LINES {
            self.history.remove(1);
        }
    }

    /// Remembers the agent's summary, in place of an earlier one.
    pub(crate) fn note_digest(&mut self, text: &str) {
        self.digest = Some(head(&cards::masked(text), DIGEST_BYTES).to_owned());
    }

    /// What the customer wanted: the agent's summary, where it made one of a long conversation, else the customer's first
    /// line; then the last lines in the customer's own words, cut short.
    pub fn summary(&self) -> String {
        const LAST: usize = 3;
        let skip = self.history.len().saturating_sub(LAST);
        let first = self.digest.as_ref().or_else(|| self.history.first().filter(|_| skip > 0)).into_iter();
        first.chain(self.history.iter().skip(skip)).map(String::as_str).collect::<Vec<_>>().join(" / ")
    }
}

/// The first bytes of a text, at the border of a character.
fn head(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Functions that wait for the customer's yes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// Names the agent's request.
    pub invocation_id: String,
    /// What was asked for, in the agent's order.
    pub inputs: Vec<FunctionInput>,
    /// For each input the result, where it needed no yes.
    pub results: Vec<Option<FunctionResult>>,
}

/// Progress of one turn: the outbox.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Turn {
    /// The id: of its first message.
    pub id: String,
    /// When it was begun, in ms since the epoch: its patience goes on in the next process.
    pub begun_ms: i64,
    /// What goes to the customer, in order.
    pub outbox: Vec<Outgoing>,
    /// Nothing more is to be asked: what is in the outbox is all.
    pub complete: bool,
    /// The agent failed in this turn; the outbox says so.
    pub failed: bool,
    /// How often the chat did not take the words of this turn while the customer waited for them.
    pub unsaid: u32,
    /// How often functions were run for the agent in this turn.
    pub round: u32,
    /// How many parts were in the outbox when this round was asked.
    pub round_start: usize,
    /// Results that the agent has to get next: invocation id and results.
    pub results: Option<(String, Vec<FunctionResult>)>,
}

/// One part of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outgoing {
    /// Says which part it is; with contact and turn it makes the client token.
    pub part: String,
    /// The text.
    pub text: String,
    /// The chat has taken it.
    pub sent: bool,
}

/// The way out of the chat: what is to be done, and what is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Departure {
    /// Why.
    pub reason: CloseReason,
    /// Contact attributes to write before leaving; none left when written.
    pub attributes: Option<BTreeMap<String, String>>,
    /// Words to the customer; none left when said.
    pub words: Option<String>,
    /// The stream is still to be stopped.
    pub stop_streaming: bool,
    /// The bot is still to leave.
    pub leave: bool,
}

/// Why a session was closed. The words are `escalationReason`'s codes where a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// Hand-off: the agent called a hand-off function.
    AgentRequest,
    /// Hand-off: the customer asked for a person.
    CustomerRequest,
    /// Hand-off: too many failures in a row.
    AgentFailure,
    /// Hand-off: the agent did not understand, or repeated itself, too often.
    Clarifications,
    /// Hand-off: the agent said that it transfers, and did not call the function.
    AgentPromise,
    /// The customer ended the chat with one of the configured commands.
    CustomerQuit,
    /// The chat ended.
    ChatEnded,
    /// The customer left.
    CustomerLeft,
    /// A person is in the chat.
    PersonJoined,
    /// The chat service says that the bot is no longer in the chat.
    NotOurs,
    /// The bot could not join.
    StartFailed,
    /// The flow went on without the bot.
    FlowWentOn,
}

impl CloseReason {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::AgentRequest,
        Self::CustomerRequest,
        Self::AgentFailure,
        Self::Clarifications,
        Self::AgentPromise,
        Self::CustomerQuit,
        Self::ChatEnded,
        Self::CustomerLeft,
        Self::PersonJoined,
        Self::NotOurs,
        Self::StartFailed,
        Self::FlowWentOn,
    ];

    /// The word stored and written to contact attributes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AgentRequest => "agent_request",
            Self::CustomerRequest => "customer_request",
            Self::AgentFailure => "agent_failure",
            Self::Clarifications => "clarifications",
            Self::AgentPromise => "agent_promise",
            Self::CustomerQuit => "customer_quit",
            Self::ChatEnded => "chat_ended",
            Self::CustomerLeft => "customer_left",
            Self::PersonJoined => "person_joined",
            Self::NotOurs => "not_ours",
            Self::StartFailed => "start_failed",
            Self::FlowWentOn => "flow_went_on",
        }
    }

    /// Whether a person takes over.
    pub fn is_handoff(self) -> bool {
        match self {
            Self::AgentRequest
            | Self::CustomerRequest
            | Self::AgentFailure
            | Self::Clarifications
            | Self::AgentPromise => true,
            Self::CustomerQuit
            | Self::ChatEnded
            | Self::CustomerLeft
            | Self::PersonJoined
            | Self::NotOurs
            | Self::StartFailed
            | Self::FlowWentOn => false,
        }
    }
}

/// An earlier stay of the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// How it ended.
    pub reason: CloseReason,
    /// When, in ms since the epoch.
    pub closed_ms: i64,
    /// What it was about, in the customer's words.
    pub summary: String,
}
