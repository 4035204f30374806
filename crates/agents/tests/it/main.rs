//! The room from outside: definitions, runs, tools, the runtime.
#![allow(unreachable_pub, reason = "one binary: everything in it is its own")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only #[test] functions as tests"
)]

mod api;
mod chain;
mod definitions;
mod dialogues;
mod example;
mod executors;
mod files;
mod guardrail;
mod knowledge;
mod long_sessions;
mod memory;
mod models;
mod offline_model;
mod prompts;
mod properties;
mod routing;
mod runtime;
mod speaking;
mod stored;
mod supervising;
mod support;
mod table_tools;
mod turns;
