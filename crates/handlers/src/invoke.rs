//! The port to Lambda, and what can go wrong on the way to any handler.

use async_trait::async_trait;

/// Calls a Lambda function and waits for its answer.
#[async_trait]
pub trait Invoke: Send + Sync {
    /// Invokes `function` (a name or an ARN) with `event`; answers the payload, a JSON text.
    async fn invoke(&self, function: &str, event: &str) -> Result<String, InvokeError>;
}

/// Why there is no result. The texts are for the log and hold no customer content.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The function ran and failed (`X-Amz-Function-Error`), or the endpoint answered with an error.
    #[error("it failed: {0}")]
    Failed(String),
    /// It could not be reached.
    #[error("it was not reached: {0}")]
    Unreachable(String),
    /// It was called too often.
    #[error("throttled")]
    Throttled,
    /// The answer is longer than the agent takes.
    #[error("its answer is longer than {0} bytes")]
    TooLong(usize),
    /// Nobody is there to call it, or its token is missing.
    #[error("{0}")]
    NotConfigured(String),
}
