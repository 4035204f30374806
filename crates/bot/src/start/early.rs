//! What the customer said before the bot could hear it: the chat's first message, and what was typed before the stream
//! stood. It is found in the transcript and opens the session in its inbox; a streamed item makes the bot take it up.

use std::time::Duration;

use serde_json::Value;

use crate::{bot::Bot, fnv::fnv, incoming, ports::Token, retry::insist, sessions::Message};

/// How much is taken into the inbox: nobody types more while a bot joins.
const MESSAGES_MAX: usize = 40;
const BYTES_MAX: usize = 64 * 1024;

/// The customer's messages so far, oldest first, but for those before `since_ms`. A transcript that does not come keeps
/// nobody from joining.
pub(super) async fn find(bot: &Bot, key: &str, token: &Token, since_ms: i64, time: Duration) -> Vec<Message> {
    match insist(fnv(key), time, || bot.ports.chat.transcript(token)).await {
        Ok(items) => {
            let mut early = said(&items, since_ms, bot.now_ms());
            let found = early.len();
            early.truncate(fitting(&early));
            if early.len() < found {
                tracing::error!(contact_id = key, found, kept = early.len(), "too much was said before the start");
            }
            early
        }
        Err(error) => {
            tracing::error!(contact_id = key, %error, "what was said before the start is not known");
            Vec::new()
        }
    }
}

/// The customer's messages among the items, after the last sign of a person: to whom they spoke before is known there.
fn said(items: &[Value], since_ms: i64, now_ms: i64) -> Vec<Message> {
    let text = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let person = |item: &Value| matches!(text(item, "ParticipantRole").as_deref(), Some("AGENT" | "SUPERVISOR"));
    // Persistent chat: an item of a former chat.
    let former = |item: &&Value| text(item, "RelatedContactId").is_some();
    let begin = items.iter().rposition(person).map_or(0, |at| at + 1);
    let ours = items.iter().skip(begin).filter(|item| !former(item));
    ours.filter_map(|item| incoming::message(item, now_ms)).filter(|message| message.time_ms >= since_ms).collect()
}

fn fitting(messages: &[Message]) -> usize {
    let mut bytes = 0;
    let fits = |message: &&Message| {
        bytes += message.bytes();
        bytes <= BYTES_MAX
    };
    messages.iter().take(MESSAGES_MAX).take_while(fits).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sessions::MessageKind;

    fn item(id: &str, role: &str, second: u32) -> Value {
        json!({"Id": id, "ParticipantRole": role, "Type": "MESSAGE", "ContentType": "text/plain", "Content": id,
               "AbsoluteTime": format!("2026-01-01T00:00:{second:02}.000Z")})
    }

    fn ids(items: &[Value], since_ms: i64) -> Vec<String> {
        said(items, since_ms, 0).into_iter().map(|message| message.id).collect()
    }

    #[test]
    fn what_the_customer_said_after_the_last_person() {
        let items = [item("a", "CUSTOMER", 0), item("b", "SYSTEM", 1), item("c", "CUSTOMER", 2)];
        assert_eq!(ids(&items, i64::MIN), ["a", "c"]);
        let second_ms = 1_767_225_601_000;
        assert_eq!(ids(&items, second_ms), ["c"]);
        let mut left = item("left", "AGENT", 3);
        left["Type"] = "EVENT".into();
        let later = [item("a", "CUSTOMER", 0), item("p", "AGENT", 1), item("thanks", "CUSTOMER", 2), left];
        assert_eq!(ids(&later, i64::MIN), [""; 0]);
        assert_eq!(ids(&[&later[..], &[item("d", "CUSTOMER", 4)]].concat(), i64::MIN), ["d"]);
        let mut old = item("old", "CUSTOMER", 0);
        old["RelatedContactId"] = "former".into();
        assert_eq!(ids(&[old, json!(null), json!({}), item("a", "CUSTOMER", 0)], i64::MIN), ["a"]);
    }

    #[test]
    fn the_inbox_is_not_overrun() {
        let message = |text: String| Message { id: "m".into(), time_ms: 0, kind: MessageKind::Text(text) };
        assert_eq!(fitting(&vec![message("hola".into()); 100]), MESSAGES_MAX);
        assert_eq!(fitting(&vec![message("x".repeat(16_384)); 10]), 4);
        assert_eq!(fitting(&[]), 0);
    }
}
