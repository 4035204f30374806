//! One turn: the customer's messages, the agent's answer, what follows from it.

mod ask;
mod confirm;
mod control;
mod failure;
mod outbox;
mod talk;
mod ticker;
mod verdict;

use crate::{
    handoff::{end_chat, hand_off},
    holder::{GREETING, Holder, Stop},
    language,
    ports::TurnFailure,
    sessions::{CloseReason, Departure, Message, MessageKind, Outgoing, Session, Turn},
    texts::text,
};
pub(crate) use ask::session_id;
use outbox::Fault;
use talk::Talk;

/// A turn begun this often without an end is given up: it may be what kills its holders.
const ATTEMPTS_MAX: u32 = 5;
/// Messages sent before the bot came back are not for it; clocks may differ by this much.
const CLOCKS_DIFFER_MS: i64 = 5_000;

/// How a turn ended.
pub(crate) enum TurnEnd {
    /// All is said.
    Answered,
    /// The bot leaves: a person takes over, or the customer has ended the chat.
    Departs(Box<Departure>),
}

/// Does the turn that the holder has taken, from the beginning or from where it was stored.
pub(crate) async fn run(holder: &mut Holder<'_>) -> Result<TurnEnd, Stop> {
    let taken_up = holder.attempts > 1 || holder.session.turn.is_some();
    let words = begin(holder);
    // Somebody began before us. If the bot has left meanwhile, nothing may be asked any more.
    let there = if taken_up { there(holder).await } else { Ok(()) };
    let ended = match there {
        Ok(()) => answer(holder, &words).await,
        Err(fault) => Err(fault),
    };
    match ended {
        Ok(end) => Ok(end),
        Err(Fault::Stop(stop)) => Err(stop),
        Err(Fault::Unsaid(why)) => failure::unsaid(holder, &words, why).await,
        Err(Fault::Refused(why)) => Err(Stop::Later(why)),
    }
}

/// Whether the bot is in the chat, and the turn still its: to find out may have taken longer than the lease.
async fn there(holder: &mut Holder<'_>) -> Result<(), Fault> {
    outbox::probe(holder).await?;
    Ok(holder.hold().await?)
}

/// Has the words answered, and says what there is to say.
async fn answer(holder: &mut Holder<'_>, words: &str) -> Result<TurnEnd, Fault> {
    let listener = holder.bot.listener.clone();
    if words.lines().any(|line| listener.is_end_command(line)) {
        return Ok(departs(end_chat(holder)));
    }
    if holder.asks_for_person() {
        return Ok(departs(hand_off(holder, None, CloseReason::CustomerRequest)));
    }
    let wish = listener.is_wish(words);
    if !holder.turn().complete {
        let end = if words.is_empty() {
            holder.turn().complete = true;
            Ok(Talk::Done)
        } else if holder.attempts > ATTEMPTS_MAX {
            Ok(Talk::Failed(TurnFailure::Attempts))
        } else {
            // Nothing is answered before the customer was greeted.
            if holder.turn().outbox.first().is_some_and(|part| part.part == GREETING) {
                outbox::flush(holder).await?;
            }
            talk::talk(holder, words, wish).await
        };
        match end {
            Ok(Talk::Done) => {}
            Ok(Talk::HandOff(input)) => {
                let reason = if wish { CloseReason::CustomerRequest } else { CloseReason::AgentRequest };
                return Ok(departs(hand_off(holder, Some(&input), reason)));
            }
            Ok(Talk::Wish) => return Ok(departs(hand_off(holder, None, CloseReason::CustomerRequest))),
            Ok(Talk::Failed(why)) => {
                if let Some(reason) = failure::fail(holder, wish, &why) {
                    return Ok(departs(hand_off(holder, None, reason)));
                }
            }
            Err(Fault::Refused(why)) => {
                if let Some(reason) = failure::fail(holder, wish, &TurnFailure::ChatRefused(why)) {
                    return Ok(departs(hand_off(holder, None, reason)));
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    if wish {
        return Ok(departs(hand_off(holder, None, CloseReason::CustomerRequest)));
    }
    outbox::flush(holder).await?;
    Ok(match verdict::of_answer(holder) {
        Some(reason) => departs(hand_off(holder, None, reason)),
        None => TurnEnd::Answered,
    })
}

fn departs(plan: Departure) -> TurnEnd {
    TurnEnd::Departs(Box::new(plan))
}

/// From when on the customer's messages are for this stay of the bot.
pub(crate) fn came_back_ms(session: &Session) -> i64 {
    let returned = session.previous.iter().any(|stay| stay.reason != CloseReason::StartFailed);
    if returned { session.opened_ms - CLOCKS_DIFFER_MS } else { i64::MIN }
}

/// Prepares the turn if nothing of it is stored. Answers the customer's words, in order.
fn begin(holder: &mut Holder<'_>) -> String {
    let session = &holder.session;
    let since = came_back_ms(session);
    let ours = || holder.taken.iter().filter(|message| message.time_ms >= since);
    let texts: Vec<String> = ours().filter_map(Message::text).map(str::to_owned).collect();
    let unsupported = ours().any(|message| message.kind == MessageKind::Unsupported);
    let id = holder.turn_id();
    let words = texts.join("\n");
    // Who asks for a person waits for no greeting.
    let ungreeted = holder.taken.iter().any(|message| message.kind == MessageKind::Greeting)
        && !holder.bot.listener.is_wish(&words);
    if session.turn.as_ref().is_some_and(|turn| turn.id == id) {
        return words;
    }
    let bot = holder.bot;
    let config = &bot.config;
    if let Some(language) = language::detect(&words, &config.languages) {
        language.clone_into(&mut holder.session.language);
    }
    holder.remember(&texts);
    let mut turn = Turn { id, begun_ms: holder.bot.now_ms(), ..Turn::default() };
    let texts = &config.policy.texts;
    for (part, due, by_language) in
        [(GREETING, ungreeted, &texts.greeting), ("unsupported", unsupported, &texts.unsupported)]
    {
        if due {
            let text = text(by_language, &holder.session.language, &config.languages).to_owned();
            turn.outbox.push(Outgoing { part: part.into(), text, sent: false });
        }
    }
    turn.round_start = turn.outbox.len();
    holder.session.turn = Some(turn);
    words
}
