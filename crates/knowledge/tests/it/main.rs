//! The crate from outside: folders of documents, read, searched, changed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only #[test] functions as tests"
)]

mod documents;
mod folders;
mod meaning;
mod offline;
mod sent;
mod shelf;
mod support;
