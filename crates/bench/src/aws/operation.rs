//! Which operation of AWS a request asks for.

use axum::http::Method;

/// The operations that the functions under test call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // AWS's own names
pub(crate) enum Operation {
    GetItem,
    PutItem,
    UpdateItem,
    DeleteItem,
    CreateParticipant,
    StartContactStreaming,
    StopContactStreaming,
    UpdateContactAttributes,
    CreateParticipantConnection,
    SendMessage,
    SendEvent,
    GetTranscript,
    DisconnectParticipant,
    Publish,
    InvokeAgent,
}

impl Operation {
    /// By what it is recognised; `target` is the header `X-Amz-Target`.
    pub(crate) fn of(method: &Method, path: &str, target: &str) -> Option<Self> {
        if let Some((_, name)) = target.split_once("DynamoDB_20120810.") {
            return match name {
                "GetItem" => Some(Self::GetItem),
                "PutItem" => Some(Self::PutItem),
                "UpdateItem" => Some(Self::UpdateItem),
                "DeleteItem" => Some(Self::DeleteItem),
                _ => None,
            };
        }
        match (method.as_str(), path) {
            ("PUT" | "POST", "/contact/create-participant") => Some(Self::CreateParticipant),
            ("POST", "/contact/start-streaming") => Some(Self::StartContactStreaming),
            ("POST", "/contact/stop-streaming") => Some(Self::StopContactStreaming),
            ("POST", "/contact/attributes") => Some(Self::UpdateContactAttributes),
            ("POST", "/participant/connection") => Some(Self::CreateParticipantConnection),
            ("POST", "/participant/message") => Some(Self::SendMessage),
            ("POST", "/participant/event") => Some(Self::SendEvent),
            ("POST", "/participant/transcript") => Some(Self::GetTranscript),
            ("POST", "/participant/disconnect") => Some(Self::DisconnectParticipant),
            ("POST", "/") => Some(Self::Publish),
            ("POST", path) if path.starts_with("/agents/") && path.ends_with("/text") => Some(Self::InvokeAgent),
            _ => None,
        }
    }
}
