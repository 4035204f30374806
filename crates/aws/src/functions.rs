//! [`Invoke`] over Lambda: functions that the agent returns control for.

use async_trait::async_trait;
use aws_sdk_lambda::{Client, primitives::Blob};
use relevo_outbound::{CallError, Invoke};

use crate::{
    clients::Clients,
    fault::{Class, Fault},
};

/// Lambda functions, by name or ARN. How long one may take is the caller's business: a synchronous call lasts as long as
/// the function works.
#[derive(Debug, Clone)]
pub struct LambdaFunctions {
    client: Client,
}

impl LambdaFunctions {
    /// Over this account's Lambda.
    pub fn new(clients: &Clients) -> Self {
        Self { client: clients.lambda.clone() }
    }
}

#[async_trait]
impl Invoke for LambdaFunctions {
    async fn invoke(&self, function: &str, event: &str) -> Result<String, CallError> {
        let call = self.client.invoke().function_name(function).payload(Blob::new(event));
        let output = call.send().await.map_err(|error| refusal(&Fault::of(&error)))?;
        if let Some(kind) = output.function_error {
            return Err(CallError::Failed(kind));
        }
        let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
        if payload.len() > relevo_outbound::MOST_BYTES {
            return Err(CallError::TooLong(relevo_outbound::MOST_BYTES));
        }
        String::from_utf8(payload).map_err(|_| CallError::NotText)
    }
}

fn refusal(fault: &Fault) -> CallError {
    match fault.class() {
        Class::Throttled => CallError::Throttled,
        Class::Passing => CallError::Unreachable(fault.to_string()),
        Class::Denied | Class::NotFound | Class::Conflict | Class::Invalid => CallError::Failed(fault.to_string()),
    }
}
