//! What a contact has around it while it is tried: identifiers, a queue, a bot, and what it sends.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::{Said, script::QueueState};
use crate::{
    api::{CreateConnection, CreateParticipant},
    centre::QueueConfig,
    contact::{Contact, Effects, Here, QueueBook},
    directory::QueueFigures,
    error::Error,
    item::{Item, Role, parse_iso_time},
    ports::Ids,
};

/// Identifiers one after the other, each of which draws the script's percentage.
pub(super) struct Counted {
    pub(super) next: AtomicU64,
    pub(super) percentage: u64,
}

impl Ids for Counted {
    fn uuid(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed) * 100 + self.percentage;
        let hex = format!("{number:032x}");
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }

    fn token(&self) -> String {
        format!("token-{}", self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The queue as the script has it, and what time it is.
pub(super) struct Book(pub(super) QueueState, pub(super) i64);

impl QueueBook for Book {
    fn figures(&self, _: &QueueConfig) -> QueueFigures {
        let waits = self.0.waiting > 0;
        let available = self.0.staffed.saturating_sub(self.0.busy);
        QueueFigures {
            staffed: self.0.staffed,
            online: self.0.staffed,
            available,
            free_places: available,
            on_contact: self.0.busy,
            active: self.0.busy,
            after_contact_work: 0,
            queued: self.0.waiting,
            oldest_enqueued_ms: waits.then(|| self.1 - i64::from(self.0.oldest_seconds) * 1000),
        }
    }

    /// Whoever the script lets wait was there before.
    fn ahead(&self, _: &QueueConfig, _: (i64, i64)) -> u32 {
        self.0.waiting
    }

    fn take_place(&self, _: &QueueConfig) -> bool {
        !self.0.full
    }
}

pub(super) fn said(item: &Item) -> Said {
    Said {
        by: item.participant_role.map(|role| role.as_str().to_owned()).unwrap_or_default(),
        text: item.content.clone().unwrap_or_default(),
        at_ms: parse_iso_time(&item.absolute_time).unwrap_or_default(),
    }
}

pub(super) fn credentials() -> CreateConnection {
    CreateConnection { websocket: false, credentials: true, connect_participant: false }
}

pub(super) fn join_bot(contact: &mut Contact, here: &Here<'_>, fx: &mut Effects) -> Result<(), Error> {
    let request = CreateParticipant {
        instance_id: here.config.instance_id.clone(),
        contact_id: contact.id.clone(),
        client_token: None,
        role: Role::CustomBot,
        display_name: "Bot".into(),
    };
    contact.create_participant(request, here, fx)?;
    let bot = contact.participants.last().map(|p| p.id.clone()).unwrap_or_default();
    contact.create_connection(&bot, credentials(), here, fx).map(|_| ())
}

/// The words of an item that went to one participant alone.
pub(super) fn whisper(json: &str) -> Option<String> {
    let item: Value = serde_json::from_str(json).ok()?;
    (item.get("Type")? == "MESSAGE").then(|| item.get("Content")?.as_str().map(str::to_owned))?
}

/// A function by the end of its ARN, a bot by its alias's.
pub(super) fn tail(arn: &str) -> &str {
    match arn.split_once(":function:") {
        Some((_, name)) => name.split(':').next().unwrap_or(name),
        None => arn.rsplit('/').next().unwrap_or(arn),
    }
}
