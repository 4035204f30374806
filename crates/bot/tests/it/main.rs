//! The bot in a world that can be cruel.

mod checks;
mod faults;
mod invariants;
mod logs;
mod scenarios;
mod schedule;
mod start;
mod world;
