//! Opening the centre on its store: everything that was going on goes on.

use std::sync::{Arc, Weak};

use super::{
    Config, Ports, desk,
    inner::Inner,
    invoke,
    keys::{self, AFTER, AGENTS, CONTACTS, OUTBOX, Waiting},
    live::Live,
    outbox::Publication,
};
use crate::{contact::Contact, error::Error};

/// How long a contact's deadline is put off when its change could not be stored.
const RETRY_DEADLINE_MS: i64 = 1000;

pub(super) async fn open(config: Config, ports: Ports) -> Result<Arc<Inner>, Error> {
    let inner = Arc::new(Inner::new(config, ports));
    inner.load_flows().await?;
    for agent in keys::list(&*inner.ports.store, AGENTS).await? {
        inner.queue.set_agent(agent);
    }
    for (key, agent) in inner.ports.store.scan(AFTER).await.map_err(Error::internal)? {
        let contact_id = key.trim_start_matches(AFTER).trim_end_matches('/').to_owned();
        inner.queue.adopt_after(contact_id, serde_json::from_slice(&agent).map_err(Error::internal)?);
    }
    let mut calls = Vec::new();
    for (key, value) in inner.ports.store.scan(CONTACTS).await.map_err(Error::internal)? {
        let contact: Contact = match serde_json::from_slice(&value) {
            Ok(contact) => contact,
            Err(error) => {
                // One unreadable contact must not keep all the others from going on. It stays in the store.
                tracing::error!(%key, %error, "a contact in the store cannot be read; it is left alone");
                continue;
            }
        };
        let place = inner.queue.place(&contact.id);
        for call in contact.pending_calls(&inner.here(&inner.config(), &place)) {
            calls.push((contact.id.clone(), call));
        }
        inner.adopt(Live::stored(contact));
    }
    inner.remove_orphans().await?;
    publish_waiting(&inner).await?;
    for (contact_id, call) in calls {
        invoke::start(&inner, &contact_id, call);
    }
    tokio::spawn(keep_time(Arc::downgrade(&inner)));
    tokio::spawn(desk::keep_routing(Arc::downgrade(&inner), inner.routing.0.clone()));
    inner.routing.ring();
    Ok(inner)
}

/// Publishes what the last process recorded and did not see taken.
async fn publish_waiting(inner: &Inner) -> Result<(), Error> {
    for (key, value) in inner.ports.store.scan(OUTBOX).await.map_err(Error::internal)? {
        match serde_json::from_slice::<Waiting>(&value) {
            Ok(waiting) => {
                let (topic_arn, notification) = waiting.into_parts();
                inner.outbox.publish(Publication { key: Some(key), topic_arn, notification, failures: 0 });
            }
            Err(error) => tracing::error!(%key, %error, "a notification in the outbox cannot be read"),
        }
    }
    Ok(())
}

/// The one task that waits for deadlines. It ends with the centre.
async fn keep_time(centre: Weak<Inner>) {
    loop {
        let Some((timers, sleep)) = centre.upgrade().map(|i| (i.timers.clone(), i.timers.sleep_for(i.now_ms()))) else {
            return;
        };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = timers.earlier() => {}
        }
        let Some(inner) = centre.upgrade() else { return };
        for contact_id in inner.timers.take_due(inner.now_ms()) {
            tokio::spawn(fire(inner.clone(), contact_id));
        }
    }
}

async fn fire(inner: Arc<Inner>, contact_id: String) {
    let fired = inner.apply(&contact_id, |contact, context, fx| {
        contact.timer_fired(&context.here, fx);
        Ok(())
    });
    if let Err(error) = fired.await
        && inner.slot(&contact_id).is_some()
    {
        tracing::warn!(contact = %contact_id, cause = ?error.cause, "a contact's deadline could not be kept; trying again");
        inner.timers.set(&contact_id, Some(inner.now_ms() + RETRY_DEADLINE_MS));
    }
}
