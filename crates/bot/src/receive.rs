//! A delivery of the contact's stream, from the item to what became of it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{
    bot::{Bot, ReceiveError, Received},
    handoff::{close, depart, part, tidy},
    holder::{Holder, LEASE_MS, Stop},
    incoming::{self, Incoming},
    retry::apply,
    sessions::{CloseReason, Message, Op, Outcome, SessionRecord, Status},
    turn::{self, TurnEnd},
    wake::wake,
};

const STORE_TRIES: u32 = 3;
/// A message may come while the bot is still joining: it waits this often for so long.
const JOIN_POLLS: u32 = 24;
const JOIN_POLL: Duration = Duration::from_millis(250);
/// A last try to leave a chat that has refused the bot.
const PART: Duration = Duration::from_secs(8);

/// Of the time that there is, the part that is kept for the last words and notes.
const RESERVE: u32 = 5;
const RESERVE_MAX: Duration = Duration::from_secs(15);

/// Handles one streamed item. `end`: by when, where there is such a time.
pub(crate) async fn receive(bot: &Bot, text: &str, end: Option<Instant>) -> Result<Received, ReceiveError> {
    match incoming::read(text, bot.now_ms()) {
        Incoming::Ignored => Ok(Received::Ignored),
        Incoming::Over { key, reason } => over(bot, &key, reason).await,
        Incoming::Said { key, message } => said(bot, &key, message, end).await,
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

async fn said(bot: &Bot, key: &str, message: Message, end: Option<Instant>) -> Result<Received, ReceiveError> {
    let id = message.id.clone();
    let begin_ms = bot.now_ms();
    let received = deliver(bot, key, message, end).await;
    let duration_ms = bot.now_ms() - begin_ms;
    match &received {
        Ok(outcome) => tracing::info!(contact_id = key, message_id = id, ?outcome, duration_ms, "message"),
        Err(error) => tracing::warn!(contact_id = key, message_id = id, %error, duration_ms, "message not handled"),
    }
    received
}

async fn deliver(bot: &Bot, key: &str, message: Message, end: Option<Instant>) -> Result<Received, ReceiveError> {
    let until = end.map(|end| {
        let time = end.saturating_duration_since(Instant::now());
        end - (time / RESERVE).min(RESERVE_MAX)
    });
    for _ in 0..JOIN_POLLS {
        let op = Op::Deliver { message: message.clone(), now_ms: bot.now_ms(), lease_ms: LEASE_MS };
        match apply(&bot.ports, key, op, STORE_TRIES).await? {
            Outcome::Turn(record) => return work(bot, *record, until).await,
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
async fn work(bot: &Bot, record: SessionRecord, until: Option<Instant>) -> Result<Received, ReceiveError> {
    let mut holder = Holder::new(bot, record, until);
    let begin = Instant::now();
    let ended = match turns(&mut holder, begin).await {
        Err(Stop::OutOfTime) => go_on_later(&mut holder).await,
        other => other,
    };
    match ended {
        Ok(received) => Ok(received),
        Err(Stop::Lost) => Ok(Received::Superseded),
        Err(Stop::Gone) => {
            part(bot, &holder.key, &holder.session, PART).await;
            close(bot, &holder.key, holder.session.stay, CloseReason::NotOurs).await
        }
        Err(Stop::OutOfTime) => Err(ReceiveError::Unavailable("out of time".into())),
        Err(Stop::Later(why)) => {
            holder.release().await;
            Err(ReceiveError::Unavailable(why))
        }
    }
}

async fn turns(holder: &mut Holder<'_>, begin: Instant) -> Result<Received, Stop> {
    if holder.status == Status::Leaving {
        depart(holder, None).await?;
        return Ok(departed(holder));
    }
    loop {
        match turn::run(holder).await? {
            TurnEnd::Departs(plan) => {
                tracing::info!(contact_id = holder.key, reason = plan.reason.as_str(), "departure");
                depart(holder, Some(*plan)).await?;
                return Ok(departed(holder));
            }
            TurnEnd::Answered if holder.finish().await? => {
                // A turn that has hardly begun when its time is over would fail for nothing.
                let half_over = |until: Instant| until.saturating_duration_since(Instant::now()) < begin.elapsed();
                if holder.until.is_some_and(half_over) {
                    return Err(Stop::OutOfTime);
                }
            }
            TurnEnd::Answered => return Ok(Received::Answered),
        }
    }
}

fn departed(holder: &Holder<'_>) -> Received {
    let handed = holder.session.closed.is_some_and(CloseReason::is_handoff);
    if let (Some(watch), Some(reason)) = (&holder.bot.ports.watch, holder.session.closed) {
        watch.departed(reason);
    }
    if handed { Received::HandedOff } else { Received::Ended }
}

/// Stores what there is and has the turn taken up by a delivery of its own. Without one, this delivery comes again.
async fn go_on_later(holder: &mut Holder<'_>) -> Result<Received, Stop> {
    let Some(item) = holder.taken.first().map(|message| incoming::write(&holder.key, message)) else {
        return Err(Stop::Later("a turn without a message".into()));
    };
    holder.rest().await?;
    if wake(holder.bot, &holder.key, &item).await { Ok(Received::GoesOn) } else { Err(Stop::OutOfTime) }
}
