//! `InvokeAgent`: an answer of one or two paragraphs, in its time, as an event stream.

use std::time::Duration;

use anyhow::{Context as _, Result};
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::{Body, Bytes};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// How the agent answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manner {
    /// From the question to the first paragraph.
    pub(crate) first: Duration,
    /// From the first paragraph to the second; none: there is no second.
    pub(crate) second: Option<Duration>,
}

/// The content types that the SDKs look at.
pub(crate) const HEADERS: [(&str, &str); 3] = [
    ("content-type", "application/vnd.amazon.eventstream"),
    ("x-amzn-bedrock-agent-content-type", "application/json"),
    ("x-amz-bedrock-agent-session-id", "session"),
];

/// The body, frame by frame; `done` is called when the first paragraph went out.
pub(crate) fn body(question: &[u8], manner: Manner, done: impl FnOnce() + Send + 'static) -> Result<Body> {
    // The same answer again and again would be one that did not understand.
    let question: Value = serde_json::from_slice(question)?;
    let question = question.get("inputText").and_then(Value::as_str).context("no question")?;
    let first = chunk(&format!("You asked: {question} It left our depot this morning and is on its way to you."))?;
    // A paragraph ends where the next one begins.
    let border = chunk("\n\nIt will")?;
    let second = chunk(" be with you on Friday, between nine and twelve o'clock.")?;
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(2);
    tokio::spawn(async move {
        tokio::time::sleep(manner.first).await;
        let _ = sender.send(Ok(first)).await;
        done();
        if let Some(pause) = manner.second {
            let _ = sender.send(Ok(border)).await;
            tokio::time::sleep(pause).await;
            let _ = sender.send(Ok(second)).await;
        }
    });
    let frames = futures_util::stream::unfold(receiver, |mut receiver| async move {
        let frame = receiver.recv().await?;
        Some((frame, receiver))
    });
    Ok(Body::from_stream(frames))
}

fn chunk(text: &str) -> Result<Bytes> {
    let header = |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let payload = json!({"bytes": BASE64_STANDARD.encode(text)}).to_string();
    let message = Message::new(payload.into_bytes())
        .add_header(header(":event-type", "chunk"))
        .add_header(header(":content-type", "application/json"))
        .add_header(header(":message-type", "event"));
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes)?;
    Ok(bytes.into())
}
