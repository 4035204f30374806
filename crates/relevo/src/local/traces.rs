//! What the agents did, kept for the inspector: the last traces of the last contacts, in memory alone.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use relevo_connect::ports::Clock as _;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use super::system::System;

/// How many traces of one contact are kept.
const PER_CONTACT: usize = 400;
/// Of how many contacts.
const CONTACTS: usize = 200;

/// One trace.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TraceEntry {
    /// When it came, in ms since the epoch.
    pub at_ms: i64,
    /// Bedrock's `TracePart`.
    pub trace: Value,
}

/// The traces by contact.
pub(crate) struct Traces {
    kept: Mutex<Kept>,
    added: broadcast::Sender<(String, i64)>,
}

#[derive(Default)]
struct Kept {
    order: VecDeque<String>,
    by_contact: HashMap<String, VecDeque<TraceEntry>>,
}

impl Traces {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), added: broadcast::channel(256).0 }
    }

    /// Keeps one.
    pub(crate) fn add(&self, contact_id: &str, at_ms: i64, trace: Value) {
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if !kept.by_contact.contains_key(contact_id) {
                kept.order.push_back(contact_id.to_owned());
                if kept.order.len() > CONTACTS
                    && let Some(oldest) = kept.order.pop_front()
                {
                    kept.by_contact.remove(&oldest);
                }
            }
            let entries = kept.by_contact.entry(contact_id.to_owned()).or_default();
            if entries.len() == PER_CONTACT {
                entries.pop_front();
            }
            entries.push_back(TraceEntry { at_ms, trace });
        }
        // Nobody watching is fine.
        drop(self.added.send((contact_id.to_owned(), at_ms)));
    }

    /// A contact's traces, oldest first.
    pub(crate) fn of(&self, contact_id: &str) -> Vec<TraceEntry> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_contact.get(contact_id).map(|entries| entries.iter().cloned().collect()).unwrap_or_default()
    }

    /// Watches for new ones: contact and time.
    pub(crate) fn watch(&self) -> broadcast::Receiver<(String, i64)> {
        self.added.subscribe()
    }
}

impl relevo_bridge::Observer for Traces {
    fn trace(&self, contact_id: &str, trace: &Value) {
        self.add(contact_id, System.now_ms(), trace.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_contact_and_the_oldest_trace_go_first() {
        let traces = Traces::new();
        for n in 0..=CONTACTS {
            traces.add(&format!("c{n}"), 0, Value::Null);
        }
        for n in 0..=PER_CONTACT {
            traces.add("c200", i64::try_from(n).unwrap(), Value::Null);
        }
        assert!(traces.of("c0").is_empty());
        assert_eq!(traces.of("c1").len(), 1);
        assert_eq!((traces.of("c200").len(), traces.of("c200")[0].at_ms), (PER_CONTACT, 1));
    }
}
