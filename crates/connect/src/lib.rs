//! The local contact centre: contacts, participants, transcript, flows, queue and desk, message streaming.
//!
//! The entry point is [`Centre`]. It does no network and reads no clock and no randomness but through the ports in
//! [`ports`]. What an operation changed is committed to the [`ports::Store`] before it answers.

pub mod api;
pub mod attachment;
pub mod centre;
mod contact;
pub mod desk;
pub mod directory;
pub mod error;
pub mod flow;
pub mod item;
pub mod observe;
pub mod ports;
pub mod stream;
mod time_limit;
mod transcript;
pub mod trial;
pub mod view;

pub use centre::Centre;
pub use error::{Error, ErrorKind};
