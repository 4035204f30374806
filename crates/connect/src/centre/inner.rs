//! How a decision becomes a fact: one contact is locked, decides, its change is committed, and only then is anything
//! delivered, still under the lock, so that everybody sees a contact's items in the order of its transcript.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{Mutex as AsyncMutex, MutexGuard, broadcast};

use super::{
    Config, Ports,
    desk::Bell,
    flow_book::FlowBook,
    invoke, keys,
    live::{Live, Socket, Sockets},
    outbox::{Outbox, Publication},
    queue::Queue,
    timers::Timers,
    tokens::Tokens,
};
use crate::{
    contact::{Contact, Effect, Effects, Here},
    error::{Error, ErrorKind},
    item::{Item, ItemType},
    observe::{Observation, What},
    transcript::Log,
};

/// Locks for what has no contact in memory to lock: starts by client token, contacts that are over.
const SHARDS: usize = 64;
/// How many observations a slow watcher may be behind.
const OBSERVATIONS: usize = 4096;

pub(super) type Slot = Arc<AsyncMutex<Live>>;

pub(super) struct Inner {
    config: RwLock<Arc<Config>>,
    /// Flows that the API has made.
    pub(super) flows: AsyncMutex<FlowBook>,
    pub(super) ports: Ports,
    pub(super) queue: Queue,
    pub(super) tokens: Tokens,
    pub(super) timers: Arc<Timers>,
    pub(super) outbox: Outbox,
    pub(super) routing: Bell,
    pub(super) most_chats: AtomicUsize,
    /// Chats are counted and started one after the other where they are limited.
    starting: AsyncMutex<()>,
    contacts: Mutex<HashMap<String, Slot>>,
    observers: broadcast::Sender<Observation>,
    shards: Vec<AsyncMutex<()>>,
}

/// What a decision reads besides its contact.
pub(super) struct Context<'a> {
    pub(super) here: Here<'a>,
    pub(super) log: &'a Log,
    pub(super) sockets: &'a Sockets,
}

impl Inner {
    pub(super) fn new(config: Config, ports: Ports) -> Self {
        let queue = Queue::new(config.queue.staffed_agents);
        let outbox = Outbox::start(ports.stream.clone(), ports.store.clone());
        Self {
            config: RwLock::new(Arc::new(config)),
            flows: AsyncMutex::default(),
            ports,
            queue,
            tokens: Tokens::default(),
            timers: Arc::default(),
            outbox,
            routing: Bell::default(),
            most_chats: AtomicUsize::new(usize::MAX),
            starting: AsyncMutex::default(),
            contacts: Mutex::default(),
            observers: broadcast::channel(OBSERVATIONS).0,
            shards: (0..SHARDS).map(|_| AsyncMutex::new(())).collect(),
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }

    pub(super) fn observers(&self) -> broadcast::Receiver<Observation> {
        self.observers.subscribe()
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(super) fn slot(&self, contact_id: &str) -> Option<Slot> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner).get(contact_id).cloned()
    }

    /// Makes sure that one more chat may be; it may as long as the answer is held.
    pub(super) async fn room(&self) -> Result<Option<MutexGuard<'_, ()>>, Error> {
        let most = self.most_chats.load(Ordering::Relaxed);
        if most == usize::MAX {
            return Ok(None);
        }
        let alone = self.starting.lock().await;
        if self.contacts.lock().unwrap_or_else(PoisonError::into_inner).len() < most {
            return Ok(Some(alone));
        }
        Err(Error::new(ErrorKind::LimitExceeded, "The limit of concurrent active chats has been exceeded"))
    }

    /// Takes a contact into memory, with its tokens, its place in the queue and its deadline.
    pub(super) fn adopt(&self, live: Live) {
        let contact = &live.contact;
        self.tokens.sync(contact);
        self.queue.sync(contact, &self.config());
        self.timers.set(&contact.id, contact.next_deadline());
        let id = contact.id.clone();
        let slot = Arc::new(AsyncMutex::new(live));
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner).insert(id, slot);
    }

    /// A lock shared by everything that has this name (and, by chance, a few others).
    pub(super) fn shard(&self, name: &str) -> Option<&AsyncMutex<()>> {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % 64).unwrap_or_default();
        self.shards.get(at)
    }

    /// What the centre is now.
    pub(super) fn config(&self) -> Arc<Config> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the centre is from now on. Decisions that are being made are made on what it was.
    pub(super) fn reconfigure(&self, change: impl FnOnce(&mut Config)) {
        change(Arc::make_mut(&mut self.config.write().unwrap_or_else(PoisonError::into_inner)));
    }

    pub(super) fn here<'a>(&'a self, config: &'a Config, place: &'a super::queue::Place<'a>) -> Here<'a> {
        Here { now_ms: self.now_ms(), ids: &*self.ports.ids, config, queue: place }
    }

    /// Lets a contact decide, makes it a fact, and delivers. The work goes on when the caller does not wait for it:
    /// a dropped request must not leave the memory behind the disk.
    pub(super) async fn apply<T, F>(self: &Arc<Self>, contact_id: &str, decide: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Contact, &Context<'_>, &mut Effects) -> Result<T, Error> + Send + 'static,
    {
        self.apply_with_socket(contact_id, None, decide).await
    }

    /// As [`Inner::apply`]; the socket is open for everything the decision delivers.
    pub(super) async fn apply_with_socket<T, F>(
        self: &Arc<Self>,
        contact_id: &str,
        socket: Option<Socket>,
        decide: F,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Contact, &Context<'_>, &mut Effects) -> Result<T, Error> + Send + 'static,
    {
        let slot = self.slot(contact_id).ok_or_else(not_going_on)?;
        let inner = self.clone();
        let work = tokio::spawn(async move {
            let mut live = slot.lock_owned().await;
            let live = &mut *live;
            if live.contact.is_ended() {
                return Err(not_going_on());
            }
            live.read_log(&*inner.ports.store).await?;
            let mut next = live.contact.clone();
            let mut effects = Effects::after(live.log.end());
            let contact_id = next.id.clone();
            let place = inner.queue.place(&contact_id);
            let config = inner.config();
            let decided = {
                let here = inner.here(&config, &place);
                decide(&mut next, &Context { here, log: &live.log, sockets: &live.sockets }, &mut effects)
            };
            let committed = match decided {
                Ok(answer) => {
                    let changed = next != live.contact;
                    inner.commit(&next, changed, &effects).await.map(|()| (answer, changed))
                }
                Err(error) => Err(error),
            };
            match committed {
                Ok((answer, changed)) => {
                    live.contact = next;
                    if let Some(socket) = socket {
                        live.sockets.add(socket);
                    }
                    inner.deliver(live, changed, effects);
                    Ok(answer)
                }
                Err(error) => {
                    // Gives back a place that the decision may have taken.
                    inner.queue.sync(&live.contact, &inner.config());
                    Err(error)
                }
            }
        });
        work.await.map_err(Error::internal)?
    }

    /// Makes a decision a fact: what it changed is in the store.
    pub(super) async fn commit(&self, contact: &Contact, changed: bool, effects: &Effects) -> Result<(), Error> {
        let batch = keys::batch(contact, changed, effects)?;
        if batch.put.is_empty() && batch.delete.is_empty() {
            return Ok(());
        }
        self.ports.store.commit(batch).await.map_err(Error::internal)
    }

    /// Delivers what is a fact, in order.
    pub(super) fn deliver(self: &Arc<Self>, live: &mut Live, changed: bool, effects: Effects) {
        for effect in effects.list {
            self.deliver_one(live, effect);
        }
        let contact = &live.contact;
        // Also a deadline that nothing came of has been taken out.
        self.timers.set(&contact.id, contact.next_deadline());
        if !changed {
            return;
        }
        self.tokens.sync(contact);
        if self.queue.sync(contact, &self.config()) {
            self.routing.ring();
        }
        if contact.is_ended() {
            self.contacts.lock().unwrap_or_else(PoisonError::into_inner).remove(&contact.id);
            live.log = Log::default();
        }
    }

    fn deliver_one(self: &Arc<Self>, live: &mut Live, effect: Effect) {
        let contact_id = &live.contact.id;
        match effect {
            Effect::Item(entry) => {
                self.show(&mut live.sockets, contact_id, &entry.item);
                live.log.append(entry);
            }
            Effect::Renew(entry) => {
                self.show(&mut live.sockets, contact_id, &entry.item);
                live.log.renew(entry);
            }
            Effect::Note(entry) => live.log.renew(entry),
            Effect::KeepFile { .. } => {}
            Effect::DropFile { file } => self.forget_file(file),
            Effect::ToOthers { from, item } => {
                if let Ok(json) = serde_json::to_string(&item) {
                    live.sockets.send(&json, |participant| participant != from);
                }
                self.observe_item(contact_id, item.r#type, &item.content_type);
            }
            Effect::Signalled { by, client_token, sent } => live.log.signalled(&by, &client_token, &sent),
            Effect::To { participant, json } => live.sockets.send(&json, |p| p == participant),
            Effect::Publish(outgoing) => self.outbox.publish(Publication {
                key: Some(keys::outgoing(contact_id, &outgoing)),
                topic_arn: outgoing.topic_arn,
                notification: outgoing.notification,
                failures: 0,
            }),
            Effect::PublishOnce { topic_arn, notification } => {
                self.outbox.publish(Publication { key: None, topic_arn, notification, failures: 0 });
            }
            Effect::Close { participant } => live.sockets.close(&participant),
            Effect::CloseAll => live.sockets.close_all(),
            Effect::Call(call) => invoke::start(self, contact_id, call),
            Effect::Observe(what) => self.observe(contact_id, what),
        }
    }

    /// To the sockets of those who may see it; the watchers hear of what everybody sees.
    fn show(&self, sockets: &mut Sockets, contact_id: &str, item: &Item) {
        if let Ok(json) = serde_json::to_string(item) {
            sockets.send(&json, |participant| item.is_for(participant));
        }
        if item.processing_status().is_none() {
            self.observe_item(contact_id, item.r#type, &item.content_type);
        }
    }

    fn observe_item(&self, contact_id: &str, kind: ItemType, content_type: &str) {
        let item_type = match kind {
            ItemType::Message => "MESSAGE",
            ItemType::Event => "EVENT",
            ItemType::Attachment => "ATTACHMENT",
        };
        let what = What::Item { item_type: item_type.into(), content_type: content_type.to_owned() };
        self.observe(contact_id, what);
    }

    pub(super) fn observe(&self, contact_id: &str, what: What) {
        // Nobody watching is no error.
        let _ = self.observers.send(Observation { contact_id: contact_id.to_owned(), at_ms: self.now_ms(), what });
    }
}

/// There is no contact with this id that is going on.
pub(super) fn not_going_on() -> Error {
    Error::new(ErrorKind::NotFound, "There is no contact with this id, or it is over.")
}
