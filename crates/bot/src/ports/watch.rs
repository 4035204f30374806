//! Who counts what does not show in [`crate::Received`].

use super::AgentError;
use crate::sessions::CloseReason;

/// Why a turn had no answer: the customer read words of failure instead, or came to a person. The texts are for the log
/// and hold no customer content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TurnFailure {
    /// The agent answered with an error.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The agent did not answer in the time of `agentTimeoutMs`.
    #[error("no answer in time")]
    AgentTimeout,
    /// The agent's answer has no words.
    #[error("an empty answer")]
    AgentEmpty,
    /// The agent returns control again and again, or for nothing.
    #[error("control returned without end or aim")]
    AgentControl,
    /// The functions that control was returned for took too long.
    #[error("functions took too long")]
    FunctionsTimeout,
    /// The chat does not take the answer.
    #[error("{0}")]
    ChatRefused(String),
    /// The chat takes no words, or does not answer, while the customer waits.
    #[error("not said: {0}")]
    ChatUnavailable(String),
    /// The turn was begun too often: it may be what kills its holders.
    #[error("begun too often")]
    Attempts,
}

impl TurnFailure {
    /// Every word that [`Self::code`] can say.
    pub const CODES: [&str; 10] = [
        "agent_throttled",
        "agent_refused",
        "agent_unavailable",
        "agent_timeout",
        "agent_empty",
        "agent_control",
        "functions_timeout",
        "chat_refused",
        "chat_unavailable",
        "turn_attempts",
    ];

    /// One word of a small set.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Agent(AgentError::Throttled) => "agent_throttled",
            Self::Agent(AgentError::Refused(_)) => "agent_refused",
            Self::Agent(AgentError::Unavailable(_)) => "agent_unavailable",
            Self::AgentTimeout => "agent_timeout",
            Self::AgentEmpty => "agent_empty",
            Self::AgentControl => "agent_control",
            Self::FunctionsTimeout => "functions_timeout",
            Self::ChatRefused(_) => "chat_refused",
            Self::ChatUnavailable(_) => "chat_unavailable",
            Self::Attempts => "turn_attempts",
        }
    }
}

/// Hears of what happens. It is told, and asked nothing: it must not wait.
pub trait Watch: Send + Sync {
    /// A turn had no answer.
    fn turn_failed(&self, failure: &TurnFailure);

    /// The bot has left, and why.
    fn departed(&self, reason: CloseReason);

    /// The chat took a part of an answer, and afterwards the store says that a person had taken over: without a process
    /// that stalls at the wrong moment it does not happen.
    fn said_after_handoff(&self);
}
