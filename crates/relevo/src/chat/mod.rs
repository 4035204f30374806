//! The customer at a terminal: a client of a running `relevo up` over Connect's own calls and websocket.

mod client;
mod lines;
mod session;
mod socket;

pub(crate) use self::{
    client::{Client, Customer},
    lines::{Look, Style},
    session::{Talk, Voice},
};
