//! The centre from outside: its operations on an in-memory store, with a paused clock, fake functions and a fake topic.
//!
//! Each module is marked as test code, so that the lints know its helpers for what they are.

#[cfg(test)]
mod attachments;
#[cfg(test)]
mod bots;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod described;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod farewell;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod made_flows;
#[cfg(test)]
mod participants;
#[cfg(test)]
mod persistent;
#[cfg(test)]
mod processing;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod store_fails;
#[cfg(test)]
mod streaming;
#[cfg(test)]
mod views;
#[cfg(test)]
mod websockets;
#[cfg(test)]
mod world;
