//! What is measured, as values.

use std::time::Duration;

use crate::{aws::Operation, subject::Subject};

/// How much, and how slow AWS is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Fresh processes.
    pub(crate) starts: usize,
    /// Warm turns.
    pub(crate) turns: usize,
    pub(crate) call: Duration,
    pub(crate) agent: Duration,
}

/// What a start costs: medians over the fresh processes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// From the start of the process to its first `next`.
    pub(crate) init: Duration,
    /// From the start of the process to the first answer.
    pub(crate) first_answer: Duration,
    /// Time on a processor until then.
    pub(crate) cpu: Duration,
}

/// What a turn costs in a process that runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Warm {
    /// Time on a processor, a turn.
    pub(crate) cpu: Duration,
    /// From delivery to answer, the median.
    pub(crate) turn: Duration,
    /// In bytes, at the end of all turns.
    pub(crate) peak_memory: u64,
    /// Calls of AWS in a turn.
    pub(crate) calls: usize,
}

/// The way to the customer's first words with the set delays.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// In a process that runs.
    pub(crate) warm: Duration,
    /// In a fresh process, from its start on.
    pub(crate) cold: Duration,
    /// Where the agent's first paragraph comes early, and by when it came.
    pub(crate) paragraph: (Duration, Duration),
    /// The calls on the way.
    pub(crate) path: Vec<Operation>,
    pub(crate) round_trips: usize,
}

/// One row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) subject: Subject,
    pub(crate) start: Start,
    pub(crate) warm: Warm,
    /// Where there are words.
    pub(crate) words: Option<Words>,
}
