//! A client of a running `relevo up` over Connect's own calls and websocket, and the customer at a terminal.

mod client;
mod lines;
mod session;
mod socket;

pub(crate) use self::{
    client::{ChatError, Client, Customer, Place, region_of},
    lines::{Look, Style, event, member},
    session::{Talk, Voice},
    socket::Socket,
};
