//! One turn: the customer's messages, the agent's answer, what follows from it.

mod ask;
mod control;
mod outbox;
mod ticker;

use std::time::Duration;

use crate::{
    handoff::packet::packet,
    holder::{Holder, Stop},
    language,
    ports::{FunctionInput, Input},
    sessions::{CloseReason, Departure, MessageKind, Outgoing, Session, Status, Turn},
    texts::text,
    wishes::is_wish,
};
use ask::Round;
pub(crate) use ask::session_id;
use outbox::Fault;
use ticker::Ticker;

/// A turn begun this often without an end is given up: it may be what kills its holders.
const ATTEMPTS_MAX: u32 = 5;
/// Rounds of functions in one turn.
const ROUNDS_MAX: u32 = 8;
/// A customer who asks for a person waits no longer for the agent to see it.
const WISH_PATIENCE: Duration = Duration::from_secs(15);
/// Messages sent before the bot came back are not for it; clocks may differ by this much.
const CLOCKS_DIFFER_MS: i64 = 5_000;
/// Lines and bytes of the customer's words that are kept for a hand-off.
const HISTORY_LINES: usize = 12;
const HISTORY_BYTES: usize = 400;

/// How a turn ended.
pub(crate) enum TurnEnd {
    /// All is said.
    Answered,
    /// A person takes over.
    HandOff(Box<Departure>),
}

/// Does the turn that the holder has taken, from the beginning or from where it was stored.
pub(crate) async fn run(holder: &mut Holder<'_>) -> Result<TurnEnd, Stop> {
    let words = begin(holder);
    if holder.attempts > 1 {
        // Somebody began before us. If the bot has left meanwhile, nothing may be asked any more.
        outbox::probe(holder).await?;
    }
    if !holder.turn().complete {
        let wish = is_wish(&words, &holder.bot.config.policy.handoff.wishes);
        let end = if words.is_empty() {
            holder.turn().complete = true;
            Ok(Talk::Done)
        } else if holder.attempts > ATTEMPTS_MAX {
            Ok(Talk::Failed("begun too often".into()))
        } else {
            talk(holder, &words, wish).await
        };
        match end {
            Ok(Talk::Done) if wish => return Ok(hand_off(holder, None, CloseReason::CustomerRequest)),
            Ok(Talk::Done) => {}
            Ok(Talk::HandOff(input)) => {
                let reason = if wish { CloseReason::CustomerRequest } else { CloseReason::AgentRequest };
                return Ok(hand_off(holder, Some(&input), reason));
            }
            Ok(Talk::Wish) => return Ok(hand_off(holder, None, CloseReason::CustomerRequest)),
            Ok(Talk::Failed(why)) | Err(Fault::Refused(why)) => {
                tracing::warn!(contact_id = holder.key, turn_id = holder.turn_id(), why, "turn failed");
                if let Some(end) = fail(holder, wish) {
                    return Ok(end);
                }
            }
            Err(Fault::Stop(stop)) => return Err(stop),
        }
    }
    outbox::flush(holder).await?;
    Ok(TurnEnd::Answered)
}

/// What came of the talk with the agent.
enum Talk {
    Done,
    HandOff(FunctionInput),
    Wish,
    Failed(String),
}

async fn talk(holder: &mut Holder<'_>, words: &str, wish: bool) -> Result<Talk, Fault> {
    let patience = Duration::from_millis(holder.bot.config.policy.limits.agent_timeout_ms);
    let mut ticker = Ticker::new(holder, if wish { patience.min(WISH_PATIENCE) } else { patience });
    loop {
        let input = match holder.turn().results.clone() {
            Some((invocation_id, results)) => Input::Results { invocation_id, results },
            None => Input::Text(words.to_owned()),
        };
        let (invocation_id, inputs) = match ask::ask(holder, &mut ticker, input).await? {
            Round::Answered => return Ok(Talk::Done),
            Round::Failed(why) => return Ok(Talk::Failed(why)),
            Round::Wish => return Ok(Talk::Wish),
            Round::Control { invocation_id, inputs } => (invocation_id, inputs),
        };
        let functions = &holder.bot.config.policy.handoff.functions;
        if let Some(input) = inputs.iter().find(|input| functions.contains(&input.function)) {
            return Ok(Talk::HandOff(input.clone()));
        }
        if inputs.is_empty() || holder.turn().round >= ROUNDS_MAX {
            return Ok(Talk::Failed("control returned without end or aim".into()));
        }
        outbox::flush(holder).await.map_err(Fault::Stop)?;
        let results = match control::run(holder, &mut ticker, inputs).await? {
            control::Handled::Results(results) => results,
            control::Handled::Wish => return Ok(Talk::Wish),
            control::Handled::Deadline => return Ok(Talk::Failed("functions took too long".into())),
        };
        let turn = holder.turn();
        turn.round += 1;
        turn.round_start = turn.outbox.len();
        turn.results = Some((invocation_id, results));
        holder.save(Status::Open).await?;
        ticker.progress();
    }
}

/// Prepares the turn if nothing of it is stored. Answers the customer's words, in order.
fn begin(holder: &mut Holder<'_>) -> String {
    let session = &holder.session;
    let since = came_back_ms(session);
    let ours = || holder.taken.iter().filter(|message| message.time_ms >= since);
    let texts: Vec<String> = ours()
        .filter_map(|message| match &message.kind {
            MessageKind::Text(text) => Some(text.clone()),
            MessageKind::Unsupported => None,
        })
        .collect();
    let unsupported = ours().any(|message| message.kind == MessageKind::Unsupported);
    let id = holder.turn_id();
    let words = texts.join("\n");
    if session.turn.as_ref().is_some_and(|turn| turn.id == id) {
        return words;
    }
    let config = &holder.bot.config;
    if let Some(language) = language::detect(&words, &config.languages) {
        language.clone_into(&mut holder.session.language);
    }
    remember(holder, &texts);
    let mut turn = Turn { id, ..Turn::default() };
    if unsupported {
        let text = text(&config.policy.texts.unsupported, &holder.session.language, &config.languages).to_owned();
        turn.outbox.push(Outgoing { part: "unsupported".into(), text, sent: false });
        turn.round_start = 1;
    }
    holder.session.turn = Some(turn);
    words
}

/// From when on the customer's messages are for this stay of the bot.
pub(crate) fn came_back_ms(session: &Session) -> i64 {
    let returned = session.previous.iter().any(|stay| stay.reason != CloseReason::StartFailed);
    if returned { session.opened_ms - CLOCKS_DIFFER_MS } else { i64::MIN }
}

fn remember(holder: &mut Holder<'_>, texts: &[String]) {
    let history = &mut holder.session.history;
    for text in texts {
        let end = (0..=HISTORY_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        history.push(text.get(..end).unwrap_or_default().to_owned());
    }
    // The first line says what it is about: it stays.
    while history.len() > HISTORY_LINES {
        history.remove(1);
    }
}

/// The agent failed: honest words, or a person.
fn fail(holder: &mut Holder<'_>, wish: bool) -> Option<TurnEnd> {
    holder.session.failures = holder.session.failures.saturating_add(1);
    if wish {
        return Some(hand_off(holder, None, CloseReason::CustomerRequest));
    }
    let config = &holder.bot.config;
    if holder.session.failures >= config.policy.handoff.after_failures.max(1) {
        return Some(hand_off(holder, None, CloseReason::AgentFailure));
    }
    let text = text(&config.policy.texts.failure, &holder.session.language, &config.languages).to_owned();
    let turn = holder.turn();
    turn.failed = true;
    turn.complete = true;
    turn.outbox.push(Outgoing { part: "failure".into(), text, sent: false });
    None
}

/// The way out, as a plan that is stored before its first step.
fn hand_off(holder: &mut Holder<'_>, input: Option<&FunctionInput>, reason: CloseReason) -> TurnEnd {
    let waiting: Vec<String> = holder
        .inbox
        .iter()
        .filter_map(|message| match &message.kind {
            MessageKind::Text(text) => Some(text.clone()),
            MessageKind::Unsupported => None,
        })
        .collect();
    remember(holder, &waiting);
    let config = &holder.bot.config;
    let session = &holder.session;
    let default = config.policy.handoff.functions.first().map_or("escalate", String::as_str);
    let function = input.map_or(default, |input| input.function.as_str());
    let texts = &config.policy.texts;
    let words = if reason == CloseReason::AgentFailure { &texts.failure_handoff } else { &texts.handoff };
    TurnEnd::HandOff(Box::new(Departure {
        reason,
        attributes: Some(packet(input, function, reason, session)),
        words: Some(text(words, &session.language, &config.languages).to_owned()),
        stop_streaming: true,
        leave: true,
    }))
}
