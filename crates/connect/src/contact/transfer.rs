//! A person passes the contact on, or ends it and says how it came out.

use super::{Contact, Effect, Effects, Here, Record, Speaker, Stage, participant::Presence};
use crate::{
    desk::{Outcome, Transfer, TransferTo},
    error::{Error, ErrorKind},
    item::event as event_type,
    observe::What,
};

const LONGEST_NOTE: usize = 1000;
const LONGEST_CODE: usize = 100;

impl Contact {
    /// The agent leaves, and the contact waits again: in a queue, or for one agent. Nothing is said to the customer but
    /// that it was transferred.
    pub(crate) fn transfer(
        &mut self,
        to: TransferTo,
        note: &str,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        check_note(note)?;
        let agent = match (&self.stage, self.agent()) {
            (Stage::Active { .. }, Some(agent)) => agent.clone(),
            _ => return Err(Error::new(ErrorKind::Conflict, "No agent has this contact, so none can transfer it.")),
        };
        let (queue_id, to) = match to {
            TransferTo::Queue(named) => {
                let queue = here.config.require_queue(&named)?;
                (Some(queue.id.clone()), TransferTo::Queue(queue.name.clone()))
            }
            TransferTo::Agent(name) if name == agent.display_name => {
                return Err(Error::new(ErrorKind::InvalidRequest, "The contact is with this agent already."));
            }
            TransferTo::Agent(name) => (self.desk.queue_id.clone(), TransferTo::Agent(name)),
        };
        let queue = queue_id.as_deref().and_then(|id| here.config.find_queue(id));
        if !here.queue.take_place(queue.unwrap_or_else(|| self.queue(here.config))) {
            return Err(Error::new(ErrorKind::Conflict, "The queue is at its capacity."));
        }
        self.leave(&agent.id, Presence::Left, here, fx);
        fx.push(Effect::Close { participant: agent.id.clone() });
        self.desk.taken();
        self.desk.queue_id = queue_id;
        if let TransferTo::Agent(name) = &to {
            self.desk.mean_for(name, here.now_ms);
        }
        let transfer = Transfer { at_ms: here.now_ms, by: agent.display_name, to, note: note.to_owned() };
        self.desk.transfers.push(transfer);
        self.stage = Stage::Queued { enqueued_ms: here.now_ms };
        self.updated_ms = here.now_ms;
        self.record(Record::event(event_type::TRANSFER_SUCCEEDED, Speaker::System), here, fx);
        fx.observe(What::Queued { queue: self.queue(here.config).name.clone() });
        Ok(())
    }

    /// The agent ends the contact and says how it came out, both or neither.
    pub(crate) fn end_by_agent(
        &mut self,
        outcome: Option<Outcome>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        let agent = match (&self.stage, self.agent()) {
            (Stage::Active { .. }, Some(agent)) => agent.id.clone(),
            _ => return Err(Error::new(ErrorKind::Conflict, "No agent has this contact, so none can end it.")),
        };
        if let Some(outcome) = outcome {
            self.set_outcome(outcome, here)?;
        }
        self.disconnect(&agent, here, fx)
    }

    /// How it came out; also for a contact that is over. The last one counts.
    pub(crate) fn set_outcome(&mut self, outcome: Outcome, here: &Here<'_>) -> Result<(), Error> {
        let code = outcome.code.trim();
        if code.is_empty() || code.chars().count() > LONGEST_CODE {
            return Err(Error::new(ErrorKind::InvalidParameter, "The outcome's code must have 1 to 100 characters."));
        }
        check_note(&outcome.note)?;
        let by = self.last_agent().ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "No agent has had this contact, so it has no outcome of theirs.")
        })?;
        self.desk.outcome = Some(Outcome { code: code.to_owned(), by, at_ms: here.now_ms, ..outcome });
        self.desk.work_is_done(here.now_ms);
        self.updated_ms = here.now_ms;
        Ok(())
    }
}

fn check_note(note: &str) -> Result<(), Error> {
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::new(ErrorKind::InvalidParameter, "A note must have at most 1000 characters."));
    }
    Ok(())
}
