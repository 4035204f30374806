//! One contact's conversation: start, turn, hand-off. Decisions are pure; the world is behind ports.

mod bot;
mod cards;
mod connection;
mod fnv;
pub mod handlers;
mod handoff;
mod holder;
mod incoming;
mod language;
mod parts;
mod phrases;
mod policy;
pub mod ports;
mod receive;
mod retry;
pub mod sessions;
mod start;
mod texts;
mod turn;
mod voice;
mod wake;

pub use bot::{Bot, BotConfig, ReceiveError, Received};
pub use fnv::fnv;
pub use language::detect as detect_language;
pub use phrases::Phrases;
pub use policy::{Format, Handoff, Limits, Name, Policy, Streaming, Texts, Words};
pub use ports::Ports;
