//! What the bot knows of each contact: one record a contact, changed by whole operations.
//!
//! Every rule is in the pure function [`decide`]. A store has one duty: to apply it atomically to one record.
//! Memory and disk do it under their lock or transaction; a remote table by a conditional write on
//! [`SessionRecord::version`] (read, decide, write if the version is still the same, else again), with
//! [`Op::Deliver`], [`Op::Renew`], [`Op::Save`] and [`Op::Finish`] written as one condition expression each in the ordinary case.

pub mod contract;
mod decide;
mod memory;
mod op;
mod record;

use async_trait::async_trait;

pub use decide::{Change, decide};
pub use memory::MemorySessions;
pub use op::{Op, Outcome};
pub use record::{
    CloseReason, Departure, Message, MessageKind, Outgoing, Pending, Session, SessionRecord, Status, Stay, Turn,
};

/// Why the store did not answer: the operation may or may not have happened. For the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sessions: {0}")]
pub struct SessionsError(pub String);

/// The store of sessions. The key is the *initial* contact id, so that a contact keeps its session over transfers.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Applies [`decide`] to the record of `key`, atomically, and answers its outcome. The write is durable before the
    /// answer.
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError>;
}
