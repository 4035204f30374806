//! A person takes a contact out of the queue.

use super::{
    Contact, Effect, Effects, Here, Stage,
    participant::{Participant, Presence},
    start::check_name,
};
use crate::{
    api::{CreatedParticipant, DeskContact, DeskState},
    centre::Config,
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
        if let Some(id) = self.bot().map(|b| b.id.clone()) {
            self.leave(&id, Presence::Left, here, fx);
            fx.push(Effect::Close { participant: id });
        }
        let agent = Participant::invite(Role::Agent, display_name, None, here.now_ms, here.ids);
        let answer = agent.credentials(self.ends_at_ms);
        self.participants.push(agent);
        self.stage = Stage::Active { enqueued_ms, accepted_ms: here.now_ms };
        self.updated_ms = here.now_ms;
        fx.changed();
        fx.observe(What::Accepted);
        Ok(answer)
    }

    /// Which of those that wait is the next: by priority, then by when it seems to have been queued.
    pub(crate) fn rank(&self, shown: &DeskContact) -> (i64, i64) {
        let routing = self.flow.routing;
        (routing.priority, shown.enqueued_at_ms.saturating_sub(routing.age_s.saturating_mul(1000)))
    }

    /// The contact as the desk sees it; `None` while it is not the desk's business.
    pub(crate) fn at_desk(&self, config: &Config, now_ms: i64) -> Option<DeskContact> {
        let (state, enqueued_at_ms, until_ms) = match self.stage {
            Stage::Queued { enqueued_ms } => (DeskState::Queued, enqueued_ms, now_ms),
            Stage::Active { enqueued_ms, accepted_ms } => (DeskState::Active, enqueued_ms, accepted_ms),
            Stage::Created | Stage::Flow | Stage::Ended { .. } => return None,
        };
        Some(DeskContact {
            contact_id: self.id.clone(),
            state,
            customer_display_name: self.customer().map(|c| c.display_name.clone()).unwrap_or_default(),
            queue: self.flow.queue(config).unwrap_or(&config.queue).name.clone(),
            enqueued_at_ms,
            waiting_ms: (until_ms - enqueued_at_ms).max(0),
            agent_display_name: self.agent().map(|a| a.display_name.clone()),
            attributes: self.attributes.clone(),
        })
    }
}
