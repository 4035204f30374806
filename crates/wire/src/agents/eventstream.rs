//! Frames of `application/vnd.amazon.eventstream`, the headers in the order the service sends them.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::{
    event_stream::{Header, HeaderValue, Message},
    str_bytes::StrBytes,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use relevo_agents::{
    knowledge::Citation,
    runtime::{AgentErrorKind, AgentEvent},
};
use serde_json::{Value, json};

/// Longest `bytes` of a `chunk`, decoded (`PayloadPart` of the service model).
const MAX_CHUNK: usize = 1_000_000;

/// Why a frame could not be written. For the log.
#[derive(Debug)]
pub(super) struct FrameError(String);

impl std::fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "frame: {}", self.0)
    }
}

/// The frames of one event, one after another: a text longer than a chunk may be goes into several, which clients
/// join by their bytes.
pub(super) fn event(event: &AgentEvent) -> Result<Vec<u8>, FrameError> {
    let mut frames = Vec::new();
    match event {
        AgentEvent::Chunk(text) if text.len() > MAX_CHUNK => {
            for part in text.chunks(MAX_CHUNK) {
                write(&mut frames, ":event-type", "chunk", "event", &chunk(part, &[]))?;
            }
        }
        AgentEvent::Chunk(text) => write(&mut frames, ":event-type", "chunk", "event", &chunk(text, &[]))?,
        // The runtime cuts its own chunks, so that each has its citations.
        AgentEvent::CitedChunk(text, citations) => {
            write(&mut frames, ":event-type", "chunk", "event", &chunk(text, citations))?;
        }
        AgentEvent::ReturnControl(control) => {
            let payload = serde_json::to_value(control).map_err(|error| FrameError(error.to_string()))?;
            write(&mut frames, ":event-type", "returnControl", "event", &payload)?;
        }
        // Comes only to who asks for it, and nobody on the wire can.
        AgentEvent::Summary(_) => {}
        AgentEvent::Trace(trace) => write(&mut frames, ":event-type", "trace", "event", trace)?,
    }
    Ok(frames)
}

/// An exception's frame: the end of a stream that went wrong.
pub(super) fn exception(kind: AgentErrorKind, payload: &Value) -> Result<Vec<u8>, FrameError> {
    let name = match kind {
        AgentErrorKind::Validation => "validationException",
        AgentErrorKind::AccessDenied => "accessDeniedException",
        AgentErrorKind::ResourceNotFound => "resourceNotFoundException",
        AgentErrorKind::Conflict => "conflictException",
        AgentErrorKind::DependencyFailed => "dependencyFailedException",
        AgentErrorKind::Throttling => "throttlingException",
        AgentErrorKind::InternalServer => "internalServerException",
        AgentErrorKind::BadGateway => "badGatewayException",
    };
    let mut frame = Vec::new();
    write(&mut frame, ":exception-type", name, "exception", payload)?;
    Ok(frame)
}

/// `PayloadPart`; without citations there is no `attribution`.
fn chunk(text: &[u8], citations: &[Citation]) -> Value {
    let bytes = STANDARD.encode(text);
    match citations {
        [] => json!({ "bytes": bytes }),
        citations => json!({ "bytes": bytes, "attribution": { "citations": citations } }),
    }
}

fn write(
    frames: &mut Vec<u8>,
    type_header: &'static str,
    name: &'static str,
    message_type: &'static str,
    payload: &Value,
) -> Result<(), FrameError> {
    let text = |value: &'static str| HeaderValue::String(StrBytes::from(value));
    let headers = vec![
        Header::new(type_header, text(name)),
        Header::new(":content-type", text("application/json")),
        Header::new(":message-type", text(message_type)),
    ];
    let message = Message::new_from_parts(headers, payload.to_string());
    write_message_to(&message, frames).map_err(|error| FrameError(error.to_string()))
}

#[cfg(test)]
mod tests;
