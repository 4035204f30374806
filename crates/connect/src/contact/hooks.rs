//! The flows that Connect runs at certain moments of a contact: while it waits, when an agent joins, when the agent has gone.

use super::{Contact, Effect, Effects, Here, Reason, Stage};

/// While the contact is queued.
const CUSTOMER_QUEUE: &str = "CustomerQueue";
/// When the agent joins: to the agent alone, then to the customer.
const WHISPERS: [&str; 2] = ["AgentWhisper", "CustomerWhisper"];
/// When the agent has gone and the customer is still there: the disconnect flow.
const CUSTOMER_REMAINING: &str = "CustomerRemaining";

impl Contact {
    /// While it is queued, the contact is in the flow that the event hook names, if any.
    pub(super) fn begin_queue_flow(&mut self, here: &Here<'_>, fx: &mut Effects) {
        match self.flow.hooks.get(CUSTOMER_QUEUE).cloned() {
            Some(flow_id) => self.begin(&flow_id, here, fx),
            None => self.flow.stop(),
        }
    }

    /// The agent has joined: there are whispers to come, once the agent can hear them.
    pub(super) fn prepare_whispers(&mut self) {
        self.flow.whispers =
            WHISPERS.into_iter().filter(|hook| self.flow.hooks.contains_key(*hook)).map(str::to_owned).collect();
    }

    /// The agent can hear: a socket is open, or none was asked for. What has begun goes on.
    pub(super) fn begin_whispers(&mut self, here: &Here<'_>, fx: &mut Effects) {
        if self.flow.whispering.is_none() && !self.flow.whispers.is_empty() {
            self.next_whisper(here, fx);
        }
    }

    /// The whisper that is over makes room for the next. A loop, not a recursion: a whisper may be over at once.
    pub(super) fn next_whisper(&mut self, here: &Here<'_>, fx: &mut Effects) {
        if self.flow.whispering.take().is_some() {
            self.flow.stop();
        }
        while matches!(self.stage, Stage::Active { .. }) && !self.flow.whispers.is_empty() {
            let hook = self.flow.whispers.remove(0);
            let Some(flow_id) = self.flow.hooks.get(&hook).cloned() else { continue };
            self.flow.whispering = Some(hook);
            self.begin(&flow_id, here, fx);
            if self.flow.is_running() {
                return;
            }
            self.flow.whispering = None;
            self.flow.stop();
        }
    }

    /// The agent that leaves in the customer's place when the customer ends the chat.
    pub(super) fn agent_to_leave_first(&self, here: &Here<'_>) -> Option<String> {
        let goes_on = self.flow.hooks.get(CUSTOMER_REMAINING).is_some_and(|flow| here.config.flow(flow).is_some());
        let is_active = matches!(self.stage, Stage::Active { .. });
        let agent = self.agent().filter(|_| self.profile.agent_leaves_first && is_active && goes_on)?;
        Some(agent.id.clone())
    }

    /// The agent has gone. The customer is left to the disconnect flow, or the contact is over.
    pub(super) fn agent_left(&mut self, agent_id: &str, reason: Reason, here: &Here<'_>, fx: &mut Effects) {
        let flow = self.flow.hooks.get(CUSTOMER_REMAINING).cloned();
        match flow.filter(|flow| here.config.flow(flow).is_some()) {
            Some(flow_id) => {
                self.flow.whispers.clear();
                self.flow.whispering = None;
                self.desk.served = self.desk_times();
                self.stage = Stage::Flow;
                fx.push(Effect::Close { participant: agent_id.to_owned() });
                self.begin(&flow_id, here, fx);
            }
            None => self.end(reason, here, fx),
        }
    }
}
