//! The way out of the chat: what the person gets, and the steps that bring the customer there.

mod depart;
mod leave;
mod packet;
mod plan;
pub(crate) mod tried;
pub(crate) mod verified;

pub(crate) use depart::{close, depart, stop_streaming, tidy};
pub(crate) use leave::{leave, part};
pub(crate) use plan::{end_chat, hand_off};
