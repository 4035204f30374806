//! What a contact waits for by the clock, and what it does when the time has come.

use super::{Contact, Effects, Here, Reason, Stage};
use crate::{desk::Declined, flow::FlowInput};

/// The customer must connect within 5 minutes of `StartChatContact`.
const CUSTOMER_CONNECTS_WITHIN_MS: i64 = 5 * 60_000;

impl Contact {
    /// The next time at which [`Contact::timer_fired`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<i64> {
        if self.is_ended() {
            return None;
        }
        [
            Some(self.ends_at_ms),
            self.connects_by(),
            self.bot_lapses_at(),
            self.flow.waits_until(),
            self.offer_until(),
            self.desk.meant_until(),
            self.attachments_wait_until(),
            self.silent_until(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn connects_by(&self) -> Option<i64> {
        (self.stage == Stage::Created).then(|| self.created_ms + CUSTOMER_CONNECTS_WITHIN_MS)
    }

    /// Does what is due. Firing early or twice does nothing.
    pub(crate) fn timer_fired(&mut self, here: &Here<'_>, fx: &mut Effects) {
        let due = |at: Option<i64>| at.is_some_and(|at| at <= here.now_ms);
        if self.is_ended() {
            return;
        }
        if due(Some(self.ends_at_ms)) {
            return self.end(Reason::Expired, here, fx);
        }
        if due(self.connects_by()) {
            return self.end(Reason::CustomerConnectionNotEstablished, here, fx);
        }
        self.settle_attachments(false, here, fx);
        self.lapse_late_bot(here, fx);
        if due(self.offer_until()) {
            self.pass(Declined::Missed, here, fx);
        }
        if due(self.desk.meant_until()) {
            self.desk.meant_for = None;
        }
        self.silence_is_over(here, fx);
        if due(self.flow.waits_until()) {
            self.flow.clear_wait();
            self.advance(FlowInput::TimerFired, here, fx);
        }
    }
}
