//! How much a turn may cost before it ends in words, and how much of a conversation is remembered.

use serde::Deserialize;

use super::{Run, frames::CANCELLED};

/// Limits of one turn; they count from the customer's last input. `budgets` in `bot.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Budgets {
    /// Model answers of one agent for one request. (Users of Bedrock count about 7.)
    pub iterations: u32,
    /// Requests between agents, all together.
    pub hops: u32,
    /// Requests from one agent to the same other: more is a ping-pong.
    pub same_pair: u32,
    /// How often a wrong call of the same tool goes back to the model that made it.
    pub wrong_calls: u32,
    /// How often an empty answer is asked for again, or one that broke off is gone on with.
    pub empty_answers: u32,
    /// Tokens of all models, in and out, as they count them.
    pub turn_tokens: u64,
    /// The time of a turn, while the caller waits for it. Far longer than one that asks (the bot's `agentTimeoutMs`) waits.
    pub turn_ms: u64,
    /// Of an agent's own history, with all that its tools answered; see [`history::tokens`](super::history). When it is
    /// more between turns, the older part goes, down to the half.
    pub history_tokens: usize,
    /// Of what customer and bot said to each other; what is more is summarised, down to the half.
    pub conversation_tokens: usize,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            iterations: 10,
            hops: 20,
            same_pair: 5,
            wrong_calls: 1,
            empty_answers: 1,
            turn_tokens: 500_000,
            turn_ms: 3_600_000,
            history_tokens: 30_000,
            conversation_tokens: 6_000,
        }
    }
}

impl Run {
    /// The turn's time begins: with the customer's input, or with the results of a return of control.
    pub fn begin_clock(&mut self, now_ms: i64) {
        if let Some(turn) = self.turn_mut() {
            turn.began_ms = Some(now_ms);
        }
    }

    /// What is left of the turn's time, in milliseconds.
    pub fn left_ms(&self, now_ms: i64) -> u64 {
        let began_ms = self.turn().and_then(|turn| turn.began_ms).unwrap_or(now_ms);
        let spent_ms = u64::try_from(now_ms.saturating_sub(began_ms)).unwrap_or_default();
        self.budgets.turn_ms.saturating_sub(spent_ms)
    }

    /// The turn's time is over: it ends in words. What is still fed changes nothing.
    pub fn out_of_time(&mut self) {
        self.exhaust("The turn took too long");
    }

    /// Whether the models have used up the turn's tokens.
    pub(super) fn is_out_of_tokens(&self) -> bool {
        self.turn().is_some_and(|turn| turn.tokens > self.budgets.turn_tokens)
    }

    /// Everybody stops; the customer gets words.
    pub(super) fn exhaust(&mut self, reason: &str) {
        let top = self.turn().and_then(|turn| turn.frames.iter().find(|(_, frame)| frame.parent.is_none()));
        let Some((top, agent)) = top.map(|(id, frame)| (*id, frame.agent.clone())) else { return };
        self.cancel(top, CANCELLED);
        self.trace_failure(&agent, reason);
        self.end_in_words(agent);
    }
}
