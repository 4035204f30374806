//! Undoing a start that failed: leave, stop the stream, close the record.

use std::time::Duration;

use super::{Made, StartEvent, ask_streaming};
use crate::{
    bot::Bot,
    handoff::{leave, stop_streaming},
    retry::apply,
    sessions::{CloseReason, Departure, Op, Outcome, Session, Status},
};

pub(super) const STEP: Duration = Duration::from_millis(600);
/// While the remains are stored: any message that comes then finishes the cleaning up.
const LEASE_MS: i64 = 0;

/// Undoes what was made, unless another call of `start` has taken over and goes on with it. What is to be undone is
/// stored as a departure before it is tried: whoever comes next goes on with it.
pub(super) async fn undo(bot: &Bot, event: &StartEvent, made: Made) {
    let key = event.initial_contact_id.as_str();
    let Some(fence) = made.fence else { return };
    let mut session = made.session;
    if session.participant_token.is_none() && !made.unknown {
        // Nothing was made that anybody could undo.
        let _ = apply(&bot.ports, key, Op::Abandon { fence }, 1).await;
        return;
    }
    session.departure = Some(Departure {
        reason: CloseReason::StartFailed,
        attributes: None,
        words: None,
        stop_streaming: true,
        leave: true,
    });
    let now_ms = bot.now_ms();
    let save = |session: &Session, status| {
        let mut session = Box::new(session.clone());
        session.revision += if status == Status::Closed { 2 } else { 1 };
        Op::Save { fence, session, status, now_ms, lease_ms: LEASE_MS }
    };
    let op = save(&session, Status::Leaving);
    match apply(&bot.ports, key, op, 1).await {
        Ok(Outcome::Saved(_)) | Err(_) => {}
        Ok(_) => return,
    }
    let left = leave(bot, key, &mut session, STEP).await.is_ok();
    let stopped = stop(bot, key, &mut session, STEP).await;
    if left && stopped {
        session.closed = Some(CloseReason::StartFailed);
        let op = save(&session, Status::Closed);
        let _ = apply(&bot.ports, key, op, 1).await;
    }
}

/// Stops the stream. Answers whether it is stopped. An id that was never heard of is asked for again in the same way.
pub(crate) async fn stop(bot: &Bot, key: &str, session: &mut Session, time: Duration) -> bool {
    let streaming_id = match session.streaming_id.clone() {
        Some(id) => id,
        None => match ask_streaming(bot, key, session.stay, time).await {
            Ok(id) => session.streaming_id.insert(id).clone(),
            Err(error) => return !error.is_passing(),
        },
    };
    let stopped = stop_streaming(bot, key, &streaming_id, time).await;
    if stopped {
        session.streaming_id = None;
    }
    stopped
}
