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
    /// Boxed: an entry is large, and a contact's list is moved each time it grows.
    by_contact: HashMap<String, VecDeque<Box<T>>>,
}

impl<T: Clone> Ring<T> {
    /// None yet; at most so many of a contact.
    pub(super) fn new(per_contact: usize) -> Self {
        Self { per_contact, kept: Mutex::new(Kept { order: VecDeque::new(), by_contact: HashMap::new() }) }
    }

    pub(super) fn add(&self, contact_id: &str, entry: T) {
        let entry = Box::new(entry);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = match kept.by_contact.get_mut(contact_id) {
            Some(entries) => {
                let oldest = if entries.len() == self.per_contact { entries.pop_front() } else { None };
                entries.push_back(entry);
                oldest.into_iter().collect()
            }
            None => kept.begin(contact_id, entry),
        };
        // Others wait for the lock; they need not wait for the memory.
        drop(kept);
        drop(gone);
    }

    /// A contact's, oldest first.
    pub(super) fn of(&self, contact_id: &str) -> Vec<T> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_contact
            .get(contact_id)
            .map(|entries| entries.iter().map(|it| T::clone(it)).collect())
            .unwrap_or_default()
    }
}

impl<T> Kept<T> {
    /// The first entry of a contact. Where there are too many contacts the oldest one's entries go, and are given back.
    fn begin(&mut self, contact_id: &str, first: Box<T>) -> VecDeque<Box<T>> {
        self.order.push_back(contact_id.to_owned());
        self.by_contact.insert(contact_id.to_owned(), VecDeque::from([first]));
        let oldest = if self.order.len() > CONTACTS { self.order.pop_front() } else { None };
        oldest.and_then(|oldest| self.by_contact.remove(&oldest)).unwrap_or_default()
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
