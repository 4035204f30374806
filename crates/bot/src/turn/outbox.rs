//! Saying what is in the outbox: stored and sent at the same time, each part under its own client token.

use std::time::Duration;

use crate::{
    connection::{CONNECT, Unreached},
    holder::{Holder, Stop},
    retry::{apply, insist},
    sessions::{CloseReason, Op, Outcome, Outgoing, Status},
    turn::ticker::Ticker,
    voice::{Found, SEND, Unsaid},
};

const STORE_TRIES: u32 = 3;
const PROBE: Duration = Duration::from_secs(8);

/// Why a part did not go out.
pub(super) enum Fault {
    /// The holder stops.
    Stop(Stop),
    /// The chat does not take this text.
    Refused(String),
    /// The chat takes nothing now, or does not answer.
    Unsaid(String),
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Unreached> for Fault {
    fn from(unreached: Unreached) -> Self {
        match unreached {
            Unreached::Gone => Self::Stop(Stop::Gone),
            Unreached::Later(why) => Self::Unsaid(why),
        }
    }
}

/// Whether the bot is still in the chat. Typing that fails proves nothing: then a new connection tells.
pub(super) async fn probe(holder: &mut Holder<'_>) -> Result<(), Unreached> {
    let voice = holder.voice(CONNECT).await?;
    match insist(voice.seed, PROBE, || voice.chat.send_typing(&voice.token)).await {
        Ok(()) => Ok(()),
        Err(_) => holder.reconnect(CONNECT).await.map(drop),
    }
}

/// Takes the answer's paragraph number `position`. In a turn that was begun before, what was stored then stays: the
/// customer may have read it.
pub(super) async fn paragraph(
    holder: &mut Holder<'_>,
    ticker: &mut Ticker,
    position: usize,
    text: String,
    last: bool,
) -> Result<(), Fault> {
    let turn = holder.turn();
    if position == turn.outbox.len() {
        turn.outbox.push(Outgoing { part: position.to_string(), text, sent: false });
    }
    if last {
        turn.complete = true;
        holder.session.failures = 0;
    }
    say(holder, Some(&mut *ticker), position).await?;
    ticker.answered();
    Ok(())
}

/// Says what is not said yet. What the chat refuses for good is left out: there is nothing else to do with it.
pub(super) async fn flush(holder: &mut Holder<'_>) -> Result<(), Fault> {
    for position in 0..holder.turn().outbox.len() {
        match say(holder, None, position).await {
            Err(Fault::Refused(why)) => {
                tracing::error!(contact_id = holder.key, turn_id = holder.turn_id(), why, "part refused");
            }
            other => other?,
        }
    }
    Ok(())
}

async fn say(holder: &mut Holder<'_>, mut ticker: Option<&mut Ticker>, position: usize) -> Result<(), Fault> {
    let Some(part) = holder.turn().outbox.get(position).filter(|part| !part.sent).cloned() else { return Ok(()) };
    let voice = holder.voice(CONNECT).await?;
    holder.hold().await?;
    if let Some(ticker) = &mut ticker {
        ticker.hush(holder.session.connection_token.clone());
    }
    let token = holder.token(&part.part);
    let op = holder.save_op(Status::Open);
    let (saved, mut said) =
        tokio::join!(apply(&holder.bot.ports, &holder.key, op, STORE_TRIES), voice.say(&part.text, &token, SEND));
    let held = holder.heard(saved);
    if said == Err(Unsaid::Gone) && held != Err(Stop::Lost) {
        said = holder.say_anew(&part.text, &token, SEND).await;
        if let Some(ticker) = ticker {
            ticker.reconnected(holder.session.connection_token.clone());
        }
    }
    match said {
        Ok(found) => {
            if let Some(part) = holder.turn().outbox.get_mut(position) {
                part.sent = true;
            }
            learn(holder, found);
        }
        Err(Unsaid::Gone) => return Err(Stop::Gone.into()),
        Err(Unsaid::Later(why)) => return Err(Fault::Unsaid(why)),
        Err(Unsaid::Refused(why)) => return Err(Fault::Refused(why)),
    }
    match held {
        // The part is said; what could not be stored is stored with the next write.
        Ok(()) | Err(Stop::Later(_)) => Ok(()),
        Err(stop) => {
            if let Some(watch) = &holder.bot.ports.watch
                && handed_off(holder).await
            {
                tracing::error!(contact_id = holder.key, turn_id = holder.turn_id(), "said after the hand-off");
                watch.said_after_handoff();
            }
            Err(stop.into())
        }
    }
}

/// Whether a person has taken over from this stay of the bot.
async fn handed_off(holder: &Holder<'_>) -> bool {
    let Ok(Outcome::Record(record)) = apply(&holder.bot.ports, &holder.key, Op::Read, STORE_TRIES).await else {
        return false;
    };
    let (now, ours) = (&record.session, holder.session.stay);
    let closed = if now.stay == ours { now.closed } else { now.previous.last().map(|stay| stay.reason) };
    closed.is_some_and(|reason| reason.is_handoff() || reason == CloseReason::PersonJoined)
}

/// Remembers what was found out about the chat.
pub(crate) fn learn(holder: &mut Holder<'_>, found: Found) {
    let session = &mut holder.session;
    if let Some(limit) = found.max_bytes {
        session.part_bytes = Some(session.part_bytes.map_or(limit, |known| known.min(limit)));
    }
    session.plain |= found.plain;
}
