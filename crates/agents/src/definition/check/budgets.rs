//! Budgets that leave room for an answer.

use super::{Check, Place};
use crate::run::Budgets;

/// Each key with its value and its least.
fn floors(budgets: &Budgets) -> [(&'static str, u64, u64); 7] {
    let tokens = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    [
        ("iterations", budgets.iterations.into(), 1),
        ("hops", budgets.hops.into(), 1),
        ("samePair", budgets.same_pair.into(), 1),
        ("turnTokens", budgets.turn_tokens, 1_000),
        ("turnMs", budgets.turn_ms, 1_000),
        ("historyTokens", tokens(budgets.history_tokens), 500),
        ("conversationTokens", tokens(budgets.conversation_tokens), 100),
    ]
}

pub(super) fn check(check: &mut Check<'_>, budgets: &Budgets, place: Place<'_>) {
    for (key, value, least) in floors(budgets) {
        if value < least {
            check.at(place.value(key), format!("`{key}` is {value}; it must be at least {least}"));
        }
    }
}
