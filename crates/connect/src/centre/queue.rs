//! The queue across contacts: who waits, who is with an agent, how many agents are staffed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::contact::{Contact, Figures, QueueBook, Stage};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A place taken by a decision that is not on disk yet.
    Reserved,
    Queued {
        enqueued_ms: i64,
    },
    Active {
        enqueued_ms: i64,
    },
}

struct Book {
    staffed: u32,
    standing: HashMap<String, Standing>,
}

/// The one queue.
pub(super) struct Queue {
    capacity: Option<u32>,
    book: Mutex<Book>,
}

/// The queue as one contact's decision sees it.
pub(super) struct Place<'a> {
    queue: &'a Queue,
    contact_id: &'a str,
}

impl Queue {
    pub(super) fn new(staffed: u32, capacity: Option<u32>) -> Self {
        Self { capacity, book: Mutex::new(Book { staffed, standing: HashMap::new() }) }
    }

    pub(super) fn set_staffed(&self, staffed: u32) {
        self.book().staffed = staffed;
    }

    pub(super) fn place<'a>(&'a self, contact_id: &'a str) -> Place<'a> {
        Place { queue: self, contact_id }
    }

    /// Makes the book say of this contact what the contact says of itself: what is on disk counts.
    pub(super) fn sync(&self, contact: &Contact) {
        let standing = match contact.stage {
            Stage::Queued { enqueued_ms } => Some(Standing::Queued { enqueued_ms }),
            Stage::Active { enqueued_ms, .. } => Some(Standing::Active { enqueued_ms }),
            Stage::Created | Stage::Flow | Stage::Ended { .. } => None,
        };
        let mut book = self.book();
        match standing {
            Some(standing) => book.standing.insert(contact.id.clone(), standing),
            None => book.standing.remove(&contact.id),
        };
    }

    /// Contacts that wait or are with an agent, in no order.
    pub(super) fn contacts(&self) -> Vec<String> {
        self.book().standing.keys().cloned().collect()
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueueBook for Place<'_> {
    fn figures(&self) -> Figures {
        let book = self.queue.book();
        let mut figures = Figures { staffed: book.staffed, ..Figures::default() };
        for standing in book.standing.values() {
            match *standing {
                Standing::Reserved => figures.queued += 1,
                Standing::Queued { enqueued_ms } => {
                    figures.queued += 1;
                    let oldest = figures.oldest_enqueued_ms.unwrap_or(enqueued_ms);
                    figures.oldest_enqueued_ms = Some(oldest.min(enqueued_ms));
                }
                Standing::Active { .. } => figures.active += 1,
            }
        }
        figures
    }

    fn take_place(&self) -> bool {
        let mut book = self.queue.book();
        let waiting = book.standing.values().filter(|s| !matches!(s, Standing::Active { .. })).count();
        let full = self.queue.capacity.is_some_and(|c| waiting >= usize::try_from(c).unwrap_or(usize::MAX));
        if !full {
            book.standing.insert(self.contact_id.to_owned(), Standing::Reserved);
        }
        !full
    }
}
