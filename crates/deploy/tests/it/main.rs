//! What goes to AWS, made of the examples.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only #[test] functions as tests"
)]

mod deploy;
mod destroy;
mod folders;
mod stand_in;
mod template;
