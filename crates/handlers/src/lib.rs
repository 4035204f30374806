//! Executes the return-control functions that are no hand-offs: Lambda functions and HTTP endpoints, by the names of
//! `conversation.handlers`.
//!
//! The event and the answer are the bot's own business ([`relevo_bot::handlers`]); here is the way there and back.

mod registry;

pub use registry::Registry;
