//! Conversations as tests: what a customer says, and what must be true then.
//!
//! [`file`] reads `conversations/*.yaml` (and the AWS agent-evaluation's `agenteval.yml`), [`World`] holds a conversation
//! with the bot that runs everywhere (`relevo-bot`) over ports in memory, [`run`] does so as often as is asked for,
//! and [`report`] says what came of it. Nothing here reads a clock or randomness: with the offline model the same file has
//! the same outcome on every machine.

mod expect;
pub mod file;
mod matcher;
mod observed;
pub mod report;
mod run;
mod words;
mod world;

pub use expect::{Agents, CallPattern, Expectation, Handoff, Listed, What};
pub use matcher::{Check, Matcher};
pub use observed::{Call, Departed, Turn};
pub use run::{Attempt, Failure, Outcome, Plan, Totals, Unchecked, run};
pub use words::Words;
pub use world::{Machine, MakeTools, OwnAgents, Stubs, Subject, World};
