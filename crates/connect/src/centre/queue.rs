//! The desk across contacts: who waits, who is with an agent, which agents there are. In memory; what is on disk counts.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::routing::{self, Plan, Waiting};
use crate::{
    contact::{Contact, Figures, QueueBook, Stage},
    desk::{Agent, AgentStatus, AgentView},
};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// A place taken by a decision that is not on disk yet.
    Reserved,
    Queued(Waiting),
    Active {
        agent: String,
    },
    /// Over, and its agent has yet to say how it came out.
    After {
        agent: String,
    },
}

struct Book {
    /// What counts until the first agent has signed in.
    staffed: u32,
    standing: HashMap<String, Standing>,
    agents: BTreeMap<String, Agent>,
}

/// The queues and the agents.
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
        let book = Book { staffed, standing: HashMap::new(), agents: BTreeMap::new() };
        Self { capacity, book: Mutex::new(book) }
    }

    pub(super) fn set_staffed(&self, staffed: u32) {
        self.book().staffed = staffed;
    }

    pub(super) fn set_agent(&self, agent: Agent) {
        self.book().agents.insert(agent.name.clone(), agent);
    }

    pub(super) fn agent(&self, name: &str) -> Option<Agent> {
        self.book().agents.get(name).cloned()
    }

    /// The agents and what they have to do, by name.
    pub(super) fn agents(&self) -> Vec<AgentView> {
        self.book().views()
    }

    /// Who should be offered what now.
    pub(super) fn plan(&self) -> Plan {
        let book = self.book();
        let waiting = book.standing.iter().filter_map(|(id, standing)| match standing {
            Standing::Queued(waiting) => Some((id.as_str(), waiting)),
            _ => None,
        });
        routing::plan(waiting.collect(), &book.views())
    }

    pub(super) fn place<'a>(&'a self, contact_id: &'a str) -> Place<'a> {
        Place { queue: self, contact_id }
    }

    /// Makes the book say of this contact what the contact says of itself: what is on disk counts.
    pub(super) fn sync(&self, contact: &Contact) {
        let standing = match contact.stage {
            Stage::Queued { enqueued_ms } => Some(Standing::Queued(Waiting {
                enqueued_ms,
                rank: contact.rank(enqueued_ms),
                offer: contact.desk.offer.clone(),
                passed: contact.desk.passed.clone(),
                meant_for: contact.desk.meant_for.clone(),
            })),
            Stage::Active { .. } => Some(Standing::Active { agent: contact.last_agent().unwrap_or_default() }),
            Stage::Ended { .. } => contact.desk.after_contact.clone().map(|agent| Standing::After { agent }),
            Stage::Created | Stage::Flow => None,
        };
        let mut book = self.book();
        match standing {
            Some(standing) => book.standing.insert(contact.id.clone(), standing),
            None => book.standing.remove(&contact.id),
        };
    }

    /// A contact that is over and waits for its outcome, as the store has it.
    pub(super) fn adopt_after(&self, contact_id: String, agent: String) {
        self.book().standing.insert(contact_id, Standing::After { agent });
    }

    /// Contacts that wait or are with an agent, in no order.
    pub(super) fn contacts(&self) -> Vec<String> {
        let book = self.book();
        let at_desk = book.standing.iter().filter(|(_, standing)| !matches!(standing, Standing::After { .. }));
        at_desk.map(|(id, _)| id.clone()).collect()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn views(&self) -> Vec<AgentView> {
        let count = |wanted: &dyn Fn(&Standing) -> bool| {
            u32::try_from(self.standing.values().filter(|standing| wanted(standing)).count()).unwrap_or(u32::MAX)
        };
        let view = |agent: &Agent| AgentView {
            active: count(&|it| matches!(it, Standing::Active { agent: name } if *name == agent.name)),
            after_contact: count(&|it| matches!(it, Standing::After { agent: name } if *name == agent.name)),
            offered: count(&|it| match it {
                Standing::Queued(waiting) => waiting.offer.as_ref().is_some_and(|offer| offer.agent == agent.name),
                _ => false,
            }),
            agent: agent.clone(),
        };
        self.agents.values().map(view).collect()
    }
}

impl QueueBook for Place<'_> {
    fn figures(&self) -> Figures {
        let book = self.queue.book();
        let mut figures = Figures::default();
        for standing in book.standing.values() {
            match standing {
                Standing::Reserved => figures.queued += 1,
                Standing::Queued(waiting) => {
                    figures.queued += 1;
                    let oldest = figures.oldest_enqueued_ms.unwrap_or(waiting.enqueued_ms);
                    figures.oldest_enqueued_ms = Some(oldest.min(waiting.enqueued_ms));
                }
                Standing::Active { .. } => figures.active += 1,
                Standing::After { .. } => {}
            }
        }
        if book.agents.is_empty() {
            figures.staffed = book.staffed;
            figures.online = book.staffed;
            figures.available = book.staffed.saturating_sub(figures.active);
        }
        for view in book.views() {
            figures.online += u32::from(view.agent.status != AgentStatus::Offline);
            figures.staffed +=
                u32::from(matches!(view.agent.status, AgentStatus::Available | AgentStatus::AfterContactWork));
            figures.available += u32::from(routing::free_places(&view) > 0);
        }
        figures
    }

    fn take_place(&self) -> bool {
        let mut book = self.queue.book();
        let waits = |standing: &&Standing| matches!(standing, Standing::Reserved | Standing::Queued(_));
        let waiting = book.standing.values().filter(waits).count();
        let full = self.queue.capacity.is_some_and(|c| waiting >= usize::try_from(c).unwrap_or(usize::MAX));
        if !full {
            book.standing.insert(self.contact_id.to_owned(), Standing::Reserved);
        }
        !full
    }
}
