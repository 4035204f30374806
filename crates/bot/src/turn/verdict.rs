//! What an answer means beyond its words: an agent that says it transfers, or does not understand again and again.
//!
//! It is told from what is stored of the turn, so that a process that takes up a finished turn comes to the same.

use super::confirm;
use crate::{holder::Holder, phrases::likeness, sessions::CloseReason};

/// Why a person is to take over after this answer, if one is. Counts the answer.
pub(super) fn of_answer(holder: &mut Holder<'_>) -> Option<CloseReason> {
    let listener = holder.bot.listener.clone();
    let turn = holder.turn();
    // The agent's own parts have numbers; what the bot itself said is no answer.
    let parts = turn.outbox.iter().filter(|part| part.part.bytes().all(|byte| byte.is_ascii_digit()));
    let answer = parts.map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let asks = turn.outbox.iter().any(|part| part.part == confirm::PART);
    if turn.failed || asks || answer.is_empty() {
        return None;
    }
    if listener.is_promise(&answer) {
        return Some(CloseReason::AgentPromise);
    }
    let this = likeness(&answer);
    let session = &mut holder.session;
    let again = session.last_answer.replace(this) == Some(this);
    session.clarifications = if again || listener.is_clarification(&answer) { session.clarifications + 1 } else { 0 };
    let limit = holder.bot.config.policy.handoff.after_clarifications;
    (limit > 0 && session.clarifications >= limit).then_some(CloseReason::Clarifications)
}
