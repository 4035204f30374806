//! The multi-agent runtime: what Bedrock Agents did, for everybody.
//!
//! [`definition`] reads a bot's folder. [`run`] is the agent run: a sans-IO state machine that can be stored between
//! any two steps. [`runtime`] drives it over the ports ([`model::Model`], [`tools::Tools`], [`runtime::RunStore`]).

pub mod definition;
pub mod guardrail;
pub mod knowledge;
mod log;
mod memo;
pub mod model;
pub mod ports;
pub mod run;
pub mod runtime;
mod shared;
pub mod tools;
pub mod words;

pub use log::{Iter as LogIter, Log};
pub use shared::Shared;
