//! The flow goes on without the bot: `start`'s answers did not reach it, or its wait is over. The bot would go on beside the
//! queue, so the flow has it leave.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{StartEvent, cleanup};
use crate::{
    bot::Bot,
    handoff::leave,
    retry::apply,
    sessions::{CloseReason, Op, Outcome, SessionsError, Status},
};

/// The flow, and the customer in it, wait 4 s at most.
const LEAVE: Duration = Duration::from_millis(3_500);
const STOP: Duration = Duration::from_millis(600);
const STORE_TRIES: u32 = 2;

/// Leaves, and tells the flow whether the bot is out. It is no start: `status` is another.
pub(super) async fn answer(bot: &Bot, event: &StartEvent) -> Value {
    let contact_id = &event.contact_id;
    let why = match timeout(LEAVE, dismiss(bot, &event.initial_contact_id)).await {
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
async fn dismiss(bot: &Bot, key: &str) -> Result<bool, SessionsError> {
    let Outcome::Record(record) = apply(&bot.ports, key, Op::Read, STORE_TRIES).await? else { return Ok(true) };
    if record.status == Status::Closed {
        return Ok(true);
    }
    let mut session = record.session;
    let op = Op::Close { stay: session.stay, reason: CloseReason::FlowWentOn, now_ms: bot.now_ms() };
    apply(&bot.ports, key, op, STORE_TRIES).await?;
    if session.connection_expiry_ms <= bot.now_ms() {
        // After a wait of a day.
        session.connection_token = None;
    }
    let left = leave(bot, key, &mut session, cleanup::STEP).await.is_ok();
    // A stream that could not be stopped is stopped when something comes of it.
    let streaming_id = session.streaming_id.clone();
    if cleanup::stop(bot, key, &mut session, STOP).await
        && let Some(streaming_id) = streaming_id
    {
        apply(&bot.ports, key, Op::StreamStopped { streaming_id }, 1).await?;
    }
    Ok(left)
}
