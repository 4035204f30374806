//! What a flow's Lambda block calls on this machine: the bot's start, or a function of somebody else's.

use std::sync::Arc;

use async_trait::async_trait;
use relevo_connect::ports::{FunctionError, Functions, TimeLimit};
use relevo_deploy::StartBot;
use serde_json::Value;
use tokio::sync::SetOnce;

use super::{bot_host::BotHost, endpoints::Endpoints};

/// The functions of this machine.
///
/// The bot needs the centre and the centre needs its functions, so the bot comes in later; a call that is earlier
/// (a contact that goes on after a restart) waits for it, and its limit begins then.
pub(super) struct LocalFunctions {
    /// ARNs and names that stand for the bot's start.
    pub start_bot: StartBot,
    /// Those of `--endpoints`, which go first.
    pub endpoints: Endpoints,
    /// The bot, once it stands.
    pub bot: Arc<SetOnce<BotHost>>,
}

#[async_trait]
impl Functions for LocalFunctions {
    fn can_process(&self, arn: &str) -> bool {
        self.endpoints.has(arn)
    }

    async fn invoke(&self, arn: &str, event: Value, limit: &TimeLimit) -> Result<Value, FunctionError> {
        // Functions of others call what stands when the bot does, too. After a restart that takes longer than a flow's limit
        // where the machine is busy, or the bot knows much.
        let bot = self.bot.wait().await;
        if let Some(answer) = self.endpoints.invoke(arn, &event, limit).await {
            return answer;
        }
        // Where it is the only one it goes by any name, and so would stand for a message's processor or a Lex bot too.
        if !self.start_bot.is(arn) || event.get("Name").and_then(Value::as_str) != Some("ContactFlowEvent") {
            return Err(FunctionError::Unknown(arn.to_owned()));
        }
        bot.start(event, limit).await
    }
}
