//! The operations on a record, and their outcomes.

use super::record::{CloseReason, Message, Session, SessionRecord, Status};

/// One atomic operation. Times in ms since the epoch; `lease_ms` is how long the lease is good from `now_ms`.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Reads. Answers `Record` or `Unknown`.
    Read,
    /// `start` begins: makes the record, goes on with one that is still starting, or opens a new stay after a closed
    /// one; takes the fence. Answers `Reserved`, `AlreadyOpen` when the bot is in the chat or on its way out, or `Closed`
    /// when the call is the one that began the stay that is over ([`Session::call`]).
    Reserve {
        /// The contact the bot is to join.
        contact_id: String,
        /// The hash of the flow's event.
        call: u64,
        /// Now.
        now_ms: i64,
        /// How long the record is kept.
        keep_ms: i64,
    },
    /// `start` succeeded: the session opens. Answers `Saved` or `Lost`.
    Open {
        /// From `Reserved`.
        fence: u64,
        /// With the tokens.
        session: Box<Session>,
        /// What the customer said before the bot could hear it, in order, and before it the greeting that could not be said:
        /// it goes to the inbox, but for what was seen.
        early: Vec<Message>,
    },
    /// `start` failed and left nothing behind: the record goes, or a former stay's stays closed. Answers `Released` or
    /// `Lost`.
    Abandon {
        /// From `Reserved`.
        fence: u64,
    },
    /// A customer's message came. Answers `Turn`, `Waiting`, `Busy`, `Duplicate`, `Closed` or `Unknown`.
    Deliver {
        /// The message.
        message: Message,
        /// Now.
        now_ms: i64,
        /// The lease that is taken if it is free.
        lease_ms: i64,
    },
    /// The holder keeps the lease, and learns what is in the inbox. Answers `Saved` or `Lost`.
    Renew {
        /// The holder's.
        fence: u64,
        /// Now.
        now_ms: i64,
        /// The lease from now on.
        lease_ms: i64,
    },
    /// The holder stores its session and keeps the lease. A session whose revision is not greater than the stored one
    /// changes nothing. Answers `Saved` (with the inbox as it is now) or `Lost`.
    Save {
        /// The holder's.
        fence: u64,
        /// Replaces the stored one.
        session: Box<Session>,
        /// `Open`, `Leaving` or `Closed`.
        status: Status,
        /// Now.
        now_ms: i64,
        /// The lease from now on.
        lease_ms: i64,
    },
    /// The holder is done with `taken`. Answers `Next` when messages came meanwhile (they are taken, the lease is
    /// kept), `Released` when not, or `Lost`. Doing it again changes nothing.
    Finish {
        /// The holder's.
        fence: u64,
        /// The turn that is done: the id of its first message.
        turn: String,
        /// Replaces the stored one.
        session: Box<Session>,
        /// Now.
        now_ms: i64,
        /// The lease from now on.
        lease_ms: i64,
    },
    /// The holder's time is over before the turn is, and nothing is wrong: stores the session and frees the lease. The
    /// turn's attempts begin anew. Answers `Released` or `Lost`.
    Rest {
        /// The holder's.
        fence: u64,
        /// Replaces the stored one.
        session: Box<Session>,
    },
    /// The holder cannot go on now: the lease is free, what is stored stays. Answers `Released` or `Lost`.
    Release {
        /// The holder's.
        fence: u64,
    },
    /// The chat is over, or no longer the bot's: closed whoever holds the lease. Answers `Closed` (with what is to be
    /// cleaned up), `Lost` (another stay has begun) or `Unknown`.
    Close {
        /// Which stay.
        stay: u32,
        /// Why.
        reason: CloseReason,
        /// Now.
        now_ms: i64,
    },
    /// The flow goes on without the bot: the stay is closed, whatever it is at, and a call of `start` that begins late has
    /// none, also where there was no stay yet. Answers `Closed`.
    Dismiss {
        /// The contact, where nothing is known of it.
        contact_id: String,
        /// Now.
        now_ms: i64,
        /// How long the record is kept.
        keep_ms: i64,
    },
    /// After `Close`: the stream is stopped. Answers `Closed` or `Unknown`.
    StreamStopped {
        /// Which stream; another one stays.
        streaming_id: String,
    },
}

/// What came of an [`Op`], with the record as it is after it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// No record of this contact.
    Unknown,
    /// The record, as read.
    Record(Box<SessionRecord>),
    /// `start` may go on.
    Reserved(Box<SessionRecord>),
    /// There is nothing to start.
    AlreadyOpen(Box<SessionRecord>),
    /// The caller holds the lease and does what `taken` and `session` say.
    Turn(Box<SessionRecord>),
    /// The message is in the inbox; the holder will take it.
    Waiting,
    /// The message cannot be handled now: deliver it again later.
    Busy,
    /// The message was handled before.
    Duplicate,
    /// The session is closed, or the bot is on its way out.
    Closed(Box<SessionRecord>),
    /// Stored.
    Saved(Box<SessionRecord>),
    /// The next turn is taken.
    Next(Box<SessionRecord>),
    /// The lease is free.
    Released,
    /// Somebody else holds the lease, or the session was closed: the caller stops.
    Lost,
}
