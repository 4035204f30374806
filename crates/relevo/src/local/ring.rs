//! The last entries of the last contacts, in memory alone: what the inspector shows and nothing else stands on.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Of how many contacts.
const CONTACTS: usize = 200;

/// Entries by contact.
pub(super) struct Ring<T> {
    per_contact: usize,
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    order: VecDeque<String>,
    by_contact: HashMap<String, VecDeque<T>>,
}

impl<T: Clone> Ring<T> {
    /// None yet; at most so many of a contact.
    pub(super) fn new(per_contact: usize) -> Self {
        Self { per_contact, kept: Mutex::new(Kept { order: VecDeque::new(), by_contact: HashMap::new() }) }
    }

    pub(super) fn add(&self, contact_id: &str, entry: T) {
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
        if entries.len() == self.per_contact {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// A contact's, oldest first.
    pub(super) fn of(&self, contact_id: &str) -> Vec<T> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_contact.get(contact_id).map(|entries| entries.iter().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_contact_and_the_oldest_entry_go_first() {
        let ring = Ring::new(3);
        for n in 0..=CONTACTS {
            ring.add(&format!("c{n}"), 0);
        }
        for n in 1..=3 {
            ring.add("c200", n);
        }
        assert!(ring.of("c0").is_empty());
        assert_eq!((ring.of("c1"), ring.of("c200")), (vec![0], vec![1, 2, 3]));
    }
}
