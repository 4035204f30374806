//! Undoing a start that failed: leave, stop the stream, remove the record.

use std::time::Duration;

use super::{Made, StartEvent, ask_streaming};
use crate::{
    bot::Bot,
    fnv::fnv,
    handoff::stop_streaming,
    holder::stay_token,
    ports::ChatError,
    retry::{apply, insist},
    sessions::{CloseReason, Departure, Op, Outcome, Session, Status},
};

const STEP: Duration = Duration::from_millis(700);
/// While the remains are stored: any message that comes then finishes the cleaning up.
const LEASE_MS: i64 = 0;

/// Undoes what was made, unless another call of `start` has taken over and goes on with it. What cannot be undone now is
/// stored as a departure, before it is tried: whoever comes next goes on with it.
pub(super) async fn undo(bot: &Bot, event: &StartEvent, made: Made) {
    let key = event.initial_contact_id.as_str();
    let Some(fence) = made.fence else { return };
    let stay = made.session.stay;
    let mut session = made.session;
    let plan = Departure {
        reason: CloseReason::StartFailed,
        attributes: None,
        words: None,
        stop_streaming: true,
        leave: session.participant_token.is_some(),
    };
    session.departure = Some(plan);
    if session.participant_token.is_none() {
        // Nothing was made that anybody could undo.
        let _ = apply(&bot.ports, key, Op::Abandon { fence }, 1).await;
        return;
    }
    let now_ms = bot.now_ms();
    session.revision += 1;
    let op =
        Op::Save { fence, session: Box::new(session.clone()), status: Status::Leaving, now_ms, lease_ms: LEASE_MS };
    match apply(&bot.ports, key, op, 1).await {
        Ok(Outcome::Saved(_)) | Err(_) => {}
        Ok(_) => return,
    }
    let left = leave(bot, key, stay, &mut session).await;
    if made.streaming_asked && session.streaming_id.is_none() {
        // The answer was lost: the same client token tells the stream's id.
        session.streaming_id = ask_streaming(bot, key, stay).await.ok();
    }
    let stopped = match session.streaming_id.clone() {
        Some(streaming_id) => stop_streaming(bot, key, &streaming_id, STEP).await,
        None => true,
    };
    if stopped {
        session.streaming_id = None;
    }
    if left {
        session.closed = Some(CloseReason::StartFailed);
        session.revision += 1;
        let op = Op::Save { fence, session: Box::new(session), status: Status::Closed, now_ms, lease_ms: LEASE_MS };
        let _ = apply(&bot.ports, key, op, 1).await;
    }
}

/// Leaves the chat. Answers whether the bot is out.
pub(super) async fn leave(bot: &Bot, key: &str, stay: u32, session: &mut Session) -> bool {
    let port = &bot.ports.chat;
    if session.connection_token.is_none() {
        let Some(token) = session.participant_token.clone() else { return true };
        match insist(fnv(key), STEP, || port.create_connection(&token)).await {
            Ok(connection) => session.connection_token = Some(connection.connection_token),
            Err(error) => return !error.is_passing(),
        }
    }
    let Some(connection) = session.connection_token.clone() else { return true };
    let token = stay_token(key, stay, "leave");
    match insist(fnv(key), STEP, || port.disconnect(&connection, &token)).await {
        Ok(()) | Err(ChatError::AccessDenied | ChatError::NotFound) => true,
        Err(_) => false,
    }
}
