//! Servers of MCP, in this process and as children of it.
#![allow(unreachable_pub, reason = "one binary: everything in it is its own")]
// Helpers outside `#[test]` functions are test code as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod by_http;
mod by_pipes;
mod support;
