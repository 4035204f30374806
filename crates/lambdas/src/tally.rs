//! What an invocation of `chat-bot` did, added up.

use std::collections::BTreeMap;

use relevo_bot::{ReceiveError, Received};

use crate::{deliveries::Fate, meter::Meter};

/// What an invocation did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Turns that were answered or handed off.
    pub turns: u64,
    /// Messages handled before.
    pub duplicates: u64,
    /// Messages of sessions that are closed: nothing was done.
    pub closed: u64,
    /// Messages of contacts that are not known.
    pub unknown: u64,
    /// Turns that go on in another invocation.
    pub going_on: u64,
    /// Records that were dropped.
    pub malformed: u64,
    /// Records that come again because somebody is at work.
    pub busy: u64,
    /// Records that come again because a service did not answer, or the time was up.
    pub failures: u64,
    /// Parts that the chat took after a person had taken over.
    pub after_handoff: u64,
    /// Customers handed over to a person, by reason.
    pub handoffs: BTreeMap<&'static str, u64>,
    /// Turns without an answer, by kind.
    pub turn_failures: BTreeMap<&'static str, u64>,
    /// From the delivery to the first words, of each delivery that had any.
    pub first_part_ms: Vec<u64>,
    /// How long the agent worked, of each delivery that asked it.
    pub agent_ms: Vec<u64>,
}

impl Tally {
    /// Counts a record in.
    pub(crate) fn count(&mut self, fate: &Fate, meter: &Meter) {
        match fate {
            Fate::Done(Received::Answered | Received::HandedOff) => self.turns += 1,
            Fate::Done(Received::Duplicate) => self.duplicates += 1,
            Fate::Done(Received::Closed) => self.closed += 1,
            Fate::Done(Received::Unknown) => self.unknown += 1,
            Fate::Done(Received::GoesOn) => self.going_on += 1,
            Fate::Done(Received::Waiting | Received::Ended | Received::Superseded | Received::Ignored) => {}
            Fate::Malformed(_) => self.malformed += 1,
            Fate::Again(ReceiveError::Busy) => self.busy += 1,
            Fate::Again(ReceiveError::Unavailable(_)) | Fate::OutOfTime => self.failures += 1,
        }
        self.after_handoff += u64::from(meter.after_handoff);
        if let Some(reason) = meter.departed.filter(|reason| reason.is_handoff()) {
            *self.handoffs.entry(reason.as_str()).or_default() += 1;
        }
        for kind in &meter.failed {
            *self.turn_failures.entry(kind).or_default() += 1;
        }
        self.first_part_ms.extend(meter.first_part_ms);
        self.agent_ms.extend((meter.agent_calls > 0).then_some(meter.agent_ms));
    }

    /// Each number by its metric's name.
    pub(crate) fn counts(&self) -> [(&'static str, u64); 9] {
        [
            ("Turns", self.turns),
            ("Duplicates", self.duplicates),
            ("Closed", self.closed),
            ("Unknown", self.unknown),
            ("GoingOn", self.going_on),
            ("Malformed", self.malformed),
            ("Busy", self.busy),
            ("Failures", self.failures),
            ("MessagesAfterHandoff", self.after_handoff),
        ]
    }
}
