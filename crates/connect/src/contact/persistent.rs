//! Persistent chat: a chat that goes on from one that is over, with what was said there at its beginning.

use serde::{Deserialize, Serialize};

use super::{Contact, Effect, Effects, Entry, Here, Record, Speaker};
use crate::item::event as event_type;

/// A persistent chat's past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Continued {
    /// The contact before this one.
    pub(crate) contact_id: String,
    /// The first of them.
    pub(crate) root_id: String,
}

/// What a chat goes on from.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(super) continued: Continued,
    /// What was said there, and before that where it went on from another itself.
    pub(super) entries: Vec<Entry>,
}

impl Past {
    pub(crate) fn of(source: &Contact, entries: Vec<Entry>) -> Self {
        Self { continued: Continued { contact_id: source.id.clone(), root_id: source.root_id() }, entries }
    }
}

impl Contact {
    /// The contact whose chat goes on in this one.
    pub(crate) fn continued_from(&self) -> Option<String> {
        self.profile.continued_from.as_ref().map(|continued| continued.contact_id.clone())
    }

    /// The first of those that went on from each other.
    pub(super) fn root_id(&self) -> String {
        self.profile.continued_from.as_ref().map_or(&self.id, |continued| &continued.root_id).clone()
    }

    /// Puts the past at the transcript's beginning. An item of the past names its contact as a related one, and none
    /// as its own (model of `Item`).
    pub(super) fn take_over(&mut self, entries: Vec<Entry>, fx: &mut Effects) {
        // What did not come through its processor was for its sender, who is another participant now.
        for mut entry in entries.into_iter().filter(|entry| entry.item.processing_status().is_none()) {
            let contact_id = std::mem::take(&mut entry.item.contact_id);
            entry.item.related_contact_id.get_or_insert(contact_id);
            entry.item.initial_contact_id.clone_from(&self.id);
            (entry.seq, entry.at_ms) = fx.next_place(entry.at_ms);
            entry.client_token = None;
            fx.enter(entry.into());
        }
    }

    /// Tells who is there that the past has been taken over. In no transcript, as typing is in none.
    pub(super) fn tell_rehydrated(&mut self, here: &Here<'_>, fx: &mut Effects) {
        if self.profile.continued_from.is_some() {
            self.pass_on(&Record::event(event_type::CHAT_REHYDRATED, Speaker::Nobody), here, fx);
        }
    }

    /// Sends an event to every socket and topic that is in no transcript.
    pub(super) fn pass_on(&mut self, record: &Record<'_>, here: &Here<'_>, fx: &mut Effects) {
        let item = self.item(record, here.now_ms, here);
        for (topic_arn, notification) in self.notifications(&item, here) {
            fx.push(Effect::PublishOnce { topic_arn, notification });
        }
        fx.push(Effect::ToOthers { from: String::new(), item: item.into() });
    }
}
