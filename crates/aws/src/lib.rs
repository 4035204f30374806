//! The bot's and the agents' ports over the AWS SDK: Connect chat, an SNS mailbox, sessions, runs and tables in DynamoDB,
//! the Bedrock agent, and the models of Bedrock for our own agents, Lambda functions, knowledge bases.
//!
//! Adapters only: they map, they set time-outs, and they decide nothing. `aws-sdk-connect` alone is half of what this
//! crate costs to build, so nothing that is built all day depends on it.

mod agent;
mod arn;
mod chat;
mod clients;
mod converse;
pub mod env;
mod fault;
mod functions;
mod knowledge;
mod machine;
mod mailbox;
mod runs;
mod sessions;
mod tables;

pub use agent::BedrockAgent;
pub use arn::Arn;
pub use chat::ConnectChat;
pub use clients::{Clients, sdk_config};
pub use converse::ConverseModel;
pub use functions::LambdaFunctions;
pub use knowledge::BedrockKnowledge;
pub use machine::{SystemClock, SystemRandom};
pub use mailbox::SnsMailbox;
pub use runs::DynamoRuns;
pub use sessions::DynamoSessions;
pub use tables::DynamoTables;
