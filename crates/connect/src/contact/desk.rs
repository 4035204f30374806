//! A contact at the desk: it is offered to an agent, and a person takes it out of the queue.

use super::{
    Contact, Effect, Effects, Here, Stage,
    participant::{Participant, Presence},
    start::check_name,
};
use crate::{
    api::{CreatedParticipant, DeskContact, DeskState},
    centre::{Config, QueueConfig},
    desk::{Declined, Offer},
    error::{Error, ErrorKind},
    item::Role,
    observe::What,
};

impl Contact {
    /// The desk's accept: the agent is invited, and a bot that is still there must go.
    pub(crate) fn accept(
        &mut self,
        display_name: &str,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<CreatedParticipant, Error> {
        check_name(display_name)?;
        let enqueued_ms = match self.stage {
            Stage::Queued { enqueued_ms } => enqueued_ms,
            Stage::Active { .. } => {
                // The answer to the first accept may have been lost; an agent who has not connected asks again.
                let lost = |a: &&Participant| a.presence == Presence::Invited && a.display_name == display_name;
                if let Some(agent) = self.agent().filter(lost) {
                    return Ok(agent.credentials(self.ends_at_ms));
                }
                return Err(Error::new(ErrorKind::Conflict, "Another agent has already accepted this contact."));
            }
            Stage::Created | Stage::Flow | Stage::Ended { .. } => {
                return Err(Error::new(ErrorKind::Conflict, "This contact is not waiting in the queue."));
            }
        };
        self.flow.stop();
        self.desk.taken();
        if let Some(id) = self.bot().map(|b| b.id.clone()) {
            self.leave(&id, Presence::Left, here, fx);
            fx.push(Effect::Close { participant: id });
        }
        let agent = Participant::invite(Role::Agent, display_name, None, here.now_ms, here.ids);
        let answer = agent.credentials(self.ends_at_ms);
        self.participants.push(agent);
        self.stage = Stage::Active { enqueued_ms, accepted_ms: here.now_ms };
        self.updated_ms = here.now_ms;
        fx.observe(What::Accepted);
        Ok(answer)
    }

    /// Offers it to an agent. Anybody else may still take it out of the queue.
    pub(crate) fn offer(&mut self, agent: &str, here: &Here<'_>, fx: &mut Effects) -> Result<(), Error> {
        if !matches!(self.stage, Stage::Queued { .. }) || self.desk.offer.is_some() {
            return Err(Error::new(ErrorKind::Conflict, "This contact waits for no offer."));
        }
        let until_ms = here.now_ms + here.config.desk.offer_ms;
        self.desk.offer = Some(Offer { agent: agent.to_owned(), at_ms: here.now_ms, until_ms });
        fx.observe(What::Offered { agent: agent.to_owned() });
        Ok(())
    }

    /// The agent does not want it: it goes back to the queue.
    pub(crate) fn reject(&mut self, agent: &str, here: &Here<'_>, fx: &mut Effects) -> Result<(), Error> {
        if self.desk.offer.as_ref().is_none_or(|offer| offer.agent != agent) {
            return Err(Error::new(ErrorKind::Conflict, "This contact is not offered to this agent."));
        }
        self.pass(Declined::Rejected, here, fx);
        Ok(())
    }

    /// The agent it is offered to is not there any more: that is nobody's refusal.
    pub(crate) fn withdraw_offer(&mut self, agent: &str) {
        if self.desk.offer.as_ref().is_some_and(|offer| offer.agent == agent) {
            self.desk.offer = None;
        }
    }

    /// When the offer is over.
    pub(super) fn offer_until(&self) -> Option<i64> {
        self.desk.offer.as_ref().map(|offer| offer.until_ms)
    }

    pub(super) fn pass(&mut self, how: Declined, here: &Here<'_>, fx: &mut Effects) {
        let Some(agent) = self.desk.offer.as_ref().map(|offer| offer.agent.clone()) else { return };
        self.desk.pass(how, here.now_ms);
        fx.observe(What::Declined { agent, how });
    }

    /// The agent who has it, or had it last.
    pub(crate) fn last_agent(&self) -> Option<String> {
        let agent = self.participants.iter().rev().find(|p| p.role == Role::Agent);
        agent.map(|agent| agent.display_name.clone())
    }

    /// Which of those that wait is the next: by priority, then by when it seems to have been queued.
    pub(crate) fn rank(&self, enqueued_ms: i64) -> (i64, i64) {
        let routing = self.flow.routing;
        (routing.priority, enqueued_ms.saturating_sub(routing.age_s.saturating_mul(1000)))
    }

    /// Its queue: where a person sent it goes before where its flow did.
    pub(crate) fn queue<'c>(&self, config: &'c Config) -> &'c QueueConfig {
        let moved = self.desk.queue_id.as_deref().and_then(|id| config.find_queue(id));
        moved.or_else(|| self.flow.queue(config)).unwrap_or(&config.queue)
    }

    /// The contact as the desk sees it; `None` while it is not the desk's business.
    pub(crate) fn at_desk(&self, config: &Config, now_ms: i64) -> Option<DeskContact> {
        let (state, enqueued_at_ms, until_ms) = match self.stage {
            Stage::Queued { enqueued_ms } => (DeskState::Queued, enqueued_ms, now_ms),
            Stage::Active { enqueued_ms, accepted_ms } => (DeskState::Active, enqueued_ms, accepted_ms),
            Stage::Created | Stage::Flow | Stage::Ended { .. } => return None,
        };
        let queue = self.queue(config);
        Some(DeskContact {
            contact_id: self.id.clone(),
            state,
            customer_display_name: self.customer().map(|c| c.display_name.clone()).unwrap_or_default(),
            queue: queue.name.clone(),
            queue_id: queue.id.clone(),
            enqueued_at_ms,
            waiting_ms: (until_ms - enqueued_at_ms).max(0),
            agent_display_name: self.agent().map(|a| a.display_name.clone()),
            offer: self.desk.offer.clone(),
            passed: self.desk.passed.clone(),
            meant_for: self.desk.meant_for.clone(),
            transfers: self.desk.transfers.clone(),
            language_code: self.profile.language_code.clone(),
            attributes: (*self.attributes).clone(),
        })
    }
}
