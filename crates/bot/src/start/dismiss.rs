//! The flow goes on without the bot: `start`'s answers did not reach it, or its wait is over. The bot would go on beside the
//! queue, so the flow has it leave.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{KEEP_MS, StartEvent, cleanup};
use crate::{
    bot::Bot,
    handoff::leave,
    retry::apply,
    sessions::{Op, Outcome, SessionsError, Status},
};

/// The flow, and the customer in it, wait 4 s at most.
const LEAVE: Duration = Duration::from_millis(3_500);
const STOP: Duration = Duration::from_millis(600);
/// One step of it: a function that was just started has no connection to the service yet.
const STEP: Duration = Duration::from_millis(1_500);
const STORE_TRIES: u32 = 2;

/// Leaves, and tells the flow whether the bot is out. It is no start: `status` is another.
pub(super) async fn answer(bot: &Bot, event: &StartEvent) -> Value {
    let contact_id = &event.contact_id;
    let why = match timeout(LEAVE, dismiss(bot, event)).await {
        Ok(Ok(true)) => {
            tracing::info!(contact_id, "left because the flow went on");
            return json!({"status": "left", "reason": ""});
        }
        Ok(Ok(false)) => "the chat does not answer".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer in time".to_owned(),
    };
    tracing::error!(contact_id, why, "still there though the flow went on");
    json!({"status": "still_there", "reason": "leave_failed"})
}

/// Closes the session first: whoever is at work on it says nothing any more, also where the chat does not let the bot go.
async fn dismiss(bot: &Bot, event: &StartEvent) -> Result<bool, SessionsError> {
    let key = event.initial_contact_id.as_str();
    let known = apply(&bot.ports, key, Op::Read, STORE_TRIES).await?;
    let (contact_id, now_ms) = (event.contact_id.clone(), bot.now_ms());
    apply(&bot.ports, key, Op::Dismiss { contact_id, now_ms, keep_ms: KEEP_MS }, STORE_TRIES).await?;
    let Outcome::Record(record) = known else { return Ok(true) };
    if record.status == Status::Closed {
        return Ok(true);
    }
    let mut session = record.session;
    if session.connection_expiry_ms <= bot.now_ms() {
        // After a wait of a day.
        session.connection_token = None;
    }
    let left = leave(bot, key, &mut session, STEP).await.is_ok();
    // A stream that could not be stopped is stopped when something comes of it.
    let streaming_id = session.streaming_id.clone();
    if cleanup::stop(bot, key, &mut session, STOP).await
        && let Some(streaming_id) = streaming_id
    {
        apply(&bot.ports, key, Op::StreamStopped { streaming_id }, 1).await?;
    }
    Ok(left)
}
