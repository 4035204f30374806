//! The operations of the `connect` service and the inspector.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{inner::Inner, keys, live::Live};
use crate::{
    api::{
        Attributes, ContactDescription, ContactInspection, ContactRecord, ContactSummary, CreateParticipant,
        CreatedParticipant, StartChatContact, StartedChat,
    },
    contact::{Contact, Effects, End, Entry, Here, persistent::Past},
    error::{Error, ErrorKind},
    item::Item,
    transcript::Log,
};

impl Inner {
    pub(super) fn check_instance(&self, instance_id: &str) -> Result<(), Error> {
        if self.config().is_instance(instance_id) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotFound, format!("There is no instance \"{instance_id}\".")))
    }

    pub(super) async fn start_chat_contact(self: &Arc<Self>, request: StartChatContact) -> Result<StartedChat, Error> {
        self.check_instance(&request.instance_id)?;
        let inner = self.clone();
        let work = tokio::spawn(async move { inner.start_once(request).await });
        work.await.map_err(Error::internal)?
    }

    /// Starts the contact, or finds the one that the client token has started.
    async fn start_once(self: &Arc<Self>, request: StartChatContact) -> Result<StartedChat, Error> {
        let client_token = request.client_token.clone().filter(|t| !t.is_empty());
        let Some(client_token) = client_token else {
            return self.start_new(request, Vec::new()).await;
        };
        let key = keys::start(&client_token);
        let _alone = match self.shard(&key) {
            Some(shard) => Some(shard.lock().await),
            None => None,
        };
        match keys::get::<String>(&*self.ports.store, &key).await? {
            Some(contact_id) => self.with_contact(&contact_id, Contact::started).await?,
            None => self.start_new(request, vec![key]).await,
        }
    }

    /// Starts the contact, which can then be found under these keys.
    pub(super) async fn start_new(
        self: &Arc<Self>,
        request: StartChatContact,
        keys: Vec<String>,
    ) -> Result<StartedChat, Error> {
        let _room = self.room().await?;
        let mut effects = Effects::default();
        let past = match &request.persistent {
            Some(source) => Some(self.past(source).await?),
            None => None,
        };
        let contact = {
            let place = self.queue.place("");
            Contact::start(request, past, &self.here(&self.config(), &place), &mut effects)?
        };
        let answer = contact.started()?;
        let mut batch = keys::batch(&contact, true, &effects)?;
        for key in keys {
            batch.put.push((key, keys::encode(&contact.id)?));
        }
        self.ports.store.commit(batch).await.map_err(Error::internal)?;
        // Nobody has a socket or a stream yet, so nothing but the watchers is delivered to; the first message is
        // in the transcript before the contact can be found.
        self.adopt(Live::new(contact));
        if let Some(slot) = self.slot(&answer.contact_id) {
            self.deliver(&mut *slot.lock().await, true, effects);
        }
        Ok(answer)
    }

    /// What a persistent chat goes on from.
    async fn past(&self, source: &str) -> Result<Past, Error> {
        if self.slot(source).is_some() {
            let message = "PersistentChat.SourceContactId is of a chat that is going on; it must have ended.";
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        let contact = self.ended(source).await?;
        Ok(Past::of(&contact, keys::list(&*self.ports.store, &keys::items(source)).await?))
    }

    /// Reads a contact, going on or over.
    pub(super) async fn with_contact<T>(&self, contact_id: &str, read: impl FnOnce(&Contact) -> T) -> Result<T, Error> {
        if let Some(slot) = self.slot(contact_id) {
            return Ok(read(&slot.lock().await.contact));
        }
        Ok(read(&self.ended(contact_id).await?))
    }

    /// The same with its whole transcript: from memory while the contact goes on, from the store when it is over.
    async fn with_transcript<T>(&self, contact_id: &str, read: impl FnOnce(&Contact, &Log) -> T) -> Result<T, Error> {
        if let Some(slot) = self.slot(contact_id) {
            let mut live = slot.lock().await;
            if !live.contact.is_ended() {
                live.read_log(&*self.ports.store).await?;
                return Ok(read(&live.contact, &live.log));
            }
        }
        let contact = self.ended(contact_id).await?;
        let entries = keys::list(&*self.ports.store, &keys::items(contact_id)).await?;
        Ok(read(&contact, &Log::from_entries(entries)))
    }

    pub(super) async fn ended(&self, contact_id: &str) -> Result<Contact, Error> {
        let found = keys::get(&*self.ports.store, &keys::ended(contact_id)).await?;
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, "There is no contact with this id."))
    }

    pub(super) async fn create_participant(
        self: &Arc<Self>,
        request: CreateParticipant,
    ) -> Result<CreatedParticipant, Error> {
        self.check_instance(&request.instance_id)?;
        let contact_id = request.contact_id.clone();
        self.apply(&contact_id, move |contact, context, fx| contact.create_participant(request, &context.here, fx))
            .await
    }

    pub(super) async fn start_contact_streaming(
        self: &Arc<Self>,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, Error> {
        self.check_instance(instance_id)?;
        let (topic_arn, client_token) = (topic_arn.to_owned(), client_token.to_owned());
        self.apply(contact_id, move |contact, context, _| {
            contact.start_streaming(&topic_arn, &client_token, &context.here)
        })
        .await
    }

    /// Also when the contact is over: its streaming is then done anyway.
    pub(super) async fn stop_contact_streaming(
        self: &Arc<Self>,
        instance_id: &str,
        contact_id: &str,
        streaming_id: &str,
    ) -> Result<(), Error> {
        self.check_instance(instance_id)?;
        if self.slot(contact_id).is_some() {
            let id = streaming_id.to_owned();
            let stopped = self.apply(contact_id, move |contact, _, _| contact.stop_streaming(&id)).await;
            if stopped.is_ok() || self.slot(contact_id).is_some() {
                return stopped;
            }
        }
        self.ended(contact_id).await?.stop_streaming(streaming_id)
    }

    /// Also of a contact that is over.
    pub(super) async fn update_contact_attributes(
        self: &Arc<Self>,
        instance_id: &str,
        contact_id: &str,
        changes: Attributes,
    ) -> Result<(), Error> {
        self.check_instance(instance_id)?;
        self.change(contact_id, move |contact, here, fx| contact.update_attributes(&changes, here, fx)).await
    }

    /// Changes a contact, going on or over.
    pub(super) async fn change<F>(self: &Arc<Self>, contact_id: &str, change: F) -> Result<(), Error>
    where
        F: Fn(&mut Contact, &Here<'_>, &mut Effects) -> Result<(), Error> + Clone + Send + 'static,
    {
        if self.slot(contact_id).is_some() {
            let now = change.clone();
            let changed = self.apply(contact_id, move |contact, context, fx| now(contact, &context.here, fx)).await;
            if changed.is_ok() || self.slot(contact_id).is_some() {
                return changed;
            }
        }
        let (inner, contact_id) = (self.clone(), contact_id.to_owned());
        let work = tokio::spawn(async move { inner.change_ended(&contact_id, change).await });
        work.await.map_err(Error::internal)?
    }

    /// Changes a contact that is over.
    pub(super) async fn change_ended(
        self: &Arc<Self>,
        contact_id: &str,
        change: impl FnOnce(&mut Contact, &Here<'_>, &mut Effects) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let _alone = match self.shard(contact_id) {
            Some(shard) => Some(shard.lock().await),
            None => None,
        };
        let before = self.ended(contact_id).await?;
        let mut contact = before.clone();
        let entries: Vec<Entry> = keys::list(&*self.ports.store, &keys::items(contact_id)).await?;
        let mut effects = Effects::after(entries.last().map(End::with).unwrap_or_default());
        {
            let place = self.queue.place(contact_id);
            change(&mut contact, &self.here(&self.config(), &place), &mut effects)?;
        }
        self.commit(&contact, contact != before, &effects).await?;
        self.queue.sync(&contact, &self.config());
        self.routing.ring();
        Ok(())
    }

    pub(super) async fn get_contact_attributes(
        &self,
        instance_id: &str,
        contact_id: &str,
    ) -> Result<Attributes, Error> {
        self.check_instance(instance_id)?;
        self.with_contact(contact_id, |contact| (*contact.attributes).clone()).await
    }

    pub(super) async fn describe_contact(
        &self,
        instance_id: &str,
        contact_id: &str,
    ) -> Result<ContactDescription, Error> {
        self.check_instance(instance_id)?;
        self.with_transcript(contact_id, |contact, log| contact.describe_with(log, &self.config())).await
    }

    pub(super) async fn stop_contact(self: &Arc<Self>, instance_id: &str, contact_id: &str) -> Result<(), Error> {
        self.check_instance(instance_id)?;
        let stopped = self
            .apply(contact_id, |contact, context, fx| {
                contact.stop(&context.here, fx);
                Ok(())
            })
            .await;
        match stopped {
            Err(error) if error.kind == ErrorKind::NotFound => {
                self.ended(contact_id).await?;
                Err(Error::new(ErrorKind::ContactNotFound, "The contact is over already."))
            }
            other => other,
        }
    }

    pub(super) async fn contacts(&self) -> Vec<ContactSummary> {
        let mut contacts = Vec::new();
        for slot in self.slots() {
            contacts.push(slot.lock().await.contact.summary());
        }
        contacts.sort_by(|a, b| (b.started_at_ms, &b.contact_id).cmp(&(a.started_at_ms, &a.contact_id)));
        contacts
    }

    /// `SearchContacts`: every contact, to choose from.
    pub(super) async fn describe_contacts(&self, instance_id: &str) -> Result<Vec<ContactDescription>, Error> {
        self.check_instance(instance_id)?;
        let config = self.config();
        let mut found = self.every_contact(|contact| contact.describe(&config)).await?;
        // Contacts that were stored without the time have it in their transcript alone.
        let untimed =
            |it: &&mut ContactDescription| it.agent.as_ref().is_some_and(|agent| agent.connected_ms.is_none());
        for contact in found.iter_mut().filter(untimed) {
            let whole = self.describe_contact(instance_id, &contact.id).await?;
            *contact = ContactDescription { chat_metrics: None, ..whole };
        }
        Ok(found)
    }

    /// What is read of every stored contact, going on or over, by id.
    async fn every_contact<T>(&self, read: impl Fn(&Contact) -> T) -> Result<Vec<T>, Error> {
        let mut found: BTreeMap<String, T> = BTreeMap::new();
        for (key, value) in self.ports.store.scan(keys::ENDED).await.map_err(Error::internal)? {
            match serde_json::from_slice::<Contact>(&value) {
                Ok(contact) => drop(found.insert(contact.id.clone(), read(&contact))),
                Err(error) => tracing::warn!(%key, %error, "a contact in the store cannot be read; it is left out"),
            }
        }
        for slot in self.slots() {
            let live = slot.lock().await;
            if !live.contact.is_ended() {
                found.insert(live.contact.id.clone(), read(&live.contact));
            }
        }
        Ok(found.into_values().collect())
    }

    /// Every contact that is stored, newest first; with what was said where it is asked for.
    pub(super) async fn records(&self, with_items: bool) -> Result<Vec<ContactRecord>, Error> {
        let config = self.config();
        let mut records = self.every_contact(|contact| contact.recorded(&config)).await?;
        let mut said: HashMap<String, Vec<Item>> = HashMap::new();
        if with_items {
            let entries: Vec<Entry> = keys::list(&*self.ports.store, keys::ITEMS).await?;
            for entry in entries.into_iter().filter(|entry| entry.item.processing_status().is_none()) {
                said.entry(entry.item.contact_id.clone()).or_default().push(entry.item);
            }
        }
        for record in &mut records {
            record.items = said.remove(&record.inspection.contact_id).unwrap_or_default();
        }
        records.sort_by_key(|it| std::cmp::Reverse((it.inspection.started_at_ms, it.inspection.contact_id.clone())));
        Ok(records)
    }

    pub(super) async fn inspect(&self, contact_id: &str) -> Result<ContactInspection, Error> {
        self.with_contact(contact_id, |contact| contact.inspect(&self.config())).await
    }

    /// The whole transcript as everybody sees it.
    pub(super) async fn transcript(&self, contact_id: &str) -> Result<Vec<Item>, Error> {
        let seen = |log: &Log| log.items().filter(|item| item.processing_status().is_none()).cloned().collect();
        self.with_transcript(contact_id, |_, log| seen(log)).await
    }
}
