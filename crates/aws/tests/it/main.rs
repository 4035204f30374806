//! The adapters against what they talk to: the local contact centre's real wire, scripted answers in AWS's shapes, and,
//! where one is given, a DynamoDB-compatible server.

// Helpers of tests are test code too, which clippy does not see outside of #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agent;
mod chat;
mod chat_errors;
mod connector;
mod converse;
mod converse_stream;
mod dynamodb;
mod every_operation;
mod functions;
mod knowledge;
mod laptop;
mod mailbox;
mod runs;
mod sessions;
