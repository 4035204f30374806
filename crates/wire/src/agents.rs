//! `bedrock-agent-runtime` (API version 2023-07-26): `InvokeAgent` and its event stream.

mod completion;
mod eventstream;
pub(crate) mod invoke_agent;
mod session_state;
