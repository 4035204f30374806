//! `bedrock-agent-runtime` (API version 2023-07-26): `InvokeAgent`, `InvokeInlineAgent` and their event stream.

mod completion;
mod eventstream;
pub(crate) mod invoke_agent;
pub(crate) mod invoke_inline_agent;
mod request;
mod session_state;
