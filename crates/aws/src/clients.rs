//! The SDK's clients: every time-out and every retry budget is set here.
//!
//! The bot repeats and limits its calls itself ([`relevo_bot::ports::Chat`]), so the SDK makes one attempt. Writes to
//! the table may be repeated by the SDK: each carries an id by which a lost response is recognised. So may questions to a
//! model, which change nothing.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_config::{
    BehaviorVersion, SdkConfig, retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// To open a connection: services of the same region answer in a few milliseconds.
const CONNECT: Duration = Duration::from_millis(1_500);
/// One call of the chat service: `start` has 8 s for all of its calls.
const CHAT_CALL: Duration = Duration::from_millis(3_500);
/// One publication: `start` tries again itself.
const PUBLISH_CALL: Duration = Duration::from_millis(1_500);
/// One attempt, and all attempts, of a read or write of the table.
const TABLE_ATTEMPT: Duration = Duration::from_millis(1_500);
const TABLE_CALL: Duration = Duration::from_secs(5);

/// A model that is throttled, not ready or broken off is asked this often; its time is limited by who asks.
const MODEL_ATTEMPTS: u32 = 5;
const MODEL_BACKOFF: Duration = Duration::from_millis(500);
const MODEL_BACKOFF_MAX: Duration = Duration::from_secs(8);

/// The SDK's configuration of this machine: region, credentials and end points from the environment, and one HTTP client.
/// Left to themselves, the services' clients would each read and check all trusted authorities on their first call.
pub async fn sdk_config() -> SdkConfig {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
    aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http).load().await
}

/// One client a service.
#[derive(Debug, Clone)]
pub struct Clients {
    /// Connect: participants, streams, attributes.
    pub connect: aws_sdk_connect::Client,
    /// The participant service: messages, events.
    pub participant: aws_sdk_connectparticipant::Client,
    /// The sessions' table.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The topic that contacts are streamed to.
    pub sns: aws_sdk_sns::Client,
    /// `InvokeAgent` and `Retrieve`.
    pub agent: aws_sdk_bedrockagentruntime::Client,
    /// `Converse` and `ConverseStream`.
    pub model: ModelClient,
    /// Functions that the agent returns control for.
    pub lambda: aws_sdk_lambda::Client,
}

impl Clients {
    /// The clients. `agent_silence` is the longest time until the agent's answer begins, and of a model's whole answer; it
    /// should be a little more than the bot's own limit, which words the failure. What comes after the beginning is
    /// [`BedrockAgent`](crate::BedrockAgent)'s to wait for.
    pub fn new(config: &SdkConfig, agent_silence: Duration) -> Self {
        let chat = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(CHAT_CALL).build();
        let publish = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(PUBLISH_CALL).build();
        let table = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(TABLE_ATTEMPT)
            .operation_timeout(TABLE_CALL)
            .build();
        // No read time-out: the HTTP client makes a connector of its own for each value of it.
        let agent = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(agent_silence).build();
        let table_retry = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50));
        let model_retry = RetryConfig::standard()
            .with_max_attempts(MODEL_ATTEMPTS)
            .with_initial_backoff(MODEL_BACKOFF)
            .with_max_backoff(MODEL_BACKOFF_MAX);
        Self {
            connect: aws_sdk_connect::Client::from_conf(
                aws_sdk_connect::config::Builder::from(config)
                    .timeout_config(chat.clone())
                    .retry_config(RetryConfig::disabled())
                    .build(),
            ),
            participant: aws_sdk_connectparticipant::Client::from_conf(
                aws_sdk_connectparticipant::config::Builder::from(config)
                    .timeout_config(chat)
                    .retry_config(RetryConfig::disabled())
                    .build(),
            ),
            dynamodb: aws_sdk_dynamodb::Client::from_conf(
                aws_sdk_dynamodb::config::Builder::from(config).timeout_config(table).retry_config(table_retry).build(),
            ),
            sns: aws_sdk_sns::Client::from_conf(
                aws_sdk_sns::config::Builder::from(config)
                    .timeout_config(publish)
                    .retry_config(RetryConfig::disabled())
                    .build(),
            ),
            agent: aws_sdk_bedrockagentruntime::Client::from_conf(
                aws_sdk_bedrockagentruntime::config::Builder::from(config)
                    .timeout_config(agent.clone())
                    .retry_config(RetryConfig::disabled())
                    // An agent that thinks sends nothing for a while, which is no stalled download.
                    .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                    .build(),
            ),
            lambda: aws_sdk_lambda::Client::from_conf(
                aws_sdk_lambda::config::Builder::from(config)
                    .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
                    .retry_config(RetryConfig::disabled())
                    .build(),
            ),
            model: ModelClient::new(
                aws_sdk_bedrockruntime::config::Builder::from(config)
                    .timeout_config(agent)
                    .retry_config(model_retry)
                    .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                    .build(),
            ),
        }
    }
}

/// The client of Bedrock's models, made when a model is first asked: it costs memory, and in a chain it may never be.
#[derive(Clone)]
pub struct ModelClient(Arc<(aws_sdk_bedrockruntime::Config, OnceLock<aws_sdk_bedrockruntime::Client>)>);

impl ModelClient {
    fn new(config: aws_sdk_bedrockruntime::Config) -> Self {
        Self(Arc::new((config, OnceLock::new())))
    }
}

impl Deref for ModelClient {
    type Target = aws_sdk_bedrockruntime::Client;

    fn deref(&self) -> &Self::Target {
        let (config, client) = self.0.as_ref();
        client.get_or_init(|| aws_sdk_bedrockruntime::Client::from_conf(config.clone()))
    }
}

impl fmt::Debug for ModelClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ModelClient")
    }
}
