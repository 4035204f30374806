//! What the agents did, kept for the inspector: the last traces of the last contacts, in memory alone.

use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use super::{ring::Ring, system::System};

/// How many traces of one contact are kept.
const PER_CONTACT: usize = 400;

/// One trace.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TraceEntry {
    /// When it came, in ms since the epoch.
    pub at_ms: i64,
    /// The same in microseconds: a waterfall of an embedded model needs them.
    pub at_us: i64,
    /// Bedrock's `TracePart`.
    pub trace: Value,
}

/// The traces by contact.
pub(crate) struct Traces {
    kept: Ring<TraceEntry>,
    added: broadcast::Sender<(String, i64)>,
}

impl Traces {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { kept: Ring::new(PER_CONTACT), added: broadcast::channel(256).0 }
    }

    /// A contact's traces, oldest first.
    pub(crate) fn of(&self, contact_id: &str) -> Vec<TraceEntry> {
        self.kept.of(contact_id)
    }

    /// Watches for new ones: contact and time.
    pub(crate) fn watch(&self) -> broadcast::Receiver<(String, i64)> {
        self.added.subscribe()
    }
}

impl relevo_bridge::Observer for Traces {
    fn trace(&self, contact_id: &str, trace: &Value) {
        let at_us = System::micros();
        self.kept.add(contact_id, TraceEntry { at_ms: at_us / 1000, at_us, trace: trace.clone() });
        // Nobody watching is fine.
        drop(self.added.send((contact_id.to_owned(), at_us / 1000)));
    }
}
