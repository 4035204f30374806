//! What a decision of a contact reads besides the contact, and what it wants done.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    api::Sent,
    centre::{Config, QueueConfig},
    directory::QueueFigures,
    item::Item,
    observe::What,
    ports::Ids,
    stream::Notification,
};

/// The surroundings of one decision.
pub(crate) struct Here<'a> {
    pub(crate) now_ms: i64,
    pub(crate) ids: &'a dyn Ids,
    pub(crate) config: &'a Config,
    pub(crate) queue: &'a dyn QueueBook,
}

/// The queues as one contact's decision sees them.
pub(crate) trait QueueBook {
    /// A queue's figures now.
    fn figures(&self, queue: &QueueConfig) -> QueueFigures;
    /// How many others wait in the queue who come before whoever has this rank.
    fn ahead(&self, queue: &QueueConfig, rank: (i64, i64)) -> u32;
    /// Takes a place in the queue for this contact. `false`: the queue is at capacity.
    fn take_place(&self, queue: &QueueConfig) -> bool;
}

/// One line of the transcript, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// 0, 1, 2, …: the order of the transcript.
    pub(crate) seq: u64,
    /// The item's `AbsoluteTime`, strictly growing within a contact.
    pub(crate) at_ms: i64,
    /// The `ClientToken` it was sent with.
    pub(crate) client_token: Option<String>,
    pub(crate) item: Item,
}

/// A notification for a topic that is kept until the topic has taken it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// The transcript's place of its item, and the topic's number among the contact's topics: its key in the outbox.
    pub(crate) seq: u64,
    pub(crate) topic_number: usize,
    pub(crate) topic_arn: String,
    pub(crate) notification: Notification,
}

/// A function to be called for the flow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// Counts the contact's calls, so that a late answer is known as one.
    pub(crate) number: u64,
    pub(crate) arn: String,
    pub(crate) event: Value,
    pub(crate) limit_ms: u64,
}

/// One thing to do after the change is on disk.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// Into the transcript and to everybody's sockets.
    Item(Arc<Entry>),
    /// Into the transcript in the place of what it was, and to everybody's sockets.
    Renew(Arc<Entry>),
    /// Into the transcript in the place of what it was, and to nobody: its receipts have changed.
    Note(Arc<Entry>),
    /// A file belongs to this contact from now on.
    KeepFile { file: String },
    /// A file belongs to nobody any more.
    DropFile { file: String },
    /// To the sockets of everybody but one (typing).
    ToOthers { from: String, item: Box<Item> },
    /// Remember an event in passing by its `ClientToken`.
    Signalled { by: String, client_token: String, sent: Sent },
    /// To the sockets of one participant (receipts).
    To { participant: String, json: String },
    /// To a topic, kept until it is taken.
    Publish(Outgoing),
    /// To a topic, once and not kept: typing is worth nothing later.
    PublishOnce { topic_arn: String, notification: Notification },
    /// This participant's sockets close.
    Close { participant: String },
    /// All sockets close.
    CloseAll,
    /// Call a function.
    Call(Call),
    /// Tell the watchers.
    Observe(What),
}

/// Where a transcript ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct End {
    /// The place of the next item.
    pub(crate) next_seq: u64,
    /// The time of the last item.
    pub(crate) last_ms: i64,
}

impl End {
    /// Where it ends once this entry is its last.
    pub(crate) fn with(entry: &Entry) -> Self {
        Self { next_seq: entry.seq + 1, last_ms: entry.at_ms }
    }
}

/// Everything one decision wants done, in order.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub(crate) list: Vec<Effect>,
    end: End,
}

impl Effects {
    /// Of a contact whose transcript ends here so far.
    pub(crate) fn after(end: End) -> Self {
        Self { list: Vec::new(), end }
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.list.push(effect);
    }

    /// The transcript's next place, and the time of the item there. Clients and bots order items by time, so no two items
    /// of a contact share one.
    pub(crate) fn next_place(&self, now_ms: i64) -> (u64, i64) {
        (self.end.next_seq, now_ms.max(self.end.last_ms + 1))
    }

    /// Puts an entry at the transcript's end.
    pub(crate) fn enter(&mut self, entry: Arc<Entry>) {
        self.end = End::with(&entry);
        self.push(Effect::Item(entry));
    }

    pub(crate) fn observe(&mut self, what: What) {
        self.list.push(Effect::Observe(what));
    }
}
