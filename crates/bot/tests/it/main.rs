//! The bot in a world that can be cruel.

// Helpers outside `#[test]` functions are test code as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod again;
mod agent;
mod checks;
mod dismissed;
mod early;
mod faults;
mod greeting;
mod invariants;
mod logs;
mod refused;
mod rules;
mod scenarios;
mod schedule;
mod start;
mod unsaid;
mod watch;
mod world;
