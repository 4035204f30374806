//! The desk's operations: agents, offers, transfers, outcomes; and what is offered to whom, again after every change.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::timeout;

use super::{inner::Inner, keys};
use crate::{
    api::{CreatedParticipant, DeskContact},
    contact::{Contact, Effects},
    desk::{Agent, AgentSettings, AgentStatus, AgentView, Outcome, TransferTo},
    error::{Error, ErrorKind},
    observe::What,
};

/// Connect's limit of chats at a time.
const MOST_CHATS: u8 = 10;
/// After how long an offer that the store did not take is made again.
const ROUTE_AGAIN: Duration = Duration::from_secs(1);

impl Inner {
    /// Queued and active contacts, the next to be taken at the top: by priority, then by how long it seems to wait.
    pub(super) async fn desk_contacts(&self) -> Vec<DeskContact> {
        let now_ms = self.now_ms();
        let mut contacts = Vec::new();
        for id in self.queue.contacts() {
            if let Some(slot) = self.slot(&id) {
                let contact = &slot.lock().await.contact;
                let shown = contact.at_desk(&self.config(), now_ms);
                contacts.extend(shown.map(|shown| (contact.rank(shown.enqueued_at_ms), shown)));
            }
        }
        contacts.sort_by(|(a, one), (b, other)| (a, &one.contact_id).cmp(&(b, &other.contact_id)));
        contacts.into_iter().map(|(_, contact)| contact).collect()
    }

    pub(super) async fn desk_accept(
        self: &Arc<Self>,
        contact_id: &str,
        display_name: &str,
    ) -> Result<CreatedParticipant, Error> {
        let name = display_name.to_owned();
        self.apply(contact_id, move |contact, context, fx| contact.accept(&name, &context.here, fx)).await
    }

    pub(super) async fn desk_reject(self: &Arc<Self>, contact_id: &str, agent: &str) -> Result<(), Error> {
        let agent = agent.to_owned();
        self.apply(contact_id, move |contact, context, fx| contact.reject(&agent, &context.here, fx)).await
    }

    pub(super) async fn desk_transfer(
        self: &Arc<Self>,
        contact_id: &str,
        to: TransferTo,
        note: String,
    ) -> Result<(), Error> {
        if let TransferTo::Agent(name) = &to
            && self.queue.agent(name).is_none_or(|agent| agent.status == AgentStatus::Offline)
        {
            return Err(Error::new(ErrorKind::NotFound, format!("There is no agent \"{name}\" at the desk.")));
        }
        self.apply(contact_id, move |contact, context, fx| contact.transfer(to, &note, &context.here, fx)).await
    }

    pub(super) async fn desk_end(self: &Arc<Self>, contact_id: &str, outcome: Option<Outcome>) -> Result<(), Error> {
        self.apply(contact_id, move |contact, context, fx| contact.end_by_agent(outcome, &context.here, fx)).await
    }

    /// Also of a contact that is over.
    pub(super) async fn desk_outcome(self: &Arc<Self>, contact_id: &str, outcome: Outcome) -> Result<(), Error> {
        if self.slot(contact_id).is_some() {
            let now = outcome.clone();
            let set = move |contact: &mut Contact, context: &super::inner::Context<'_>, _: &mut Effects| {
                contact.set_outcome(now, &context.here)
            };
            let set = self.apply(contact_id, set).await;
            if set.is_ok() || self.slot(contact_id).is_some() {
                return set;
            }
        }
        let (inner, contact_id) = (self.clone(), contact_id.to_owned());
        let work = tokio::spawn(async move {
            inner.change_ended(&contact_id, |contact, here, _| contact.set_outcome(outcome, here)).await
        });
        work.await.map_err(Error::internal)?
    }

    /// The agent closes its after contact work without an outcome.
    pub(super) async fn desk_close(self: &Arc<Self>, contact_id: &str) -> Result<(), Error> {
        let (inner, contact_id) = (self.clone(), contact_id.to_owned());
        let work = tokio::spawn(async move {
            let close = |contact: &mut Contact, here: &crate::contact::Here<'_>, _: &mut Effects| {
                contact.desk.work_is_done(here.now_ms);
                Ok(())
            };
            inner.change_ended(&contact_id, close).await
        });
        work.await.map_err(Error::internal)?
    }

    pub(super) fn agents(&self) -> Vec<AgentView> {
        self.queue.agents()
    }

    /// Signs an agent in, or changes what it has set.
    pub(super) async fn set_agent(self: &Arc<Self>, name: &str, settings: AgentSettings) -> Result<(), Error> {
        let AgentSettings { status, max_chats, queues } = settings;
        if !(1..=256).contains(&name.chars().count()) {
            return Err(Error::new(ErrorKind::InvalidParameter, "An agent's name must have 1 to 256 characters."));
        }
        if !(1..=MOST_CHATS).contains(&max_chats) {
            return Err(Error::new(ErrorKind::InvalidParameter, "maxChats must be from 1 to 10."));
        }
        let config = self.config();
        let queue_id = |named: &String| config.require_queue(named).map(|queue| queue.id.clone());
        let queues = match queues {
            Some(named) => named.iter().map(queue_id).collect::<Result<_, _>>()?,
            None => self.queue.agent(name).map(|before| before.queues).unwrap_or_default(),
        };
        let agent = Agent { name: name.to_owned(), status, since_ms: self.now_ms(), max_chats, queues };
        let inner = self.clone();
        let work = tokio::spawn(async move {
            let key = keys::agent(&agent.name);
            let _alone = match inner.shard(&key) {
                Some(shard) => Some(shard.lock().await),
                None => None,
            };
            let put = vec![(key, keys::encode(&agent)?)];
            let batch = crate::ports::Batch { put, delete: Vec::new() };
            inner.ports.store.commit(batch).await.map_err(Error::internal)?;
            inner.queue.set_agent(agent);
            inner.routing.ring();
            inner.observe("", What::Agents);
            Ok(())
        });
        work.await.map_err(Error::internal)?
    }

    /// Offers what can be offered, and takes back what nobody will answer. Whether all of it was done.
    async fn route(self: &Arc<Self>) -> bool {
        let plan = self.queue.plan();
        let mut all = true;
        for (contact_id, agent) in plan.withdrawals {
            let withdraw = move |contact: &mut Contact, _: &super::inner::Context<'_>, _: &mut Effects| {
                contact.withdraw_offer(&agent);
                Ok(())
            };
            all &= done_or_not_needed(&contact_id, self.apply(&contact_id, withdraw).await);
        }
        for (contact_id, agent) in plan.offers {
            let offer = move |contact: &mut Contact, context: &super::inner::Context<'_>, fx: &mut Effects| {
                contact.offer(&agent, &context.here, fx)
            };
            all &= done_or_not_needed(&contact_id, self.apply(&contact_id, offer).await);
        }
        all
    }
}

/// Otherwise the store failed: the contact still waits, and nothing else may ever ring for it. A contact that was taken, or
/// ended, before the plan was carried out needs it no more.
fn done_or_not_needed(contact_id: &str, done: Result<(), Error>) -> bool {
    let Err(error) = done else { return true };
    tracing::debug!(contact = contact_id, cause = ?error.cause, "an offer was not made or taken back");
    error.kind != ErrorKind::Internal
}

/// The one task that offers contacts. It ends with the centre.
pub(super) async fn keep_routing(centre: Weak<Inner>, bell: Arc<tokio::sync::Notify>) {
    let mut done = true;
    loop {
        if done {
            bell.notified().await;
        } else {
            drop(timeout(ROUTE_AGAIN, bell.notified()).await);
        }
        let Some(inner) = centre.upgrade() else { return };
        done = inner.route().await;
    }
}

/// Rings when something has changed that may lead to an offer, and for the last time when the centre is gone.
#[derive(Default)]
pub(super) struct Bell(pub(super) Arc<tokio::sync::Notify>);

impl Bell {
    pub(super) fn ring(&self) {
        self.0.notify_one();
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.ring();
    }
}
