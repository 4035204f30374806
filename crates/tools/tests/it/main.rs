//! Executors against servers of this process.
#![allow(unreachable_pub, reason = "one binary: everything in it is its own")]
// Helpers outside `#[test]` functions are test code as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod faults;
mod http;
mod lambda;
mod shop;
