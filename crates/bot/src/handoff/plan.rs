//! The way out as a plan, which is stored before its first step.

use super::packet::packet;
use crate::{
    holder::Holder,
    ports::FunctionInput,
    sessions::{CloseReason, Departure},
    texts::text,
};

/// What a flow finds in `functionName` when the customer has ended the chat: it is not a hand-off.
pub(crate) const END_CHAT: &str = "endChat";

/// To a person. `input`: the agent's function, if it was the agent who handed over.
pub(crate) fn hand_off(holder: &mut Holder<'_>, input: Option<&FunctionInput>, reason: CloseReason) -> Departure {
    let waiting: Vec<String> = holder.waiting().map(str::to_owned).collect();
    holder.remember(&waiting);
    let config = &holder.bot.config;
    let default = config.policy.handoff.functions.first().map_or("escalate", String::as_str);
    let function = input.map_or(default, |input| input.function.as_str());
    let texts = &config.policy.texts;
    let words = if reason == CloseReason::AgentFailure { &texts.failure_handoff } else { &texts.handoff };
    Departure {
        reason,
        attributes: Some(packet(input, function, reason, verified(holder), &holder.session)),
        words: Some(text(words, &holder.session.language, &config.languages).to_owned()),
        stop_streaming: true,
        leave: true,
    }
}

/// Nothing is said of it where no function verifies the customer.
fn verified(holder: &Holder<'_>) -> Option<bool> {
    (!holder.bot.config.policy.verified_by.is_empty()).then_some(holder.session.verified)
}

/// Out of the chat because the customer wants to end it: the flow reads [`END_CHAT`] and ends it.
pub(crate) fn end_chat(holder: &Holder<'_>) -> Departure {
    let config = &holder.bot.config;
    let goodbye = text(&config.policy.texts.goodbye, &holder.session.language, &config.languages);
    let reason = CloseReason::CustomerQuit;
    Departure {
        reason,
        attributes: Some(packet(None, END_CHAT, reason, verified(holder), &holder.session)),
        words: (!goodbye.is_empty()).then(|| goodbye.to_owned()),
        stop_streaming: true,
        leave: true,
    }
}
