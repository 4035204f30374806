//! The body of an `InvokeAgent` answer: event frames as the runtime yields them, and an end that says how it went.
//!
//! A body that merely stops is taken for a complete, empty answer by some clients. So a stream ends in one of three
//! ways: after a chunk or a return of control; after an exception's frame; or, where not even that could be written,
//! by breaking the connection.

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use relevo_agents::runtime::{AgentError, AgentErrorKind, AgentEvent, AgentStream};
use serde_json::json;

use super::eventstream::{self, FrameError};
use crate::error::AwsError;

/// What is left of the answer.
enum Rest {
    /// The first event, which was waited for before the head of the answer went out.
    First(AgentEvent, AgentStream),
    /// Events to come, and whether one of those that went out was an answer.
    Open {
        events: AgentStream,
        answered: bool,
    },
    Done,
}

/// The body. A failure before the first event is an ordinary refusal.
pub(super) async fn body(mut events: AgentStream) -> Result<Body, AwsError> {
    let rest = match next(&mut events).await {
        Some(Ok(event)) => Rest::First(event, events),
        Some(Err(error)) => return Err(error.into()),
        None => return Err(AwsError::internal("the run ended without an event")),
    };
    Ok(Body::from_stream(stream::unfold(rest, |rest| async move {
        let (frames, rest) = step(rest).await?;
        Some((frames, rest))
    })))
}

async fn step(rest: Rest) -> Option<(Result<Vec<u8>, std::io::Error>, Rest)> {
    match rest {
        Rest::First(event, events) => Some(write(&event, events, false)),
        Rest::Open { mut events, answered } => match next(&mut events).await {
            Some(Ok(event)) => Some(write(&event, events, answered)),
            Some(Err(error)) => Some(fail(&error)),
            None if answered => None,
            None => Some(fail(&internal("the run ended without an answer"))),
        },
        Rest::Done => None,
    }
}

fn write(event: &AgentEvent, events: AgentStream, answered: bool) -> (Result<Vec<u8>, std::io::Error>, Rest) {
    match eventstream::event(event) {
        Ok(frames) => {
            let answered = answered
                || matches!(event, AgentEvent::Chunk(_) | AgentEvent::CitedChunk(..) | AgentEvent::ReturnControl(_));
            (Ok(frames), Rest::Open { events, answered })
        }
        Err(error) => fail(&internal(error)),
    }
}

/// Ends the stream with an exception's frame.
fn fail(error: &AgentError) -> (Result<Vec<u8>, std::io::Error>, Rest) {
    tracing::warn!(operation = "InvokeAgent", kind = ?error.kind, cause = error.cause, "stream failed");
    let frame = eventstream::exception(error.kind, &json!({ "message": error.message }));
    (frame.map_err(|error: FrameError| std::io::Error::other(error.to_string())), Rest::Done)
}

/// The next event; a panic of the run is an error like another.
async fn next(events: &mut AgentStream) -> Option<Result<AgentEvent, AgentError>> {
    let event = AssertUnwindSafe(events.next()).catch_unwind().await;
    event.unwrap_or_else(|_| Some(Err(internal("panic"))))
}

fn internal(cause: impl std::fmt::Display) -> AgentError {
    AgentError {
        kind: AgentErrorKind::InternalServer,
        message: "An internal error occurred.".into(),
        cause: Some(cause.to_string()),
    }
}

#[cfg(test)]
mod tests;
