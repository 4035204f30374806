//! The events of `chat-bot`: SNS's to a Lambda, and SQS's with SNS notifications (or, with raw delivery, the items
//! themselves) as bodies.
//!
//! Own types, because every field may be missing or null and what is not read must not be able to fail: a record that
//! cannot be read is malformed by itself and does not touch its neighbours. `SigningCertUrl` and its like, which come in
//! two spellings, are among what is not read.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json_text::without_lone_surrogates;

/// Where a batch came from: it says what the answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Lambda's own queue before SNS: the invocation succeeds or fails as a whole.
    Sns,
    /// A queue: each record by itself.
    Sqs,
}

/// The records of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where from.
    pub source: Source,
    /// In the order of the event.
    pub records: Vec<Record>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// SNS's or SQS's message id; not the chat's.
    pub id: Option<String>,
    /// The streamed item's text, or why there is none.
    pub item: Result<String, Malformed>,
}

/// Why a record is dropped. It would be the same the next time, so it is not asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The event is not JSON, or has no list of records.
    #[error("the event has no readable records")]
    Event,
    /// The record is not of the shape of SNS's or SQS's.
    #[error("the record has another shape")]
    Record,
    /// The record has no message.
    #[error("the record has no message")]
    Empty,
    /// An SNS message that is no notification.
    #[error("the message is no notification")]
    Kind,
}

#[derive(Deserialize)]
struct EventShape<'a> {
    #[serde(rename = "Records", borrow)]
    records: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct RecordShape {
    #[serde(rename = "Sns")]
    sns: Option<Notification>,
    #[serde(rename = "messageId")]
    message_id: Option<String>,
    body: Option<String>,
}

/// SNS's notification: in Lambda's event, and as the body of a queue's message.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    #[serde(rename = "Type")]
    kind: Option<String>,
    message_id: Option<String>,
    message: Option<String>,
}

const NOTIFICATION: &str = "Notification";

impl Batch {
    /// Reads an event.
    pub fn read(text: &str) -> Self {
        let text = without_lone_surrogates(text);
        let Ok(event) = serde_json::from_str::<EventShape<'_>>(&text) else {
            let record = Record { id: None, item: Err(Malformed::Event) };
            return Self { source: Source::Sns, records: vec![record] };
        };
        let mut source = Source::Sns;
        let records = event.records.into_iter().map(|raw| read_record(raw, &mut source)).collect();
        Self { source, records }
    }
}

fn read_record(raw: &RawValue, source: &mut Source) -> Record {
    let Ok(record) = serde_json::from_str::<RecordShape>(raw.get()) else {
        return Record { id: None, item: Err(Malformed::Record) };
    };
    match record {
        RecordShape { sns: Some(notification), .. } => {
            Record { id: notification.message_id.clone(), item: message(notification) }
        }
        RecordShape { message_id, body, .. } if message_id.is_some() || body.is_some() => {
            *source = Source::Sqs;
            Record { id: message_id, item: body.ok_or(Malformed::Empty).and_then(item_of_body) }
        }
        RecordShape { .. } => Record { id: None, item: Err(Malformed::Record) },
    }
}

fn message(notification: Notification) -> Result<String, Malformed> {
    if notification.kind.is_some_and(|kind| kind != NOTIFICATION) {
        return Err(Malformed::Kind);
    }
    let message = notification.message.filter(|message| !message.is_empty()).ok_or(Malformed::Empty)?;
    Ok(readable(message))
}

/// A queue's body is a notification, or the item itself where the subscription delivers raw messages. An item has a
/// `Type` too, but never SNS's.
fn item_of_body(body: String) -> Result<String, Malformed> {
    let text = readable(body);
    match serde_json::from_str::<Notification>(&text) {
        Ok(envelope) if envelope.message.is_some() => message(envelope),
        Ok(Notification { kind: Some(kind), .. }) if kind == NOTIFICATION => Err(Malformed::Empty),
        Ok(Notification { kind: Some(kind), .. }) if kind.ends_with("Confirmation") => Err(Malformed::Kind),
        Ok(_) if text.trim_start().starts_with('{') => Ok(text),
        _ => Err(Malformed::Record),
    }
}

/// JSON in JSON: what is escaped twice comes out only now.
fn readable(text: String) -> String {
    match without_lone_surrogates(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(healed) => healed,
    }
}

#[cfg(test)]
mod tests;
