//! One contact as a value: everything it is, and every decision about it.
//!
//! A [`Contact`] is stored whole. Its methods decide, given the time, fresh identifiers and the queue's figures
//! ([`Here`]), and leave what must be done to the [`Effects`]; they do nothing themselves.

mod acts;
pub(crate) mod attachments;
pub(crate) mod attributes;
mod describe;
mod desk;
mod desk_notes;
pub(crate) mod effects;
mod event;
mod flow;
mod hooks;
mod line;
mod metrics;
pub(crate) mod participant;
pub(crate) mod persistent;
mod position;
mod presence;
mod processing;
mod reason;
mod receipts;
mod say;
mod shared;
mod silence;
mod start;
pub(crate) mod streaming;
#[cfg(test)]
mod tests;
mod timers;
pub(crate) mod token;
mod transfer;
mod update;
mod views;
mod world;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

pub(crate) use self::effects::{Call, Effect, Effects, End, Entry, Here, Outgoing, QueueBook};
pub(crate) use self::reason::Reason;
use self::{
    attachments::Attachment,
    attributes::AttributeLog,
    desk_notes::DeskNotes,
    participant::Participant,
    persistent::Continued,
    position::{FlowPosition, Routing},
    processing::Processing,
    shared::Shared,
    silence::Silence,
    streaming::Streaming,
    token::TokenKind,
    views::ShownView,
};
use crate::{
    api::{AttributeSource, Attributes, Sent, contacts::Reference, line::Line},
    error::{Error, ErrorKind},
    item::{AttachmentItem, Item, ItemType, Role, event as event_type, iso_time},
    observe::What,
};

/// The name under which the flow speaks.
const SYSTEM_NAME: &str = "SYSTEM_MESSAGE";

/// One contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    /// The chat's duration is over then.
    pub(crate) ends_at_ms: i64,
    pub(crate) profile: Shared<Profile>,
    pub(crate) attributes: Shared<Attributes>,
    #[serde(default)]
    pub(crate) attribute_log: Shared<AttributeLog>,
    /// The chat timers.
    #[serde(default)]
    silence: Silence,
    /// What only the desk knows of it.
    #[serde(default)]
    pub(crate) desk: DeskNotes,
    pub(crate) participants: Shared<Vec<Participant>>,
    pub(crate) streams: Shared<Vec<Streaming>>,
    pub(crate) stage: Stage,
    pub(crate) flow: Shared<FlowPosition>,
    #[serde(default)]
    pub(crate) attachments: Vec<Attachment>,
    /// The views that the flow has shown.
    #[serde(default)]
    pub(crate) views: Vec<ShownView>,
    #[serde(default, skip_serializing_if = "Processing::is_idle")]
    processing: Processing,
}

/// What a contact was begun with, and what `UpdateContactData` makes of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) content_types: Vec<String>,
    pub(crate) segment_attributes: Attributes,
    pub(crate) related_contact_id: Option<String>,
    pub(crate) customer_id: Option<String>,
    pub(crate) initial_message: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) language_code: Option<String>,
    /// Tags that a flow has set.
    #[serde(default)]
    pub(crate) tags: Attributes,
    #[serde(default)]
    pub(crate) references: BTreeMap<String, Reference>,
    /// The contact whose chat goes on in this one, and the first of all of them.
    #[serde(default)]
    pub(crate) continued_from: Option<Continued>,
    /// `DisconnectOnCustomerExit` names the agent.
    #[serde(default)]
    agent_leaves_first: bool,
    /// The stream that was begun with the contact.
    #[serde(default)]
    pub(super) streaming_id: Option<String>,
    /// Between which ends a chat over SMS or WhatsApp goes.
    #[serde(default)]
    pub(crate) line: Option<Line>,
}

/// Where a contact stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// The customer has not connected yet; the flow has not begun.
    Created,
    /// The flow has it.
    Flow,
    /// It waits in the queue.
    Queued { enqueued_ms: i64 },
    /// An agent has it.
    Active { enqueued_ms: i64, accepted_ms: i64 },
    /// It is over. The queue and agent times are kept for the description.
    Ended { at_ms: i64, reason: Reason, enqueued_ms: Option<i64>, accepted_ms: Option<i64> },
}

/// What goes into the transcript.
struct Record<'a> {
    r#type: ItemType,
    content_type: &'a str,
    content: Option<String>,
    by: Speaker<'a>,
    client_token: Option<String>,
}

impl<'a> Record<'a> {
    fn event(content_type: &'a str, by: Speaker<'a>) -> Self {
        Self { r#type: ItemType::Event, content_type, content: None, by, client_token: None }
    }
}

#[derive(Clone, Copy)]
enum Speaker<'a> {
    Participant { id: &'a str, role: Role, name: &'a str },
    System,
    Nobody,
}

impl<'a> From<&'a Participant> for Speaker<'a> {
    fn from(p: &'a Participant) -> Self {
        Self::Participant { id: &p.id, role: p.role, name: &p.display_name }
    }
}

impl Contact {
    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended { .. })
    }

    /// Every token that opens something now: its text, its kind, whose it is, and its end.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (&str, TokenKind, &str, i64)> {
        let live = !self.is_ended();
        self.participants.iter().filter(move |_| live).flat_map(|p| {
            let id = p.id.as_str();
            // A bot that came too late must read that it came too late, not that its token is wrong.
            let own = (p.presence != participant::Presence::Left)
                .then(|| (p.token.expose(), TokenKind::Participant, id, i64::MAX));
            let connections =
                p.connection_tokens.iter().map(move |t| (t.secret.expose(), TokenKind::Connection, id, t.expires_ms));
            let sockets =
                p.websocket_secrets.iter().map(move |t| (t.secret.expose(), TokenKind::Websocket, id, t.expires_ms));
            own.into_iter().chain(connections).chain(sockets)
        })
    }

    fn participant(&self, id: &str) -> Option<&Participant> {
        self.participants.iter().find(|p| p.id == id)
    }

    /// The participant, while it may act.
    fn acting(&self, id: &str) -> Result<&Participant, Error> {
        self.participant(id).filter(|p| p.is_expected() && !self.is_ended()).ok_or_else(access_denied)
    }

    fn customer(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.role == Role::Customer)
    }

    /// The bot that is there or on its way.
    fn bot(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.role == Role::CustomBot && p.is_expected())
    }

    fn agent(&self) -> Option<&Participant> {
        self.participants.iter().find(|p| p.role == Role::Agent && p.is_expected())
    }

    /// Puts an item into the transcript and sends it to everybody who must see it.
    fn record(&mut self, record: Record<'_>, here: &Here<'_>, fx: &mut Effects) -> Sent {
        let entry = self.enter(record, Vec::new(), here, fx);
        for outgoing in self.outgoing(entry.seq, &entry.item, here) {
            fx.push(Effect::Publish(outgoing));
        }
        Sent::from(&entry.item)
    }

    /// Puts an item into the transcript and onto the sockets.
    fn enter(
        &mut self,
        record: Record<'_>,
        attachments: Vec<AttachmentItem>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Arc<Entry> {
        let (seq, at_ms) = fx.next_place(here.now_ms);
        let item = Item { attachments, ..self.item(&record, at_ms, here) };
        let entry = Arc::new(Entry { seq, at_ms, client_token: record.client_token, item });
        fx.enter(Arc::clone(&entry));
        entry
    }

    fn item(&self, record: &Record<'_>, at_ms: i64, here: &Here<'_>) -> Item {
        let (participant_id, participant_role, display_name) = match record.by {
            Speaker::Participant { id, role, name } => (Some(id.to_owned()), Some(role), Some(name.to_owned())),
            Speaker::System => (None, Some(Role::System), Some(SYSTEM_NAME.to_owned())),
            Speaker::Nobody => (None, None, None),
        };
        Item {
            absolute_time: iso_time(at_ms),
            content: record.content.clone(),
            content_type: record.content_type.to_owned(),
            id: here.ids.uuid(),
            r#type: record.r#type,
            participant_id,
            display_name,
            participant_role,
            attachments: Vec::new(),
            message_metadata: None,
            initial_contact_id: self.id.clone(),
            contact_id: self.id.clone(),
            related_contact_id: None,
        }
    }

    /// Ends the contact: `chat.ended` to everybody, and then nothing more.
    pub(crate) fn end(&mut self, reason: Reason, here: &Here<'_>, fx: &mut Effects) {
        if self.is_ended() {
            return;
        }
        let (enqueued_ms, accepted_ms) = self.desk_times();
        // One who left to the disconnect flow has other contacts by now.
        let agent = matches!(self.stage, Stage::Active { .. }).then(|| self.last_agent()).flatten();
        self.release_all(here, fx);
        self.settle_attachments(true, here, fx);
        self.desk.ended(agent);
        self.record(Record::event(event_type::CHAT_ENDED, Speaker::Nobody), here, fx);
        for p in self.participants.iter_mut() {
            p.leave(participant::Presence::Left);
        }
        self.flow.stop();
        self.updated_ms = here.now_ms;
        self.stage = Stage::Ended { at_ms: here.now_ms, reason, enqueued_ms, accepted_ms };
        fx.push(Effect::CloseAll);
        fx.observe(What::Ended { reason: reason.as_str().to_owned() });
    }

    /// `StopContact`.
    pub(crate) fn stop(&mut self, here: &Here<'_>, fx: &mut Effects) {
        self.end(Reason::Api, here, fx);
    }

    /// `UpdateContactAttributes`; also for a contact that is over.
    pub(crate) fn update_attributes(
        &mut self,
        changes: &Attributes,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        *self.attributes = attributes::merged(&self.attributes, changes)?;
        self.attribute_log.add(here.now_ms, AttributeSource::Api, changes);
        self.updated_ms = here.now_ms;
        fx.observe(What::Attributes);
        Ok(())
    }
}

/// The one answer to a token that opens nothing (any more): it tells nothing about why.
pub(crate) fn access_denied() -> Error {
    Error::new(ErrorKind::AccessDenied, "Access denied: the token is wrong, has expired, or its participant has left.")
}
