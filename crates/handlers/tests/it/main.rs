//! Handlers against a server of this process.

// Helpers outside `#[test]` functions are test code as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod registry;
mod server;
