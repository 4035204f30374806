//! The way out of the chat: what the person gets, and the steps that bring the customer there.

mod depart;
pub(crate) mod packet;

pub(crate) use depart::{close, depart, stop_streaming, tidy};
