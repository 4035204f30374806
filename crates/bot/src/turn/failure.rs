//! A turn without an answer, or whose answer the chat does not take: honest words, or a person.

use super::{TurnEnd, departs};
use crate::{
    handoff::hand_off,
    holder::{Holder, Stop},
    ports::TurnFailure,
    sessions::{CloseReason, MessageKind, Outgoing, Status},
    texts::text,
};

/// The agent failed: honest words, or a person and why.
pub(super) fn fail(holder: &mut Holder<'_>, wish: bool, why: &TurnFailure) -> Option<CloseReason> {
    report(holder, why);
    holder.session.failures = holder.session.failures.saturating_add(1);
    if wish {
        return Some(CloseReason::CustomerRequest);
    }
    let config = &holder.bot.config;
    if holder.session.failures >= config.policy.handoff.after_failures.max(1) {
        return Some(CloseReason::AgentFailure);
    }
    let text = text(&config.policy.texts.failure, &holder.session.language, &config.languages).to_owned();
    let turn = holder.turn();
    turn.failed = true;
    turn.complete = true;
    turn.outbox.push(Outgoing { part: "failure".into(), text, sent: false });
    None
}

/// The chat does not take the turn's words. Who asks for a person comes to one all the same, and for who waits for an answer
/// it is a failure like another: words of it could not be said either, so that the turn counts each time it is taken up in
/// vain. A customer who said nothing yet misses nothing: the greeting is tried again.
pub(super) async fn unsaid(holder: &mut Holder<'_>, words: &str, why: String) -> Result<TurnEnd, Stop> {
    // It has taken a while: this also tells what came meanwhile.
    if holder.hold().await == Err(Stop::Lost) {
        return Err(Stop::Lost);
    }
    if holder.bot.listener.is_wish(words) || holder.asks_for_person() {
        return Ok(departs(hand_off(holder, None, CloseReason::CustomerRequest)));
    }
    if !holder.taken.iter().chain(&holder.inbox).any(|message| message.kind != MessageKind::Greeting) {
        return Err(Stop::Later(why));
    }
    let turn = holder.turn();
    turn.unsaid = turn.unsaid.saturating_add(1);
    let failures = turn.unsaid.saturating_add(holder.session.failures);
    if failures >= holder.bot.config.policy.handoff.after_failures.max(1) {
        report(holder, &TurnFailure::ChatUnavailable(why));
        return Ok(departs(hand_off(holder, None, CloseReason::AgentFailure)));
    }
    holder.save(Status::Open).await?;
    Err(Stop::Later(why))
}

fn report(holder: &Holder<'_>, why: &TurnFailure) {
    tracing::warn!(contact_id = holder.key, turn_id = holder.turn_id(), kind = why.code(), %why, "turn failed");
    if let Some(watch) = &holder.bot.ports.watch {
        watch.turn_failed(why);
    }
}
