//! Reading a streamed transcript item: every field is optional, and what cannot be read is ignored.

use std::hash::Hasher;

use serde_json::{Map, Value, json};

use crate::{
    fnv::Fnv,
    sessions::{CloseReason, Message, MessageKind},
};

/// What a streamed item means to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// The customer said something in this contact.
    Said {
        /// The record's key: the initial contact id.
        key: String,
        /// The message.
        message: Message,
    },
    /// The conversation is over for the bot.
    Over {
        /// The record's key.
        key: String,
        /// Why.
        reason: CloseReason,
    },
    /// Not for the bot, or not readable.
    Ignored,
}

/// Longer ids than any chat makes are replaced by their hash, so that client tokens keep within their limit.
const ID_MAX: usize = 100;
/// The content type of the item by which the bot asks itself for the greeting: no chat has it.
const GREETING: &str = "application/vnd.relevo.greeting";

/// Reads the JSON text of an item. `now_ms` stands in for a missing time.
pub(crate) fn read(text: &str, now_ms: i64) -> Incoming {
    let Ok(Value::Object(item)) = serde_json::from_str::<Value>(text) else {
        return Incoming::Ignored;
    };
    let field = |name: &str| field(&item, name);
    let Some(key) = field("InitialContactId").or_else(|| field("ContactId")).filter(|key| key.len() <= 256) else {
        return Incoming::Ignored;
    };
    let key = key.to_owned();
    let content_type = field("ContentType").unwrap_or_default();
    let role = field("ParticipantRole").unwrap_or_default();
    if let Some(reason) = ending(content_type, field("Type"), role) {
        return Incoming::Over { key, reason };
    }
    match said(&item, text, now_ms) {
        Some(message) => Incoming::Said { key, message },
        None => Incoming::Ignored,
    }
}

/// The customer's message in an item of a transcript.
pub(crate) fn message(item: &Value, now_ms: i64) -> Option<Message> {
    item.as_object().and_then(|fields| said(fields, &item.to_string(), now_ms))
}

/// The item of a message, as [`read`] reads it.
pub(crate) fn write(key: &str, message: &Message) -> String {
    // Filters of a subscription may let nothing but messages pass, so a file is one of a type the bot does not read.
    let content_type = match message.kind {
        MessageKind::Text(_) => "text/plain",
        MessageKind::Unsupported => "application/octet-stream",
        MessageKind::Greeting => GREETING,
    };
    let item = json!({
        "AbsoluteTime": jiff::Timestamp::from_millisecond(message.time_ms).ok().map(|time| time.to_string()),
        "Content": message.text(),
        "ContentType": content_type,
        "Id": message.id,
        "InitialContactId": key,
        "ParticipantRole": "CUSTOMER",
        "Type": "MESSAGE",
    });
    item.to_string()
}

/// A field's text without the blanks around it, if there is any.
fn field<'a>(item: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    item.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// What the customer said in this item; `text` is the item's own.
fn said(item: &Map<String, Value>, text: &str, now_ms: i64) -> Option<Message> {
    let field = |name: &str| field(item, name);
    if field("ParticipantRole") != Some("CUSTOMER") {
        return None;
    }
    let content_type = field("ContentType").unwrap_or_default();
    let content = item.get("Content").and_then(Value::as_str).map(clean).unwrap_or_default();
    let attached = item.get("Attachments").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let kind = match field("Type") {
        Some("ATTACHMENT") => MessageKind::Unsupported,
        Some("MESSAGE") if attached => MessageKind::Unsupported,
        Some("MESSAGE") if content_type == GREETING => MessageKind::Greeting,
        Some("MESSAGE") if !is_text(content_type) => MessageKind::Unsupported,
        Some("MESSAGE") if !content.is_empty() => MessageKind::Text(content),
        _ => return None,
    };
    let time = field("AbsoluteTime").and_then(|time| time.parse::<jiff::Timestamp>().ok());
    let time_ms = time.map_or(now_ms, jiff::Timestamp::as_millisecond);
    // Without an id the same item is still known by what it is.
    let id = match field("Id") {
        Some(id) if id.len() <= ID_MAX => id.to_owned(),
        Some(id) => hash(&[id]),
        None => hash(&[field("AbsoluteTime").unwrap_or_default(), text]),
    };
    Some(Message { id, time_ms, kind })
}

fn ending(content_type: &str, kind: Option<&str>, role: &str) -> Option<CloseReason> {
    let event = content_type.strip_prefix("application/vnd.amazonaws.connect.event.");
    match (event, kind, role) {
        (Some("chat.ended"), _, _) | (None, Some("CHAT_ENDED"), _) => Some(CloseReason::ChatEnded),
        (Some("participant.left"), _, "CUSTOMER") => Some(CloseReason::CustomerLeft),
        (Some("participant.joined"), _, "AGENT" | "SUPERVISOR") => Some(CloseReason::PersonJoined),
        _ => None,
    }
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.is_empty() || ["text/plain", "text/markdown"].iter().any(|text| essence.eq_ignore_ascii_case(text))
}

/// Control characters have no meaning in a chat, and services refuse some of them.
fn clean(text: &str) -> String {
    let text: String = text.chars().filter(|char| !char.is_control() || matches!(char, '\n' | '\t')).collect();
    text.trim().to_owned()
}

fn hash(parts: &[&str]) -> String {
    let mut fnv = Fnv::default();
    for part in parts {
        fnv.write(part.as_bytes());
        fnv.write(&[0]);
    }
    format!("h{:016x}", fnv.finish())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(item: &Value) -> Option<Message> {
        match read(&item.to_string(), 7) {
            Incoming::Said { message, .. } => Some(message),
            _ => None,
        }
    }

    fn item() -> Value {
        json!({
            "AbsoluteTime": "2021-09-08T13:28:24.656Z", "Content": "help", "ContentType": "text/plain", "Id": "i1",
            "Type": "MESSAGE", "ParticipantId": "p", "DisplayName": "Jane", "ParticipantRole": "CUSTOMER",
            "InitialContactId": "first", "ContactId": "second",
        })
    }

    fn with(field: &str, value: Value) -> Value {
        let mut item = item();
        item[field] = value;
        item
    }

    #[test]
    fn a_message_of_the_customer_is_read() {
        let message = Message { id: "i1".into(), time_ms: 1_631_107_704_656, kind: MessageKind::Text("help".into()) };
        assert_eq!(read(&item().to_string(), 7), Incoming::Said { key: "first".into(), message });
    }

    #[test]
    fn fields_may_be_missing_or_odd() {
        let mut bare = item();
        for field in ["AbsoluteTime", "ContentType", "Id", "ContactId"] {
            bare.as_object_mut().unwrap().remove(field);
        }
        let message = said(&bare).unwrap();
        assert_eq!(message.time_ms, 7);
        assert_eq!(said(&bare).unwrap().id, message.id, "the same item has the same made-up id");
        assert_eq!(said(&with("AbsoluteTime", json!("yesterday"))).unwrap().time_ms, 7);
        assert!(said(&with("Id", json!("x".repeat(5_000)))).unwrap().id.len() <= 100);
        let cleaned = said(&with("Content", json!("a\u{0}b\nc"))).unwrap();
        assert_eq!(cleaned.kind, MessageKind::Text("ab\nc".into()));
    }

    #[test]
    fn what_the_bot_cannot_read_is_unsupported_and_the_rest_ignored() {
        for unsupported in [
            with("Type", json!("ATTACHMENT")),
            with("Attachments", json!([{"AttachmentId": "a"}])),
            with("ContentType", json!("application/json")),
        ] {
            assert_eq!(said(&unsupported).unwrap().kind, MessageKind::Unsupported);
        }
        for ignored in [
            with("ParticipantRole", json!("CUSTOM_BOT")),
            with("ParticipantRole", json!("AGENT")),
            with("ParticipantRole", Value::Null),
            with("Type", json!("EVENT")),
            with("Type", json!(7)),
            with("Content", json!("  \u{0} ")),
            with("Content", json!({"text": "help"})),
            json!([item()]),
            json!("help"),
        ] {
            assert_eq!(read(&ignored.to_string(), 7), Incoming::Ignored, "{ignored}");
        }
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        for text in ["", "{", "null", "\u{0}", r#"{"ContactId":"\ud800"}"#, deep.as_str()] {
            assert_eq!(read(text, 7), Incoming::Ignored);
        }
    }

    #[test]
    fn the_end_of_the_chat_needs_neither_role_nor_contact_id() {
        let event = |name: &str, role: Value| {
            json!({"Type": "EVENT", "ContentType": format!("application/vnd.amazonaws.connect.event.{name}"),
                   "InitialContactId": "first", "ParticipantRole": role})
        };
        let over = |item: &Value| match read(&item.to_string(), 7) {
            Incoming::Over { reason, .. } => Some(reason),
            _ => None,
        };
        assert_eq!(over(&event("chat.ended", Value::Null)), Some(CloseReason::ChatEnded));
        assert_eq!(over(&event("participant.left", json!("CUSTOMER"))), Some(CloseReason::CustomerLeft));
        assert_eq!(over(&event("participant.joined", json!("AGENT"))), Some(CloseReason::PersonJoined));
        for other in [event("participant.left", json!("CUSTOM_BOT")), event("typing", json!("CUSTOMER"))] {
            assert_eq!(read(&other.to_string(), 7), Incoming::Ignored);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(id in "[!-~]{1,100}", time_ms in 0i64..4_000_000_000_000, text in "\\PC{0,50}") {
            let kind = match clean(&text) {
                empty if empty.is_empty() => MessageKind::Unsupported,
                text => MessageKind::Text(text),
            };
            let message = Message { id, time_ms, kind };
            let said = Incoming::Said { key: "first".into(), message: message.clone() };
            prop_assert_eq!(read(&write("first", &message), 7), said);
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,200}|[{}\\[\\]\":,a-zA-Z\\\\u0-9]{0,200}") {
            read(&text, 0);
        }
    }
}
