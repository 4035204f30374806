//! The wire from outside: over the router in process, and over a real socket where one is needed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that stops says what is wrong"
)]

mod agents;
mod around;
mod attachments;
mod bad_requests;
mod bodies;
mod connector;
mod faults;
mod fuzz;
mod inline;
mod logs;
mod mutation;
mod operations;
mod sdk;
mod security;
mod shape;
mod support;
mod websocket;
