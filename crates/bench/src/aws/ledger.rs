//! What was asked of AWS, and when.

use std::{
    fmt,
    time::{Duration, Instant},
};

use super::operation::Operation;

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    /// When its request was there.
    pub(crate) begun: Instant,
    /// When its answer was complete.
    pub(crate) done: Instant,
}

/// The calls of one turn, and the way to the customer's first words.
#[derive(Debug, Default)]
pub(crate) struct Ledger(pub(crate) Vec<Call>);

impl Ledger {
    /// From `delivery` to the end of the first message's call.
    pub(crate) fn first_words(&self, delivery: Instant) -> Option<Duration> {
        self.first_message().map(|call| call.done - delivery)
    }

    /// The calls that the first words had to wait for, in their order: each is the last one to have ended before the next
    /// was begun.
    pub(crate) fn critical_path(&self) -> Vec<Operation> {
        let mut path = Vec::new();
        let mut next = self.first_message();
        while let Some(call) = next {
            path.push(call.operation);
            next = self.0.iter().copied().filter(|it| it.done <= call.begun).max_by_key(|it| it.done);
        }
        path.reverse();
        path
    }

    /// The round trips of the critical path, besides the agent.
    pub(crate) fn round_trips(&self) -> usize {
        self.critical_path().iter().filter(|it| **it != Operation::InvokeAgent).count()
    }

    fn first_message(&self) -> Option<Call> {
        self.0.iter().copied().filter(|it| it.operation == Operation::SendMessage).min_by_key(|it| it.begun)
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|it| it.operation)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_beside_is_no_round_trip() {
        let zero = Instant::now();
        let at = |operation, begun_ms, done_ms| Call {
            operation,
            begun: zero + Duration::from_millis(begun_ms),
            done: zero + Duration::from_millis(done_ms),
        };
        let calls = vec![
            at(Operation::UpdateItem, 1, 26),
            at(Operation::SendEvent, 27, 52),
            at(Operation::InvokeAgent, 27, 1_052),
            at(Operation::UpdateItem, 1_053, 1_078),
            at(Operation::SendMessage, 1_053, 1_079),
            at(Operation::UpdateItem, 1_080, 1_105),
        ];
        let ledger = Ledger(calls);
        assert_eq!(ledger.critical_path(), [Operation::UpdateItem, Operation::InvokeAgent, Operation::SendMessage]);
        assert_eq!(ledger.round_trips(), 2);
        assert_eq!(ledger.first_words(zero), Some(Duration::from_millis(1_079)));
        assert_eq!(Ledger::default().first_words(zero), None);
    }
}
