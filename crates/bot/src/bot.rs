//! The bot's two doors: `start` for the flow, `receive` for the contact's stream.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::Instant;

use crate::{phrases::Listener, policy::Policy, ports::Ports, receive, sessions::SessionsError, start};

/// What the bot must know besides its ports.
#[derive(Debug, Clone)]
pub struct BotConfig {
    /// The Connect instance's id.
    pub instance_id: String,
    /// The SNS topic that contacts are streamed to.
    pub topic_arn: String,
    /// The `conversation:` section of the definition.
    pub policy: Policy,
    /// The languages the bot speaks (`es`, `en`, …); the first is the default.
    pub languages: Vec<String>,
}

/// What became of a delivery. The delivery is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A turn was done, perhaps with more messages than this one.
    Answered,
    /// The customer was handed over to a person.
    HandedOff,
    /// The message waits in the inbox; who holds the turn takes it.
    Waiting,
    /// Handled before.
    Duplicate,
    /// The session is closed: nothing was done.
    Closed,
    /// The chat ended, or is no longer the bot's: the session was closed.
    Ended,
    /// The time was over before the turn: it goes on with a delivery that was asked for.
    GoesOn,
    /// Somebody else went on with the turn.
    Superseded,
    /// No session of this contact.
    Unknown,
    /// Not for the bot, or not readable.
    Ignored,
}

/// Why a delivery must come again later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// Its turn is being worked on, or the bot is still joining.
    #[error("busy")]
    Busy,
    /// A service did not answer; what is done is stored. For the log.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

impl From<SessionsError> for ReceiveError {
    fn from(error: SessionsError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// One bot for every contact of an instance.
#[derive(Clone)]
pub struct Bot {
    pub(crate) config: BotConfig,
    pub(crate) ports: Ports,
    pub(crate) listener: Arc<Listener>,
}

impl Bot {
    /// A bot over its ports.
    pub fn new(config: BotConfig, ports: Ports) -> Self {
        let listener = Arc::new(Listener::new(&config.policy));
        Self { config, ports, listener }
    }

    /// Joins the contact of Connect's Lambda event and greets the customer. Answers a flat map for the flow:
    /// `{"status": "success" | "failure", "reason": "…"}`. Answers within 8 s (Connect's limit), and may be called again.
    /// With the parameter `bot`: `leave` the flow goes on without the bot, and it leaves: `"left"`, or `"still_there"`.
    pub async fn start(&self, event: &Value) -> Value {
        start::start(self, event).await
    }

    /// Handles one streamed transcript item: the JSON text in SNS's `Message`. `Err`: deliver it again later.
    pub async fn receive(&self, message: &str) -> Result<Received, ReceiveError> {
        receive::receive(self, message, None).await
    }

    /// The same with the time that there is for it, as for an invocation of a Lambda function: a turn that is not done by
    /// then ends in words, or goes on in a delivery of its own where the agent can ([`crate::ports::Agent::goes_on`]).
    pub async fn receive_within(&self, message: &str, time: Duration) -> Result<Received, ReceiveError> {
        receive::receive(self, message, Some(Instant::now() + time)).await
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.ports.clock.now_ms()
    }
}
