//! The real binaries as child processes, behind a runtime API like Lambda's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that stops says what is wrong"
)]

mod bad_events;
mod conversation;
mod function;
mod laptop;
mod malformed;
mod own;
mod start;
