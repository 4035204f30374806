//! A delivery of the contact's stream, from the item to what became of it.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    bot::{Bot, ReceiveError, Received},
    handoff::{close, depart, tidy},
    holder::{Holder, LEASE_MS, Stop},
    incoming::{self, Incoming},
    retry::apply,
    sessions::{CloseReason, Message, Op, Outcome, SessionRecord, Status},
    turn::{self, TurnEnd},
};

const STORE_TRIES: u32 = 3;
/// A message may come while the bot is still joining: it waits this often for so long.
const JOIN_POLLS: u32 = 24;
const JOIN_POLL: Duration = Duration::from_millis(250);

/// Handles one streamed item.
pub(crate) async fn receive(bot: &Bot, text: &str) -> Result<Received, ReceiveError> {
    match incoming::read(text, bot.now_ms()) {
        Incoming::Ignored => Ok(Received::Ignored),
        Incoming::Over { key, reason } => over(bot, &key, reason).await,
        Incoming::Said { key, message } => said(bot, &key, message).await,
    }
}

async fn over(bot: &Bot, key: &str, reason: CloseReason) -> Result<Received, ReceiveError> {
    let Outcome::Record(record) = apply(&bot.ports, key, Op::Read, STORE_TRIES).await? else {
        return Ok(Received::Unknown);
    };
    let stale = reason == CloseReason::PersonJoined && record.status == Status::Starting;
    if record.status == Status::Closed && record.session.streaming_id.is_none() || stale {
        return Ok(Received::Closed);
    }
    close(bot, key, record.session.stay, reason).await
}

async fn said(bot: &Bot, key: &str, message: Message) -> Result<Received, ReceiveError> {
    let id = message.id.clone();
    let begin_ms = bot.now_ms();
    let received = deliver(bot, key, message).await;
    let duration_ms = bot.now_ms() - begin_ms;
    match &received {
        Ok(outcome) => tracing::info!(contact_id = key, message_id = id, ?outcome, duration_ms, "message"),
        Err(error) => tracing::warn!(contact_id = key, message_id = id, %error, duration_ms, "message not handled"),
    }
    received
}

async fn deliver(bot: &Bot, key: &str, message: Message) -> Result<Received, ReceiveError> {
    for _ in 0..JOIN_POLLS {
        let op = Op::Deliver { message: message.clone(), now_ms: bot.now_ms(), lease_ms: LEASE_MS };
        match apply(&bot.ports, key, op, STORE_TRIES).await? {
            Outcome::Turn(record) => return work(bot, *record).await,
            Outcome::Waiting => return Ok(Received::Waiting),
            Outcome::Duplicate => return Ok(Received::Duplicate),
            Outcome::Closed(record) => {
                let left = record.session.streaming_id.as_deref().filter(|_| record.status == Status::Closed);
                tidy(bot, key, left).await?;
                return Ok(Received::Closed);
            }
            Outcome::Busy if is_starting(bot, key).await? => sleep(JOIN_POLL).await,
            Outcome::Busy => return Err(ReceiveError::Busy),
            _ => return Ok(Received::Unknown),
        }
    }
    Err(ReceiveError::Busy)
}

async fn is_starting(bot: &Bot, key: &str) -> Result<bool, ReceiveError> {
    let read = apply(&bot.ports, key, Op::Read, STORE_TRIES).await?;
    Ok(matches!(read, Outcome::Record(record) if record.status == Status::Starting))
}

/// Works as long as there is something to do, then gives the lease back.
async fn work(bot: &Bot, record: SessionRecord) -> Result<Received, ReceiveError> {
    let mut holder = Holder::new(bot, record);
    match turns(&mut holder).await {
        Ok(received) => Ok(received),
        Err(Stop::Lost) => Ok(Received::Superseded),
        Err(Stop::Gone) => close(bot, &holder.key, holder.session.stay, CloseReason::NotOurs).await,
        Err(Stop::Later(why)) => {
            holder.release().await;
            Err(ReceiveError::Unavailable(why))
        }
    }
}

async fn turns(holder: &mut Holder<'_>) -> Result<Received, Stop> {
    if holder.status == Status::Leaving {
        depart(holder, None).await?;
        let handed = holder.session.closed.is_some_and(CloseReason::is_handoff);
        return Ok(if handed { Received::HandedOff } else { Received::Ended });
    }
    loop {
        match turn::run(holder).await? {
            TurnEnd::HandOff(plan) => {
                tracing::info!(contact_id = holder.key, reason = plan.reason.as_str(), "hand-off");
                depart(holder, Some(*plan)).await?;
                return Ok(Received::HandedOff);
            }
            TurnEnd::Answered if holder.finish().await? => {}
            TurnEnd::Answered => return Ok(Received::Answered),
        }
    }
}
