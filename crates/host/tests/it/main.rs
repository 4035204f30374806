//! Functions as real child processes, and the services with AWS's own clients.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that stops says what is wrong"
)]

mod child;
mod functions;
mod services;
