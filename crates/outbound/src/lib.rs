//! Calls out, within bounds: no redirects, no answer without end, tokens from the environment and never in a log.
//!
//! Who is called and why is the business of the crates that use it; how long a call may take is theirs to say as well.

mod body;
mod endpoint;
mod error;
mod http;
mod invoke;
mod tokens;

pub use body::MOST_BYTES;
pub use endpoint::LambdaEndpoint;
pub use error::CallError;
pub use http::{Answer, Http, IDEMPOTENCY_KEY_HEADER, Request};
pub use invoke::Invoke;
pub use tokens::Tokens;
