//! How a contact lies in the store: its keys and records, and the batch that a decision becomes.
//!
//! | key | value |
//! | --- | --- |
//! | `contact/{id}` | a contact that is going on |
//! | `ended/{id}/` | a contact that is over |
//! | `after/{id}/` | the agent who has yet to say how it came out |
//! | `agent/{name}/` | an agent of the desk |
//! | `item/{contact}/{seq:010}` | one line of a transcript |
//! | `flow/{id}/` | a flow that the API has made |
//! | `file/{name}/` | the contact whose attachment lies in the file |
//! | `outbox/{contact}/{seq:010}/{topic}` | a notification that its topic has not taken yet |
//! | `start/{client token}/` | the contact that `StartChatContact` made for the token |
//! | `outbound/{client token}/` | the contact that `StartOutboundChatContact` made for the token |
//! | `line/[customer, system, subtype]/` | the latest contact of a line |

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    api::line::Line,
    contact::{Contact, Effect, Effects, Outgoing},
    error::Error,
    ports::{Batch, Store},
    stream::Notification,
};

pub(super) const CONTACTS: &str = "contact/";
pub(super) const ENDED: &str = "ended/";
pub(super) const ITEMS: &str = "item/";
pub(super) const AFTER: &str = "after/";
pub(super) const AGENTS: &str = "agent/";
pub(super) const FLOWS: &str = "flow/";
pub(super) const FILES: &str = "file/";
pub(super) const OUTBOX: &str = "outbox/";
pub(super) const LINES: &str = "line/";

/// A notification in the outbox.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) topic_arn: String,
    pub(super) message: String,
    pub(super) attributes: crate::api::Attributes,
}

impl From<&Outgoing> for Waiting {
    fn from(outgoing: &Outgoing) -> Self {
        Self {
            topic_arn: outgoing.topic_arn.clone(),
            message: outgoing.notification.message.clone(),
            attributes: outgoing.notification.attributes.clone(),
        }
    }
}

impl Waiting {
    pub(super) fn into_parts(self) -> (String, Notification) {
        (self.topic_arn, Notification { message: self.message, attributes: self.attributes })
    }
}

pub(super) fn live(contact_id: &str) -> String {
    format!("{CONTACTS}{contact_id}")
}

pub(super) fn ended(contact_id: &str) -> String {
    format!("{ENDED}{contact_id}/")
}

pub(super) fn after(contact_id: &str) -> String {
    format!("{AFTER}{contact_id}/")
}

pub(super) fn agent(name: &str) -> String {
    format!("{AGENTS}{name}/")
}

pub(super) fn flow(id: &str) -> String {
    format!("{FLOWS}{id}/")
}

pub(super) fn items(contact_id: &str) -> String {
    format!("{ITEMS}{contact_id}/")
}

pub(super) fn outgoing(contact_id: &str, outgoing: &Outgoing) -> String {
    format!("{OUTBOX}{contact_id}/{:010}/{}", outgoing.seq, outgoing.topic_number)
}

pub(super) fn file(name: &str) -> String {
    format!("{FILES}{name}/")
}

pub(super) fn start(client_token: &str) -> String {
    format!("start/{client_token}/")
}

/// What tells the chats of lines from each other.
pub(super) fn line(line: &Line, subtype: &str) -> Result<String, Error> {
    let name = serde_json::to_string(&(&line.customer, &line.system, subtype)).map_err(Error::internal)?;
    Ok(format!("{LINES}{name}/"))
}

pub(super) fn outbound(client_token: &str) -> String {
    format!("outbound/{client_token}/")
}

/// Everything a decision changed, as one change of the store. A contact that is as it was is not written again: most messages
/// are their item alone.
pub(super) fn batch(contact: &Contact, changed: bool, effects: &Effects) -> Result<Batch, Error> {
    let mut batch = Batch::default();
    if !changed {
        // It lies there already.
    } else if contact.is_ended() {
        batch.delete.push(live(&contact.id));
        batch.put.push((ended(&contact.id), encode(contact)?));
        match &contact.desk.after_contact {
            Some(agent) => batch.put.push((after(&contact.id), encode(agent)?)),
            None => batch.delete.push(after(&contact.id)),
        }
    } else {
        batch.put.push((live(&contact.id), encode(contact)?));
    }
    for effect in &effects.list {
        match effect {
            Effect::Item(entry) | Effect::Renew(entry) | Effect::Note(entry) => {
                batch.put.push((format!("{}{:010}", items(&contact.id), entry.seq), encode(entry)?));
            }
            Effect::KeepFile { file: name } => batch.put.push((file(name), encode(&contact.id)?)),
            Effect::DropFile { file: name } => batch.delete.push(file(name)),
            Effect::Publish(out) => batch.put.push((outgoing(&contact.id, out), encode(&Waiting::from(out))?)),
            _ => {}
        }
    }
    Ok(batch)
}

pub(super) fn encode(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    // An item with a sentence in it fits without growing.
    let mut bytes = Vec::with_capacity(640);
    serde_json::to_writer(&mut bytes, value).map(|()| bytes).map_err(Error::internal)
}

/// The value under exactly this key.
pub(super) async fn get<T: DeserializeOwned>(store: &dyn Store, key: &str) -> Result<Option<T>, Error> {
    let found = store.scan(key).await.map_err(Error::internal)?;
    match found.into_iter().find(|(k, _)| k == key) {
        Some((_, value)) => serde_json::from_slice(&value).map(Some).map_err(Error::internal),
        None => Ok(None),
    }
}

/// The values under this prefix, in the order of their keys.
pub(super) async fn list<T: DeserializeOwned>(store: &dyn Store, prefix: &str) -> Result<Vec<T>, Error> {
    let found = store.scan(prefix).await.map_err(Error::internal)?;
    found.iter().map(|(_, value)| serde_json::from_slice(value).map_err(Error::internal)).collect()
}
