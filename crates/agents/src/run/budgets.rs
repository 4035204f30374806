//! How much a turn may cost before it ends in words.

/// Limits of one turn; they count from the customer's last input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budgets {
    /// Model answers of one agent for one request. (Users of Bedrock count about 7.)
    pub iterations: u32,
    /// Requests between agents, all together.
    pub hops: u32,
    /// Requests from one agent to the same other: more is a ping-pong.
    pub same_pair: u32,
    /// How often a wrong call of the same tool goes back to the model that made it.
    pub wrong_calls: u32,
    /// How often an empty answer is asked for again.
    pub empty_answers: u32,
    /// Messages of an agent's history that are kept between turns.
    pub history_messages: usize,
}

impl Default for Budgets {
    fn default() -> Self {
        Self { iterations: 10, hops: 20, same_pair: 5, wrong_calls: 1, empty_answers: 1, history_messages: 200 }
    }
}
