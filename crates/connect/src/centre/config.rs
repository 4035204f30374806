//! What the centre is: one instance, its flows, its queues, and their ARNs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::hours::HoursOfOperation;
use crate::{
    desk::DeskConfig,
    error::{Error, ErrorKind},
    flow::Flow,
};

/// What the centre is: one instance, its flows, its queues.
#[derive(Debug, Clone)]
pub struct Config {
    /// The instance's id (a UUID).
    pub instance_id: String,
    /// 12 digits.
    pub account_id: String,
    /// `us-east-1`.
    pub region: String,
    /// Flows by id, with their name.
    pub flows: Vec<FlowEntry>,
    /// The first queue: the target where a flow names one that is not here. Its `staffed_agents` are those of all.
    pub queue: QueueConfig,
    /// How many bytes of UTF-8 a message may have: 16,384, or less to try a bot against the older limit.
    pub message_limit_bytes: MessageLimit,
    /// Further queues that a flow may name, or a person transfer to.
    pub more_queues: Vec<QueueConfig>,
    /// Hours of operation; without any, every queue is always open.
    pub hours: Vec<HoursOfOperation>,
    /// The desk.
    pub desk: DeskConfig,
}

/// How long a message may be, in bytes of UTF-8. It may change while the centre runs; clones are the same limit.
#[derive(Debug, Clone)]
pub struct MessageLimit(Arc<AtomicUsize>);

impl MessageLimit {
    /// Now.
    pub fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// From now on.
    pub fn set(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

impl From<usize> for MessageLimit {
    fn from(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }
}

/// A published flow.
#[derive(Debug, Clone)]
pub struct FlowEntry {
    /// The flow's id.
    pub id: String,
    /// The flow's name.
    pub name: String,
    /// The flow.
    pub flow: Arc<Flow>,
}

/// A queue.
#[derive(Debug, Clone)]
pub struct QueueConfig {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many agents are staffed at the start ([`Centre::set_staffed_agents`](super::Centre::set_staffed_agents)
    /// changes it; the desk's open windows are not counted).
    pub staffed_agents: u32,
    /// How many contacts it takes; more go to `QueueAtCapacity`.
    pub capacity: Option<u32>,
}

impl Config {
    /// The instance's ARN.
    pub fn instance_arn(&self) -> String {
        format!("arn:aws:connect:{}:{}:instance/{}", self.region, self.account_id, self.instance_id)
    }

    /// The ARN of a part of the instance: `contact`, `contact-flow`, `queue`.
    pub fn arn(&self, kind: &str, id: &str) -> String {
        format!("{}/{kind}/{id}", self.instance_arn())
    }

    /// The queue's ARN.
    pub fn queue_arn(&self) -> String {
        self.arn("queue", &self.queue.id)
    }

    /// A flow or module by its id or ARN; a module's may have an alias behind it (`…:$LATEST`).
    pub fn flow(&self, id_or_arn: &str) -> Option<&FlowEntry> {
        let without_alias = id_or_arn.split_once(":$").map_or(id_or_arn, |(name, _)| name);
        self.flows.iter().find(|f| {
            f.id == without_alias
                || self.arn("contact-flow", &f.id) == without_alias
                || self.arn("flow-module", &f.id) == without_alias
        })
    }

    /// The queues, by which a flow or a person sends a contact on: the flow's own first.
    pub fn queues(&self) -> impl Iterator<Item = &QueueConfig> {
        std::iter::once(&self.queue).chain(&self.more_queues)
    }

    /// A queue by its name, id or ARN, as a person at the desk may write it.
    ///
    /// # Errors
    /// `NotFound`, with the names that there are.
    pub fn require_queue(&self, named: &str) -> Result<&QueueConfig, Error> {
        let found = self.find_queue(named).or_else(|| self.queues().find(|queue| queue.name == named));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.queues().map(|queue| queue.name.as_str()).collect();
            let message = format!("There is no queue \"{named}\"; there are: {}.", known.join(", "));
            Error::new(ErrorKind::NotFound, message)
        })
    }

    /// A queue by its id or ARN.
    pub fn find_queue(&self, id_or_arn: &str) -> Option<&QueueConfig> {
        let fits = |queue: &&QueueConfig| queue.id == id_or_arn || self.arn("queue", &queue.id) == id_or_arn;
        self.queues().find(fits)
    }

    /// Whether hours of operation are open at a time: these, or those of a queue. `None`: there are others, and not these.
    pub fn is_open(&self, hours: Option<&str>, queue: Option<&QueueConfig>, now_ms: i64) -> Option<bool> {
        match (hours, queue) {
            // Nobody has said when anything is open here, and the flow may come from an instance where somebody has.
            _ if self.hours.is_empty() => Some(true),
            (Some(id), _) => self.hours.iter().find(|hours| hours.is(id)).map(|hours| hours.is_open(now_ms)),
            (None, queue) => Some(self.hours_of(queue).is_none_or(|hours| hours.is_open(now_ms))),
        }
    }

    /// The hours of a queue: its own, or those of every queue that has none.
    pub fn hours_of(&self, queue: Option<&QueueConfig>) -> Option<&HoursOfOperation> {
        let of_queue =
            |named: &String| queue.is_some_and(|queue| queue.id == *named || self.arn("queue", &queue.id) == *named);
        let own = self.hours.iter().find(|hours| hours.queues.iter().any(of_queue));
        own.or_else(|| self.hours.iter().find(|hours| hours.queues.is_empty()))
    }

    /// Whether this is the id or the ARN of the instance.
    pub fn is_instance(&self, id_or_arn: &str) -> bool {
        id_or_arn == self.instance_id || id_or_arn == self.instance_arn()
    }
}
