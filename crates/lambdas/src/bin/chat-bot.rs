//! `chat-bot`: the Lambda behind the chat's message stream (SNS, or SNS through SQS).

use lambda_runtime::Error;
use relevo_lambdas::{
    boot::{self, Role},
    handlers::Handlers,
    logs, serve,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    serve::check_environment()?;
    let handlers = Handlers::new(boot::bot(Role::Chat).await.inspect_err(|error| tracing::error!(%error, "no bot"))?);
    let handlers = &handlers;
    serve::serve(|event, time| async move { handlers.chat(&event, time).await }).await
}
