//! [`Invoke`] over Lambda: functions that the agent returns control for.

use async_trait::async_trait;
use aws_sdk_lambda::{Client, primitives::Blob};
use relevo_handlers::{Invoke, InvokeError};

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
    async fn invoke(&self, function: &str, event: &str) -> Result<String, InvokeError> {
        let call = self.client.invoke().function_name(function).payload(Blob::new(event));
        let output = call.send().await.map_err(|error| refusal(&Fault::of(&error)))?;
        if let Some(kind) = output.function_error {
            return Err(InvokeError::Failed(kind));
        }
        let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
        if payload.len() > relevo_handlers::MOST_BYTES {
            return Err(InvokeError::TooLong(relevo_handlers::MOST_BYTES));
        }
        Ok(String::from_utf8_lossy(&payload).into_owned())
    }
}

fn refusal(fault: &Fault) -> InvokeError {
    match fault.class() {
        Class::Throttled => InvokeError::Throttled,
        Class::Passing => InvokeError::Unreachable(fault.to_string()),
        Class::Denied | Class::NotFound | Class::Conflict | Class::Invalid => InvokeError::Failed(fault.to_string()),
    }
}
