//! The bot's ports over the AWS SDK: Connect chat, an SNS mailbox, sessions in DynamoDB, the Bedrock agent.
//!
//! Adapters only: they map, they set time-outs, and they decide nothing. `aws-sdk-connect` alone is half of what this
//! crate costs to build, so nothing that is built all day depends on it.

mod agent;
mod arn;
mod chat;
mod clients;
mod clock;
pub mod env;
mod fault;
mod mailbox;
mod sessions;

pub use agent::BedrockAgent;
pub use arn::Arn;
pub use chat::ConnectChat;
pub use clients::{Clients, sdk_config};
pub use clock::SystemClock;
pub use mailbox::SnsMailbox;
pub use sessions::DynamoSessions;
