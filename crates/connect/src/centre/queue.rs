//! The desk across contacts: who waits, who is with an agent, which agents there are. In memory; what is on disk counts.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::routing::{self, Plan, Waiting};
use crate::{
    centre::{Config, QueueConfig},
    contact::{Contact, QueueBook, Stage},
    desk::{Agent, AgentStatus, AgentView},
    directory::QueueFigures,
};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// A place in a queue, by its id, taken by a decision that is not on disk yet.
    Reserved {
        queue: String,
    },
    Queued(Waiting),
    Active {
        queue: String,
        agent: String,
    },
    /// Over, and its agent has yet to say how it came out.
    After {
        agent: String,
    },
}

struct Book {
    /// What counts until the first agent has signed in: people who serve every queue.
    staffed: u32,
    standing: HashMap<String, Standing>,
    agents: BTreeMap<String, Agent>,
}

/// The queues and the agents.
pub(super) struct Queue {
    book: Mutex<Book>,
}

/// The queues as one contact's decision sees it.
pub(super) struct Place<'a> {
    queue: &'a Queue,
    contact_id: &'a str,
}

impl Queue {
    pub(super) fn new(staffed: u32) -> Self {
        let book = Book { staffed, standing: HashMap::new(), agents: BTreeMap::new() };
        Self { book: Mutex::new(book) }
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
        if book.agents.is_empty() {
            return Plan::default();
        }
        let waiting = book.standing.iter().filter_map(|(id, standing)| match standing {
            Standing::Queued(waiting) => Some((id.as_str(), waiting)),
            _ => None,
        });
        routing::plan(waiting.collect(), &book.views())
    }

    pub(super) fn place<'a>(&'a self, contact_id: &'a str) -> Place<'a> {
        Place { queue: self, contact_id }
    }

    /// Makes the book say of this contact what the contact says of itself: what is on disk counts. Whether that is anything
    /// new: most of what happens to a contact changes nothing here.
    pub(super) fn sync(&self, contact: &Contact, config: &Config) -> bool {
        let queue = || contact.queue(config).id.clone();
        let standing = match contact.stage {
            Stage::Queued { enqueued_ms } => Some(Standing::Queued(Waiting {
                queue: queue(),
                enqueued_ms,
                rank: contact.rank(enqueued_ms),
                offer: contact.desk.offer.clone(),
                passed: contact.desk.passed.clone(),
                meant_for: contact.desk.meant_for.clone(),
            })),
            Stage::Active { .. } => {
                Some(Standing::Active { queue: queue(), agent: contact.last_agent().unwrap_or_default() })
            }
            Stage::Ended { .. } => contact.desk.after_contact.clone().map(|agent| Standing::After { agent }),
            Stage::Created | Stage::Flow => None,
        };
        let mut book = self.book();
        match standing {
            Some(standing) if book.standing.get(&contact.id) == Some(&standing) => false,
            Some(standing) => {
                book.standing.insert(contact.id.clone(), standing);
                true
            }
            None => book.standing.remove(&contact.id).is_some(),
        }
    }

    /// What the figures of queues are now, together.
    pub(super) fn figures(&self, queue_ids: &[&str]) -> QueueFigures {
        self.book().figures(queue_ids)
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
            active: count(&|it| matches!(it, Standing::Active { agent: name, .. } if *name == agent.name)),
            after_contact: count(&|it| matches!(it, Standing::After { agent: name } if *name == agent.name)),
            offered: count(&|it| match it {
                Standing::Queued(waiting) => waiting.offer.as_ref().is_some_and(|offer| offer.agent == agent.name),
                _ => false,
            }),
            agent: agent.clone(),
        };
        self.agents.values().map(view).collect()
    }

    fn figures(&self, queue_ids: &[&str]) -> QueueFigures {
        let among = |queue: &str| queue_ids.contains(&queue);
        let mut figures = QueueFigures::default();
        let mut with_agents = 0;
        for standing in self.standing.values() {
            match standing {
                Standing::Reserved { queue } => figures.queued += u32::from(among(queue)),
                Standing::Queued(waiting) if among(&waiting.queue) => {
                    figures.queued += 1;
                    let oldest = figures.oldest_enqueued_ms.unwrap_or(waiting.enqueued_ms);
                    figures.oldest_enqueued_ms = Some(oldest.min(waiting.enqueued_ms));
                }
                Standing::Active { queue, .. } => {
                    with_agents += 1;
                    figures.active += u32::from(among(queue));
                }
                Standing::Queued(_) | Standing::After { .. } => {}
            }
        }
        if self.agents.is_empty() {
            let available = self.staffed.saturating_sub(with_agents);
            return QueueFigures {
                online: self.staffed,
                staffed: self.staffed,
                available,
                free_places: available,
                on_contact: self.staffed.min(with_agents),
                ..figures
            };
        }
        for view in self.views().into_iter().filter(|view| queue_ids.iter().any(|queue| view.agent.serves(queue))) {
            let (status, free) = (view.agent.status, routing::free_places(&view));
            let works_after = status == AgentStatus::AfterContactWork;
            figures.online += u32::from(status != AgentStatus::Offline);
            figures.staffed += u32::from(status == AgentStatus::Available || works_after);
            figures.available += u32::from(free > 0);
            figures.free_places += free;
            figures.on_contact += u32::from(view.active > 0);
            figures.after_contact_work += u32::from(works_after || view.after_contact > 0);
        }
        figures
    }
}

impl QueueBook for Place<'_> {
    fn figures(&self, queue: &QueueConfig) -> QueueFigures {
        self.queue.figures(&[&queue.id])
    }

    fn ahead(&self, queue: &QueueConfig, rank: (i64, i64)) -> u32 {
        let before = |waiting: &Waiting| waiting.queue == queue.id && waiting.rank < rank;
        let book = self.queue.book();
        let ahead = book.standing.iter().filter(|(id, standing)| {
            *id != self.contact_id && matches!(standing, Standing::Queued(waiting) if before(waiting))
        });
        u32::try_from(ahead.count()).unwrap_or(u32::MAX)
    }

    fn take_place(&self, queue: &QueueConfig) -> bool {
        let mut book = self.queue.book();
        let waits = |standing: &Standing| match standing {
            Standing::Reserved { queue: in_queue } => *in_queue == queue.id,
            Standing::Queued(waiting) => waiting.queue == queue.id,
            Standing::Active { .. } | Standing::After { .. } => false,
        };
        // Who waits in it already takes no second place.
        let others = || book.standing.iter().filter(|(id, standing)| *id != self.contact_id && waits(standing)).count();
        let full = queue.capacity.is_some_and(|most| others() >= usize::try_from(most).unwrap_or(usize::MAX));
        if !full {
            book.standing.insert(self.contact_id.to_owned(), Standing::Reserved { queue: queue.id.clone() });
        }
        !full
    }
}
