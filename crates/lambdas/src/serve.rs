//! The loop over Lambda's Runtime API.
//!
//! The event reaches the handler as text, whatever it is: an event that is not JSON is the handler's to word, not a
//! function error of the runtime's.

use std::{
    fmt,
    future::Future,
    time::{Duration, SystemTime},
};

use lambda_runtime::{
    Context, Diagnostic, LambdaEvent, LambdaInvocation, Runtime, layers::TracingLayer, service_fn,
    tower::util::MapRequestLayer,
};
use serde_json::Value;

/// Kept back for the answer: work stops this much before Lambda would end it.
const RESERVE: Duration = Duration::from_millis(1_500);

/// Without these Lambda's runtime panics.
const LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// The process is not run by Lambda.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not set: this program is run by AWS Lambda, or by `relevo up --lambdas process`")]
pub struct NotLambda(&'static str);

/// Checks what Lambda sets, before anything else is done.
pub fn check_environment() -> Result<(), NotLambda> {
    match LAMBDA.into_iter().find(|name| std::env::var_os(name).is_none()) {
        Some(missing) => Err(NotLambda(missing)),
        None => Ok(()),
    }
}

/// The function's name.
pub fn function_name() -> String {
    std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default()
}

/// Hands each event to `handle`, with the time that is left for it, where that is known.
pub async fn serve<H, F, E>(handle: H) -> anyhow::Result<()>
where
    H: Fn(String, Option<Duration>) -> F,
    F: Future<Output = Result<Value, E>>,
    E: fmt::Display + fmt::Debug,
{
    let handle = &handle;
    let service = service_fn(|event: LambdaEvent<String>| async move {
        let time = time_left(&event.context, SystemTime::now());
        handle(event.payload, time)
            .await
            .map_err(|error| Diagnostic { error_type: "ComeAgain".into(), error_message: error.to_string() })
    });
    let runtime = Runtime::new(service).layer(MapRequestLayer::new(as_text)).layer(TracingLayer::new());
    runtime.run().await.map_err(anyhow::Error::from_boxed)
}

/// The body as a JSON string, which every event can be.
fn as_text(mut invocation: LambdaInvocation) -> LambdaInvocation {
    let text = Value::from(String::from_utf8_lossy(&invocation.body));
    invocation.body = text.to_string().into();
    invocation
}

/// Until the deadline, less the reserve. A deadline that is over already is none: some local runtimes give a constant.
fn time_left(context: &Context, now: SystemTime) -> Option<Duration> {
    let deadline = context.deadline();
    let left = deadline.duration_since(now).ok().filter(|left| !left.is_zero())?;
    Some(left.saturating_sub(RESERVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(deadline_ms: u64, now_ms: u64) -> Option<Duration> {
        let mut context = Context::default();
        context.deadline = deadline_ms;
        time_left(&context, SystemTime::UNIX_EPOCH + Duration::from_millis(now_ms))
    }

    #[test]
    fn the_time_that_is_left() {
        assert_eq!(left(60_000, 10_000), Some(Duration::from_millis(48_500)));
        assert_eq!(left(10_500, 10_000), Some(Duration::ZERO));
        assert_eq!(left(600_000, 1_700_000_000_000), None);
    }
}
