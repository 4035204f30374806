//! What was asked of the contact centre and of the bot's sessions for a contact, with how long it took: the last calls of
//! the last contacts, in memory alone. No token is shown.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{ring::Ring, system::System};

/// How many calls of one contact are kept.
const PER_CONTACT: usize = 300;
/// A longer text is cut: the transcript has it whole.
const LONGEST_TEXT: usize = 4_000;
/// Stands for what must not be shown.
pub(crate) const REDACTED: &str = "[redacted]";

/// Where a call came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Door {
    /// Over HTTP.
    Wire,
    /// The bot's, in this process: the same operation without HTTP.
    Bot,
    /// The bot's own session.
    Session,
}

/// One call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallEntry {
    /// When it began, in microseconds since the epoch.
    pub at_us: i64,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Where it came in.
    pub door: Door,
    /// As boto3 names its clients.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The HTTP method; empty where there is none.
    pub method: String,
    /// The path; empty where there is none.
    pub path: String,
    /// The labels of the path.
    pub labels: Map<String, Value>,
    /// A participant's or a connection's token went along.
    pub bearer: Option<&'static str>,
    /// What was asked.
    pub request: CallBody,
    /// What was answered.
    pub response: CallBody,
    /// The HTTP status, or what stands for it.
    pub status: u16,
}

/// A body as it is kept, which is shown without tokens. Most are never looked at: they are read when they are.
#[derive(Debug, Clone)]
pub(crate) enum CallBody {
    /// As it came over HTTP; empty where it was not looked at.
    Raw(Box<[u8]>),
    /// As the bot's own ports have it.
    Read(Value),
}

impl CallBody {
    /// The JSON, with its tokens; null where there is none.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Self::Read(value) => value.clone(),
        }
    }
}

impl Serialize for CallBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut value = self.json();
        redact(&mut value);
        value.serialize(serializer)
    }
}

/// The calls by contact.
pub(crate) struct Calls(Ring<CallEntry>);

impl Calls {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Ring::new(PER_CONTACT))
    }

    /// Keeps one.
    pub(crate) fn add(&self, contact_id: &str, call: CallEntry) {
        self.0.add(contact_id, call);
    }

    /// A contact's, in the order in which they ended.
    pub(crate) fn of(&self, contact_id: &str) -> Vec<CallEntry> {
        self.0.of(contact_id)
    }

    /// Begins one of the bot's calls.
    pub(super) fn begin() -> i64 {
        System::micros()
    }

    /// One of the bot's calls is done.
    pub(super) fn done(
        &self,
        contact_id: &str,
        at_us: i64,
        (door, service, operation): (Door, &'static str, &'static str),
        request: Value,
        answer: Result<Value, String>,
    ) {
        let (status, response) = match answer {
            Ok(response) => (200, response),
            Err(error) => (500, json!({ "error": error })),
        };
        let bearer = match operation {
            "CreateParticipantConnection" => Some("participant"),
            "SendMessage" | "SendEvent" | "GetTranscript" | "DisconnectParticipant" => Some("connection"),
            _ => None,
        };
        self.add(
            contact_id,
            CallEntry {
                at_us,
                duration_us: System::micros() - at_us,
                door,
                service,
                operation,
                method: String::new(),
                path: String::new(),
                labels: Map::new(),
                bearer,
                request: CallBody::Read(request),
                response: CallBody::Read(response),
                status,
            },
        );
    }
}

/// Takes out what opens something, and cuts what is long.
fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members.iter_mut() {
                let key = key.to_ascii_lowercase();
                let token = key.ends_with("token") && key != "clienttoken" && key != "nexttoken";
                // A websocket's or a file's URL is a key as well.
                if value.is_string() && (token || key.ends_with("url")) {
                    *value = json!(REDACTED);
                } else {
                    redact(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let end = (0..=LONGEST_TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
            text.push('…');
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_signed_urls_are_not_kept() {
        let mut value = json!({
            "ParticipantToken": "secret", "ClientToken": "kept", "NextToken": "F1",
            "Websocket": {"Url": "ws://127.0.0.1/participant/websocket?token=secret"},
            "ConnectionCredentials": [{"ConnectionToken": "secret"}],
            "Content": "ñ".repeat(4_000),
        });
        redact(&mut value);
        let text = value.to_string();
        assert!(!text.contains("secret") && text.contains("kept") && text.contains("F1"), "{text}");
        assert!(text.len() < 5_000);
    }
}
