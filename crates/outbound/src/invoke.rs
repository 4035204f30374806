//! The port to Lambda.

use async_trait::async_trait;

use crate::error::CallError;

/// Calls a Lambda function and waits for its answer.
#[async_trait]
pub trait Invoke: Send + Sync {
    /// Invokes `function` (a name or an ARN) with `event`; answers the payload, a JSON text.
    async fn invoke(&self, function: &str, event: &str) -> Result<String, CallError>;
}
