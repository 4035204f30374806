//! `chat-bot`: the Lambda behind the chat's message stream (SNS, or SNS through SQS).

use relevo_lambdas::{boot, handlers::Handlers, logs, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    logs::start();
    serve::check_environment()?;
    let handlers = Handlers::new(boot::chat_bot().await?);
    let handlers = &handlers;
    serve::serve(|event, time| async move { handlers.chat(&event, time).await }).await
}
