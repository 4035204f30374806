//! What a flow may look up while it runs.

use serde::{Deserialize, Serialize};

/// What the flow may look up about its contact and the centre, without changing anything.
pub trait FlowWorld {
    /// A contact attribute (`$.Attributes.key`).
    fn attribute(&self, key: &str) -> Option<String>;
    /// A system attribute, by its path below `$`, e.g. `["ContactId"]`, `["Queue", "Name"]`, `["SegmentAttributes", "connect:Subtype"]`.
    fn system(&self, path: &[&str]) -> Option<String>;
    /// Whether the hours of operation are open now; `None`: no such hours (error branch). `None` id: the target queue's.
    fn hours_open(&self, hours_id: Option<&str>) -> Option<bool>;
    /// A queue's metric; `None` queue: the target queue. `None` result: no such queue (error branch).
    fn metric(&self, metric: Metric, queue: Option<&str>) -> Option<i64>;
    /// Whether a bot is in the chat (`Wait` needs to know).
    fn bot_present(&self) -> bool;
    /// The time, in ms since the epoch.
    fn now_ms(&self) -> i64;
    /// A number in 0..100 for `DistributeByPercentage`, different for each contact and visit.
    fn percentile(&self) -> u8;
    /// A queue's name and ARN; `None` queue: the target queue.
    fn queue_names(&self, queue: Option<&str>) -> Option<(String, String)>;
    /// The contact's place in its queue, the first being 1; `None` while it waits in none.
    fn position_in_queue(&self) -> Option<i64>;
    /// A fresh identifier, for an invocation that the flow does not wait for.
    fn fresh_id(&self) -> String {
        String::new()
    }
}

/// `CheckMetricData`'s metric types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metric {
    /// `NumberOfAgentsAvailable`.
    AgentsAvailable,
    /// `NumberOfAgentsStaffed`.
    AgentsStaffed,
    /// `NumberOfAgentsOnline`.
    AgentsOnline,
    /// `NumberOfContactsInQueue`.
    ContactsInQueue,
    /// `OldestContactInQueueAgeSeconds`, in milliseconds on the wire.
    OldestContactAge,
}
