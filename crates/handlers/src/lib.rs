//! Executes the return-control functions that are no hand-offs: Lambda functions and HTTP endpoints, by the names of
//! `conversation.handlers`.
//!
//! The event and the answer are the bot's own business ([`relevo_bot::handlers`]); here is the way there and back.

mod body;
mod endpoint;
mod http;
mod invoke;
mod registry;

pub use body::MOST_BYTES;
pub use endpoint::LambdaEndpoint;
pub use invoke::{Invoke, InvokeError};
pub use registry::Registry;
