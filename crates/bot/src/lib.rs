//! One contact's conversation: start, turn, hand-off. Decisions are pure; the world is behind ports.

mod bot;
mod parts;
mod policy;
pub mod ports;
pub mod sessions;

pub use bot::{Bot, BotConfig, ReceiveError, Received};
pub use policy::{Handoff, Limits, Policy, Streaming, Texts, Words};
pub use ports::Ports;
