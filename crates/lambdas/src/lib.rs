//! What the Lambda binaries `start-bot` and `chat-bot` are made of: the event in, the bot over AWS, logs and metrics out.

pub mod boot;
pub mod deliveries;
pub mod events;
pub mod handlers;
mod json_text;
mod knowledge;
pub mod logs;
mod mcp;
mod meter;
pub mod metrics;
pub mod models;
pub mod own;
pub mod serve;
pub mod tally;
