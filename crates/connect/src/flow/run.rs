//! Where one contact stands in its flow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Flow;

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

/// What the centre must do now. The run then stands still until the [`FlowInput`] named with each variant.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowStep {
    /// Say this to the customer, as SYSTEM. Answer with `Done`.
    Say {
        /// The text, placeholders filled.
        text: String,
    },
    /// Set contact attributes. Answer with `Done` or `Failed`.
    SetAttributes(BTreeMap<String, String>),
    /// `UpdateContactData`: only the keys given (`LanguageCode`, `Name`, `Description`, `CustomerId`). Answer with `Done` or `Failed`.
    SetContactData(BTreeMap<String, String>),
    /// Set the target queue (id or ARN as written, placeholders filled). Answer with `Done`, or `Failed` when there is no such queue.
    SetTargetQueue {
        /// Id or ARN.
        queue: String,
    },
    /// Set event hooks: hook name to flow id or ARN. Answer with `Done` or `Failed`.
    SetEventHooks(BTreeMap<String, String>),
    /// Call a function. The run waits for `Function`; it remembers that it waits, so the centre calls again after a restart.
    Invoke {
        /// The ARN or name.
        arn: String,
        /// `Details.Parameters`.
        parameters: BTreeMap<String, String>,
        /// 1..8 s.
        time_limit_ms: u64,
    },
    /// Nothing to do until `TimerFired` at that time, or one of the events that the block names.
    Wait {
        /// When the time is out, in ms since the epoch.
        until_ms: i64,
    },
    /// Put the contact into its target queue. Answer with `Done` (the flow is then over and waits in the queue), `QueueAtCapacity` or `Failed`.
    TransferToQueue,
    /// Go on in another flow (id or ARN). The centre starts that flow's run in place of this one, or answers `Failed`.
    TransferToFlow {
        /// Id or ARN.
        flow: String,
    },
    /// End the contact.
    Disconnect,
    /// The flow is over without ending the contact (`EndFlowExecution`).
    End,
}

/// What the centre reports back, or what happened meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowInput {
    /// Begin.
    Start,
    /// The step is done.
    Done,
    /// The step could not be done: `NoMatchingError`.
    Failed,
    /// `TransferContactToQueue`: `QueueAtCapacity`.
    QueueAtCapacity,
    /// The function's answer; `Err` takes the error branch.
    Function(Result<Value, String>),
    /// The time of a `Wait` is out.
    TimerFired,
    /// The bot left.
    BotDisconnected,
    /// The customer came back.
    CustomerReturned,
}

/// Where one contact stands. Store it between any two steps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowRun {}

impl FlowRun {
    /// A run at the flow's start.
    pub fn new(flow: &Flow) -> Self {
        todo!()
    }

    /// Feeds what happened and returns what to do next. `None`: the input means nothing where the run stands (a late
    /// timer, an event that the current block does not name), and nothing changed.
    pub fn step(&mut self, flow: &Flow, world: &dyn FlowWorld, input: FlowInput) -> Option<FlowStep> {
        todo!()
    }

    /// The step the run stands at, again: after a restart the centre does it once more (`Invoke`, `Wait`).
    pub fn pending(&self) -> Option<FlowStep> {
        todo!()
    }

    /// The path so far; the last is where the run stands.
    pub fn path(&self) -> &[crate::api::PathStep] {
        todo!()
    }
}
