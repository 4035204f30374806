//! The yardstick: a Lambda that gives back what it gets, over the same runtime as `start-bot` and `chat-bot`, and nothing
//! else.

use std::convert::Infallible;

use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let echo = service_fn(|event: LambdaEvent<Value>| async move { Ok::<_, Infallible>(event.payload) });
    Runtime::new(echo).run().await.map_err(anyhow::Error::from_boxed)
}
