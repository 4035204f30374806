//! Calling a flow's function: within the block's time limit, and again when it was throttled or failed.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::sleep;

use super::inner::Inner;
use crate::{
    contact::Call,
    error::ErrorKind,
    ports::{FunctionError, Functions, TimeLimit},
};

/// Connect tries a throttled or failing function up to three more times, within the time limit.
pub(crate) const RETRIES: u32 = 3;
/// The wait before the first retry; it doubles.
const FIRST_RETRY_MS: u64 = 100;
/// The wait before an answer that could not be stored is stored again.
const STORE_RETRY: Duration = Duration::from_secs(1);

/// Calls in the background and tells the contact.
pub(super) fn start(inner: &Arc<Inner>, contact_id: &str, call: Call) {
    // The call must not keep a centre alive that everybody else has let go of.
    let (weak, functions) = (Arc::downgrade(inner), inner.ports.functions.clone());
    let contact_id = contact_id.to_owned();
    tokio::spawn(async move {
        let number = call.number;
        let answer = invoke(&*functions, &call).await.map_err(|error| {
            tracing::warn!(contact = %contact_id, arn = %call.arn, %error, "the flow's function did not answer");
            error.to_string()
        });
        // The flow stands still until it has its answer, so a store that fails now is asked again.
        while let Some(inner) = weak.upgrade() {
            let answer = answer.clone();
            let told = inner.apply(&contact_id, move |contact, context, fx| {
                contact.function_answered(number, answer, &context.here, fx);
                Ok(())
            });
            match told.await {
                Err(error) if error.kind == ErrorKind::Internal => {
                    tracing::warn!(contact = %contact_id, cause = ?error.cause, "a function's answer was not stored");
                }
                // Told, or the contact is over and needs no answer.
                Ok(()) | Err(_) => return,
            }
            drop(inner);
            sleep(STORE_RETRY).await;
        }
    });
}

async fn invoke(functions: &dyn Functions, call: &Call) -> Result<Value, FunctionError> {
    let limit = TimeLimit::new(Duration::from_millis(call.limit_ms));
    let mut retries = 0;
    loop {
        let attempt = functions.invoke(&call.arn, call.event.clone(), &limit);
        let error = match limit.within(attempt).await.unwrap_or(Err(FunctionError::TimedOut)) {
            Err(FunctionError::Retryable(error)) => error,
            other => return other,
        };
        let pause = Duration::from_millis(FIRST_RETRY_MS << retries);
        if retries >= RETRIES || !limit.outlasts(pause) {
            return Err(FunctionError::Retryable(error));
        }
        sleep(pause).await;
        retries += 1;
    }
}
