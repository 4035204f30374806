//! The outside world as the bot sees it: one small trait a capability. Sessions have their own module.

mod agent;
mod chat;
mod mailbox;
mod watch;

use std::sync::Arc;

use async_trait::async_trait;

pub use agent::{
    Agent, AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
    RequestBody, ResultState, operation,
};
pub use chat::{Chat, ChatError, Connection, Participant, Token};
pub use mailbox::{Mailbox, MailboxError};
pub use watch::{TurnFailure, Watch};

use crate::sessions::Sessions;

/// The time.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// Functions that the agent returns control for and that are not hand-offs: a Lambda, an HTTP endpoint, code.
#[async_trait]
pub trait Handlers: Send + Sync {
    /// Runs one function. `None`: no handler has this name. `Err`: it failed; the text is read by the agent. The same
    /// call may come again after a crash, so what changes something goes by [`crate::handlers::idempotency_key`].
    async fn call(&self, contact_id: &str, turn_id: &str, input: &FunctionInput) -> Option<Result<String, String>>;
}

/// Everything the bot needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// The chat service.
    pub chat: Arc<dyn Chat>,
    /// The agent that answers.
    pub agent: Arc<dyn Agent>,
    /// What the bot knows of each contact.
    pub sessions: Arc<dyn Sessions>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Functions that are not hand-offs; without it each of them answers the agent with an error.
    pub handlers: Option<Arc<dyn Handlers>>,
    /// Brings what the customer said before the bot could hear it; without it that waits for the next message.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Hears of failures and departures.
    pub watch: Option<Arc<dyn Watch>>,
}
