//! Leaving, step by step. Each step may be done twice, is stored when done, and none keeps the bot from leaving.

use std::time::Duration;

use tokio::time::timeout;

use super::{leave::leave, packet::least};
use crate::{
    bot::{Bot, ReceiveError, Received},
    fnv::fnv,
    holder::{GREETING, Holder, Stop},
    ports::ChatError,
    retry::{apply, insist},
    sessions::{CloseReason, Departure, Op, Outcome, Status},
    start::cleanup,
    turn::session_id,
    voice::Unsaid,
};

/// The flow needs the attributes to know where the customer goes: tried well.
const ATTRIBUTES: Duration = Duration::from_secs(20);
/// What is left of an answer; the words of the hand-off, with a second try for a chat that is slow at every call.
const LEFT: Duration = Duration::from_secs(8);
const WORDS: Duration = Duration::from_secs(12);
const STREAM: Duration = Duration::from_secs(8);
/// `DisconnectParticipant` has the smallest rate of all (3 a second for an instance).
const LEAVE: Duration = Duration::from_mins(1);
const FORGET: Duration = Duration::from_secs(2);
const STORE_TRIES: u32 = 3;

/// Does what is left of the departure, from `plan` or from where it was stored, and closes the session.
pub(crate) async fn depart(holder: &mut Holder<'_>, plan: Option<Departure>) -> Result<(), Stop> {
    if let Some(plan) = plan {
        holder.session.departure = Some(plan);
        note(holder).await?;
    }
    let Some(mut plan) = holder.session.departure.clone() else { return Err(Stop::Lost) };
    if let Some(attributes) = plan.attributes.take() {
        let (bot, key, seed) = (holder.bot, holder.key.clone(), fnv(&holder.key));
        let write = |attributes| async move {
            let chat = &bot.ports.chat;
            insist(seed, ATTRIBUTES, || chat.update_attributes(&bot.config.instance_id, &key, attributes)).await
        };
        let mut written = write.clone()(&attributes).await;
        if matches!(written, Err(ChatError::Invalid(_) | ChatError::TooLong)) {
            written = write(&least(&attributes)).await;
        }
        report(holder, "attributes", written.err());
        step(holder, &plan).await?;
    }
    if let Some(words) = plan.words.take() {
        say(holder, &words).await;
        step(holder, &plan).await?;
    }
    if plan.stop_streaming {
        // What cannot be stopped now is remembered, and stopped when something comes of it.
        cleanup::stop(holder.bot, &holder.key, &mut holder.session, STREAM).await;
        plan.stop_streaming = false;
        step(holder, &plan).await?;
    }
    if plan.leave {
        leave(holder.bot, &holder.key, &mut holder.session, LEAVE).await?;
        plan.leave = false;
    }
    holder.session.closed = Some(plan.reason);
    holder.session.departure = Some(plan);
    holder.save(Status::Closed).await?;
    forget(holder.bot, &holder.key, holder.session.stay).await;
    Ok(())
}

async fn step(holder: &mut Holder<'_>, plan: &Departure) -> Result<(), Stop> {
    holder.session.departure = Some(plan.clone());
    note(holder).await
}

/// Stores where we are. A store that does not answer keeps nobody from a person; a lost lease does, because somebody
/// else is at it.
async fn note(holder: &mut Holder<'_>) -> Result<(), Stop> {
    match holder.save(Status::Leaving).await {
        Err(Stop::Later(why)) => {
            tracing::warn!(contact_id = holder.key, why, "departure not stored");
            Ok(())
        }
        other => other,
    }
}

/// What is left of the answer, then the words of the hand-off. After a part that the chat does not take only the last
/// words are tried: the customer's way to a person is not made longer by each of them. Who leaves greets nobody.
async fn say(holder: &mut Holder<'_>, words: &str) {
    let outbox = holder.session.turn.clone().unwrap_or_default().outbox;
    for part in outbox.into_iter().filter(|part| !part.sent && part.part != GREETING) {
        let token = holder.token(&part.part);
        match holder.say(&part.text, &token, LEFT).await {
            Ok(_) => {}
            Err(Unsaid::Refused(why)) => report(holder, "answer", Some(ChatError::Invalid(why))),
            Err(Unsaid::Later(_) | Unsaid::Gone) => break,
        }
    }
    let token = holder.stay_token("handoff");
    let error = match holder.say(words, &token, WORDS).await {
        Ok(_) => None,
        Err(Unsaid::Gone) => Some(ChatError::AccessDenied),
        Err(Unsaid::Refused(why)) => Some(ChatError::Invalid(why)),
        Err(Unsaid::Later(why)) => Some(ChatError::Unavailable(why)),
    };
    report(holder, "words", error);
}

fn report(holder: &Holder<'_>, step: &str, error: Option<ChatError>) {
    if let Some(error) = error {
        tracing::error!(contact_id = holder.key, step, %error, "hand-off step failed");
    }
}

/// Stops a stream. Answers whether it is stopped.
pub(crate) async fn stop_streaming(bot: &Bot, contact_id: &str, streaming_id: &str, time: Duration) -> bool {
    let chat = &bot.ports.chat;
    let stop = || chat.stop_streaming(&bot.config.instance_id, contact_id, streaming_id);
    match insist(fnv(contact_id), time, stop).await {
        Ok(()) | Err(ChatError::NotFound | ChatError::Invalid(_)) => true,
        Err(error) => {
            tracing::error!(contact_id, %error, "stream not stopped");
            false
        }
    }
}

/// The chat is over, or no longer the bot's: closes the session whoever holds the lease, and stops the stream.
pub(crate) async fn close(bot: &Bot, key: &str, stay: u32, reason: CloseReason) -> Result<Received, ReceiveError> {
    let op = Op::Close { stay, reason, now_ms: bot.now_ms() };
    let record = match apply(&bot.ports, key, op, STORE_TRIES).await? {
        Outcome::Closed(record) => record,
        Outcome::Lost => return Ok(Received::Superseded),
        _ => return Ok(Received::Unknown),
    };
    tidy(bot, key, record.session.streaming_id.as_deref()).await?;
    forget(bot, key, stay).await;
    Ok(Received::Ended)
}

/// Stops the stream of a closed session, if it still runs.
pub(crate) async fn tidy(bot: &Bot, key: &str, streaming_id: Option<&str>) -> Result<(), ReceiveError> {
    let Some(streaming_id) = streaming_id else { return Ok(()) };
    if !stop_streaming(bot, key, streaming_id, STREAM).await {
        return Err(ReceiveError::Unavailable("stream not stopped".into()));
    }
    let op = Op::StreamStopped { streaming_id: streaming_id.to_owned() };
    apply(&bot.ports, key, op, STORE_TRIES).await?;
    Ok(())
}

/// Tells the agent that the conversation is over. Nobody waits long for it.
pub(crate) async fn forget(bot: &Bot, key: &str, stay: u32) {
    let _ = timeout(FORGET, bot.ports.agent.forget(&session_id(key, stay))).await;
}
