//! `start-bot`: the Lambda that a contact flow calls for the bot to join the chat.

use std::convert::Infallible;

use relevo_lambdas::{boot, handlers::Handlers, logs, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    logs::start();
    serve::check_environment()?;
    let handlers = Handlers::new(boot::start_bot().await?);
    let handlers = &handlers;
    serve::serve(|event, _| async move { Ok::<_, Infallible>(handlers.start(&event).await) }).await
}
