//! The model against a server on this machine that answers by hand-made fixtures, and fails as servers fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only #[test] functions as tests"
)]

mod answers;
mod asked;
mod embeddings;
mod faults;
mod server;
mod support;
