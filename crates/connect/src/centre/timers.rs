//! One clock for all contacts: the next deadline of each, in order, and one task that waits for the first.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

/// The longest sleep: the sleep's clock stands still while a laptop does, so the real time is looked at again.
const LONGEST_SLEEP_MS: i64 = 20_000;

#[derive(Default)]
struct Deadlines {
    by_contact: HashMap<String, i64>,
    in_order: BTreeSet<(i64, String)>,
}

/// The deadlines of all contacts that are going on.
#[derive(Default)]
pub(super) struct Timers {
    deadlines: Mutex<Deadlines>,
    earlier: Notify,
}

impl Timers {
    /// Sets, moves or removes a contact's deadline.
    pub(super) fn set(&self, contact_id: &str, at_ms: Option<i64>) {
        let mut deadlines = self.deadlines.lock().unwrap_or_else(PoisonError::into_inner);
        if deadlines.by_contact.get(contact_id).copied() == at_ms {
            return;
        }
        let first_before = deadlines.in_order.first().map(|(at, _)| *at);
        if let Some(old) = deadlines.by_contact.remove(contact_id) {
            deadlines.in_order.remove(&(old, contact_id.to_owned()));
        }
        if let Some(at) = at_ms {
            deadlines.by_contact.insert(contact_id.to_owned(), at);
            deadlines.in_order.insert((at, contact_id.to_owned()));
        }
        if at_ms.is_some_and(|at| first_before.is_none_or(|first| at < first)) {
            self.earlier.notify_one();
        }
    }

    /// Takes out the contacts whose time has come.
    pub(super) fn take_due(&self, now_ms: i64) -> Vec<String> {
        let mut deadlines = self.deadlines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        while deadlines.in_order.first().is_some_and(|(at, _)| *at <= now_ms) {
            if let Some((_, contact_id)) = deadlines.in_order.pop_first() {
                deadlines.by_contact.remove(&contact_id);
                due.push(contact_id);
            }
        }
        due
    }

    /// How long to sleep until the first deadline.
    pub(super) fn sleep_for(&self, now_ms: i64) -> Duration {
        let deadlines = self.deadlines.lock().unwrap_or_else(PoisonError::into_inner);
        let wait_ms = deadlines.in_order.first().map_or(LONGEST_SLEEP_MS, |(at, _)| at - now_ms);
        Duration::from_millis(u64::try_from(wait_ms.clamp(1, LONGEST_SLEEP_MS)).unwrap_or(1))
    }

    /// Returns when a deadline was set that is earlier than all others.
    pub(super) async fn earlier(&self) {
        self.earlier.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_has_one_deadline_and_they_come_in_order() {
        let timers = Timers::default();
        timers.set("a", Some(30));
        timers.set("b", Some(10));
        timers.set("c", Some(20));
        timers.set("b", Some(40));
        timers.set("c", None);
        assert_eq!(timers.sleep_for(0), Duration::from_millis(30));
        assert_eq!(timers.take_due(29), Vec::<String>::new());
        assert_eq!(timers.take_due(40), ["a", "b"]);
        assert_eq!(timers.take_due(1000), Vec::<String>::new());
    }

    #[tokio::test]
    async fn only_an_earlier_deadline_wakes_the_waiter() {
        let timers = Timers::default();
        timers.set("a", Some(10));
        timers.earlier().await;
        timers.set("b", Some(20));
        let waited = tokio::time::timeout(Duration::from_millis(1), timers.earlier()).await;
        assert!(waited.is_err());
        timers.set("b", Some(5));
        timers.earlier().await;
    }
}
