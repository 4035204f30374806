//! What the centre is: one instance, its flows, its queue, and their ARNs.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::{desk::DeskConfig, flow::Flow};

/// What the centre is: one instance, its flows, its queue.
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
    /// The one queue: id and name.
    pub queue: QueueConfig,
    /// How many bytes of UTF-8 a message may have: 16,384, or less to try a bot against the older limit.
    pub message_limit_bytes: MessageLimit,
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

/// The queue.
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

    /// A flow by its id or ARN.
    pub fn flow(&self, id_or_arn: &str) -> Option<&FlowEntry> {
        self.flows.iter().find(|f| f.id == id_or_arn || self.arn("contact-flow", &f.id) == id_or_arn)
    }

    /// The queues that a person can transfer to, by id and name: the flow's own first.
    pub fn desk_queues(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = (self.queue.id.as_str(), self.queue.name.as_str());
        std::iter::once(own).chain(self.desk.queues.iter().map(|(id, name)| (id.as_str(), name.as_str())))
    }

    /// A queue of the desk by its name, id or ARN.
    pub fn desk_queue(&self, named: &str) -> Option<(&str, &str)> {
        self.desk_queues().find(|(id, name)| *id == named || *name == named || self.arn("queue", id) == named)
    }

    /// Whether this is the id or the ARN of the queue.
    pub fn is_queue(&self, id_or_arn: &str) -> bool {
        id_or_arn == self.queue.id || id_or_arn == self.queue_arn()
    }

    /// Whether this is the id or the ARN of the instance.
    pub fn is_instance(&self, id_or_arn: &str) -> bool {
        id_or_arn == self.instance_id || id_or_arn == self.instance_arn()
    }
}
