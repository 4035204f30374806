//! What goes to AWS and comes back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says that it failed by a panic"
)]

mod cfn;
mod classic;
mod deploy;
mod destroy;
mod doctor;
mod folders;
mod foreign;
mod import;
mod permissions;
mod stack;
mod stand_in;
mod template;
