//! What only the desk knows of a contact: the offer, who passed it up, its transfers and its outcome.

use serde::{Deserialize, Serialize};

use crate::desk::{Declined, Offer, Outcome, Passed, Transfer};

/// How long a contact waits for the agent it was transferred to; then it is for whoever is free.
const MEANT_FOR_MS: i64 = 2 * 60_000;
/// More than these are forgotten, the oldest first: a contact that nobody takes is stored with each of its offers.
const KEPT_PASSES: usize = 50;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct DeskNotes {
    /// The queue it was transferred to; absent: the flow's.
    pub(crate) queue_id: Option<String>,
    pub(crate) offer: Option<Offer>,
    pub(crate) passed: Vec<Passed>,
    /// The agent it was transferred to, until that agent has passed it up or has had no place for it for a while.
    pub(crate) meant_for: Option<String>,
    /// When that while is over.
    pub(super) meant_until_ms: i64,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) outcome: Option<Outcome>,
    /// The agent who has yet to say how it came out.
    pub(crate) after_contact: Option<String>,
    /// When that was done.
    pub(crate) after_contact_done_ms: Option<i64>,
    /// When it was queued and accepted, of a contact that its agent has left to the disconnect flow.
    pub(super) served: (Option<i64>, Option<i64>),
}

impl DeskNotes {
    /// It waits for nobody any more.
    pub(super) fn taken(&mut self) {
        self.offer = None;
        self.passed.clear();
        self.meant_for = None;
    }

    /// It waits for one agent.
    pub(super) fn mean_for(&mut self, agent: &str, now_ms: i64) {
        self.meant_for = Some(agent.to_owned());
        self.meant_until_ms = now_ms + MEANT_FOR_MS;
    }

    /// Until when it waits for one agent, while that one has no offer.
    pub(super) fn meant_until(&self) -> Option<i64> {
        (self.meant_for.is_some() && self.offer.is_none()).then_some(self.meant_until_ms)
    }

    /// It is over; an agent who had it has an outcome to give, unless that was given with the end.
    pub(super) fn ended(&mut self, agent: Option<String>) {
        self.taken();
        self.after_contact = agent.filter(|_| self.outcome.is_none());
    }

    /// Its agent is done with it.
    pub(crate) fn work_is_done(&mut self, now_ms: i64) {
        if self.after_contact.take().is_some() {
            self.after_contact_done_ms = Some(now_ms);
        }
    }

    /// The offer came to nothing.
    pub(super) fn pass(&mut self, how: Declined, at_ms: i64) {
        let Some(offer) = self.offer.take() else { return };
        self.meant_for = self.meant_for.take().filter(|agent| *agent != offer.agent);
        self.passed.retain(|passed| passed.agent != offer.agent);
        if self.passed.len() >= KEPT_PASSES {
            self.passed.remove(0);
        }
        self.passed.push(Passed { agent: offer.agent, how, at_ms });
    }
}
