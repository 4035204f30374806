//! The frames of the websocket, as ChatJS speaks them: a JSON object with a `topic`.

use serde::Serialize;
use serde_json::{Value, json};

/// The one topic there is.
const CHAT: &str = "aws/chat";

/// What a client says. Everything else it may say is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientFrame {
    /// It wants the chat's items.
    Subscribe,
    /// The deep heartbeat.
    Ping,
    /// The heartbeat.
    Heartbeat,
}

/// Reads a frame of the client.
pub(super) fn read(text: &str) -> Option<ClientFrame> {
    let frame: Value = serde_json::from_str(text).ok()?;
    match frame.get("topic")?.as_str()? {
        "aws/subscribe" => {
            let topics = frame.get("content")?.get("topics")?.as_array()?;
            topics.iter().any(|topic| topic == CHAT).then_some(ClientFrame::Subscribe)
        }
        "aws/ping" => Some(ClientFrame::Ping),
        "aws/heartbeat" => Some(ClientFrame::Heartbeat),
        _ => None,
    }
}

/// What the server answers.
pub(super) fn answer(frame: ClientFrame) -> String {
    match frame {
        ClientFrame::Subscribe => {
            json!({ "topic": "aws/subscribe", "content": { "status": "success", "topics": [CHAT] } }).to_string()
        }
        ClientFrame::Ping => json!({ "topic": "aws/ping", "statusCode": 200, "statusContent": "OK" }).to_string(),
        ClientFrame::Heartbeat => json!({ "topic": "aws/heartbeat" }).to_string(),
    }
}

/// An item: its JSON goes as a string.
#[derive(Serialize)]
struct ChatFrame<'a> {
    topic: &'static str,
    #[serde(rename = "contentType")]
    content_type: &'static str,
    content: &'a str,
}

pub(super) fn chat(item: &str) -> Result<String, serde_json::Error> {
    serde_json::to_string(&ChatFrame { topic: CHAT, content_type: "application/json", content: item })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood() {
        let table = [
            (r#"{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}"#, Some(ClientFrame::Subscribe)),
            (r#"{"topic":"aws/subscribe","content":{"topics":["x","aws/chat"]}}"#, Some(ClientFrame::Subscribe)),
            (r#"{"topic":"aws/subscribe","content":{"topics":["x"]}}"#, None),
            (r#"{"topic":"aws/subscribe","content":{"topics":"aws/chat"}}"#, None),
            (r#"{"topic":"aws/subscribe"}"#, None),
            (r#"{"topic":"aws/ping"}"#, Some(ClientFrame::Ping)),
            (r#"{"topic":"aws/heartbeat","extra":1}"#, Some(ClientFrame::Heartbeat)),
            (r#"{"topic":"aws/other"}"#, None),
            (r#"{"topic":1}"#, None),
            ("[]", None),
            ("", None),
            ("{", None),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn items_are_strings_inside() {
        let item = r#"{"Content":"\"ñ\"\n"}"#;
        let frame: Value = serde_json::from_str(&chat(item).unwrap()).unwrap();
        assert_eq!(frame["content"], item);
        assert_eq!(frame["contentType"], "application/json");
    }
}
