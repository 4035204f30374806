//! The rules of a contact's record, as one pure function.

use super::{
    op::{Op, Outcome},
    record::{CloseReason, Message, MessageKind, Session, SessionRecord, Status, Stay},
};

/// Ids of messages that are remembered for duplicates.
const SEEN_MAX: usize = 200;
/// Messages that may wait; a further one has to come again later.
const INBOX_MAX: usize = 50;
/// Bytes of text that may wait: an item of a table takes 400 KB in all.
const INBOX_MAX_BYTES: usize = 128 * 1024;
/// Earlier stays that are remembered.
const PREVIOUS_MAX: usize = 5;

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Nothing.
    Keep,
    /// This record.
    Put(Box<SessionRecord>),
    /// The record goes.
    Remove,
}

/// Decides what an operation does to the record of `key`.
pub fn decide(key: &str, record: Option<&SessionRecord>, op: Op) -> (Outcome, Change) {
    let Some(record) = record else {
        return match op {
            Op::Reserve { contact_id, call, now_ms, keep_ms } => {
                put(first(key, contact_id, Some(call), now_ms, keep_ms), Outcome::Reserved)
            }
            Op::Dismiss { contact_id, now_ms, keep_ms } => {
                let mut next = first(key, contact_id, None, now_ms, keep_ms);
                seal(&mut next, CloseReason::FlowWentOn, now_ms);
                put(next, Outcome::Closed)
            }
            _ => (Outcome::Unknown, Change::Keep),
        };
    };
    match op {
        Op::Read => (Outcome::Record(Box::new(record.clone())), Change::Keep),
        Op::Reserve { contact_id, call, now_ms, keep_ms } => reserve(record, contact_id, call, now_ms, keep_ms),
        Op::Open { fence, session, early } => match record.status {
            Status::Starting if record.fence == fence => {
                let mut next = step(record);
                next.session = *session;
                next.status = Status::Open;
                for message in early {
                    if !next.seen.contains(&message.id) {
                        see(&mut next, message);
                    }
                }
                put(next, Outcome::Saved)
            }
            // The answer to the first try was lost.
            Status::Open if record.fence == fence => (Outcome::Saved(Box::new(record.clone())), Change::Keep),
            _ => lost(),
        },
        Op::Abandon { fence } if record.status == Status::Starting && record.fence == fence => abandon(record),
        Op::Deliver { message, now_ms, lease_ms } => deliver(record, message, now_ms, lease_ms),
        Op::Save { fence, session, status, now_ms, lease_ms } => {
            save(record, fence, *session, status, now_ms, lease_ms)
        }
        Op::Finish { fence, turn, session, now_ms, lease_ms } => {
            finish(record, fence, &turn, *session, now_ms, lease_ms)
        }
        Op::Renew { fence, now_ms, lease_ms } if may_renew(record, fence) => {
            let mut next = step(record);
            next.lease_until_ms = now_ms + lease_ms;
            put(next, Outcome::Saved)
        }
        Op::Rest { fence, session } if record.fence == fence && record.status == Status::Open => {
            let mut next = step(record);
            next.session = *session;
            next.lease_until_ms = 0;
            next.attempts = 0;
            (Outcome::Released, Change::Put(Box::new(next)))
        }
        Op::Release { fence } if record.fence == fence => {
            let mut next = step(record);
            next.lease_until_ms = 0;
            (Outcome::Released, Change::Put(Box::new(next)))
        }
        Op::Abandon { .. } | Op::Renew { .. } | Op::Rest { .. } | Op::Release { .. } => lost(),
        Op::Close { stay, .. } if record.session.stay != stay => lost(),
        Op::Close { reason, now_ms, .. } => {
            if record.status == Status::Closed {
                return (Outcome::Closed(Box::new(record.clone())), Change::Keep);
            }
            let mut next = step(record);
            next.fence += 1;
            seal(&mut next, reason, now_ms);
            put(next, Outcome::Closed)
        }
        Op::Dismiss { now_ms, .. } => {
            // A start that failed may still be called again.
            let over = record.status == Status::Closed && record.session.closed != Some(CloseReason::StartFailed);
            if over {
                return (Outcome::Closed(Box::new(record.clone())), Change::Keep);
            }
            let mut next = step(record);
            next.fence += 1;
            seal(&mut next, CloseReason::FlowWentOn, now_ms);
            put(next, Outcome::Closed)
        }
        Op::StreamStopped { streaming_id } => {
            if record.session.streaming_id.as_deref() != Some(streaming_id.as_str()) {
                return (Outcome::Closed(Box::new(record.clone())), Change::Keep);
            }
            let mut next = step(record);
            next.session.streaming_id = None;
            put(next, Outcome::Closed)
        }
    }
}

/// A renewal that arrives after the turn was finished takes no lease.
fn may_renew(record: &SessionRecord, fence: u64) -> bool {
    let working = match record.status {
        Status::Starting | Status::Leaving => true,
        Status::Open => !record.taken.is_empty(),
        Status::Closed => false,
    };
    working && record.fence == fence
}

fn put(record: SessionRecord, outcome: impl FnOnce(Box<SessionRecord>) -> Outcome) -> (Outcome, Change) {
    let record = Box::new(record);
    (outcome(record.clone()), Change::Put(record))
}

fn lost() -> (Outcome, Change) {
    (Outcome::Lost, Change::Keep)
}

fn step(record: &SessionRecord) -> SessionRecord {
    let mut next = record.clone();
    next.version += 1;
    next
}

fn first(key: &str, contact_id: String, call: Option<u64>, now_ms: i64, keep_ms: i64) -> SessionRecord {
    SessionRecord {
        contact_id: key.to_owned(),
        status: Status::Starting,
        version: 1,
        fence: 1,
        lease_until_ms: 0,
        attempts: 0,
        taken: Vec::new(),
        inbox: Vec::new(),
        seen: Vec::new(),
        ttl: (now_ms + keep_ms) / 1000,
        session: Session { contact_id, stay: 1, call, ..Session::default() },
    }
}

fn reserve(record: &SessionRecord, contact_id: String, call: u64, now_ms: i64, keep_ms: i64) -> (Outcome, Change) {
    match record.status {
        Status::Open | Status::Leaving => (Outcome::AlreadyOpen(Box::new(record.clone())), Change::Keep),
        Status::Starting => {
            let mut next = step(record);
            next.fence += 1;
            next.session.contact_id = contact_id;
            next.session.call = Some(call);
            put(next, Outcome::Reserved)
        }
        Status::Closed if record.comes_again(call, now_ms) => (Outcome::Closed(Box::new(record.clone())), Change::Keep),
        Status::Closed => {
            let mut next = step(record);
            let old = std::mem::take(&mut next.session);
            next.fence += 1;
            next.status = Status::Starting;
            next.ttl = (now_ms + keep_ms) / 1000;
            next.session = Session {
                contact_id,
                stay: old.stay + 1,
                call: Some(call),
                language: old.language,
                streaming_id: old.streaming_id,
                previous: old.previous,
                ..Session::default()
            };
            put(next, Outcome::Reserved)
        }
    }
}

fn abandon(record: &SessionRecord) -> (Outcome, Change) {
    if record.session.previous.is_empty() {
        return (Outcome::Released, Change::Remove);
    }
    let mut next = step(record);
    next.fence += 1;
    next.status = Status::Closed;
    next.session.closed = Some(CloseReason::StartFailed);
    (Outcome::Released, Change::Put(Box::new(next)))
}

fn deliver(record: &SessionRecord, message: Message, now_ms: i64, lease_ms: i64) -> (Outcome, Change) {
    let free = record.lease_until_ms <= now_ms;
    let unfinished = record.taken.iter().chain(&record.inbox).any(|held| held.id == message.id);
    match record.status {
        Status::Starting => (Outcome::Busy, Change::Keep),
        Status::Leaving if free => put(take_lease(record, now_ms, lease_ms), Outcome::Turn),
        Status::Leaving if unfinished => (Outcome::Busy, Change::Keep),
        Status::Leaving | Status::Closed => (Outcome::Closed(Box::new(record.clone())), Change::Keep),
        Status::Open => {
            let seen = record.seen.contains(&message.id);
            let work = !(record.taken.is_empty() && record.inbox.is_empty());
            if seen {
                return match (free, unfinished) {
                    (true, _) if work => put(take_lease(record, now_ms, lease_ms), Outcome::Turn),
                    (false, true) => (Outcome::Busy, Change::Keep),
                    _ => (Outcome::Duplicate, Change::Keep),
                };
            }
            // Only `Open` puts a greeting there: this one is of a former stay, or was said long ago.
            if message.kind == MessageKind::Greeting {
                return (Outcome::Duplicate, Change::Keep);
            }
            if !free && inbox_is_full(record) {
                return (Outcome::Busy, Change::Keep);
            }
            let mut next = if free { record.clone() } else { step(record) };
            see(&mut next, message);
            if free {
                put(take_lease(&next, now_ms, lease_ms), Outcome::Turn)
            } else {
                (Outcome::Waiting, Change::Put(Box::new(next)))
            }
        }
    }
}

/// Puts a message into the inbox.
fn see(record: &mut SessionRecord, message: Message) {
    record.seen.push(message.id.clone());
    let forget = record.seen.len().saturating_sub(SEEN_MAX);
    record.seen.drain(..forget);
    record.inbox.push(message);
}

fn inbox_is_full(record: &SessionRecord) -> bool {
    let bytes: usize = record.inbox.iter().map(Message::bytes).sum();
    record.inbox.len() >= INBOX_MAX || bytes >= INBOX_MAX_BYTES
}

fn take_lease(record: &SessionRecord, now_ms: i64, lease_ms: i64) -> SessionRecord {
    let mut next = step(record);
    next.fence += 1;
    next.lease_until_ms = now_ms + lease_ms;
    if next.taken.is_empty() && next.status == Status::Open {
        take_inbox(&mut next);
    } else {
        next.attempts += 1;
    }
    next
}

fn take_inbox(record: &mut SessionRecord) {
    record.taken = std::mem::take(&mut record.inbox);
    record.taken.sort_by_key(|message| message.time_ms);
    record.attempts = 1;
}

fn save(
    record: &SessionRecord,
    fence: u64,
    session: Session,
    status: Status,
    now_ms: i64,
    lease_ms: i64,
) -> (Outcome, Change) {
    let allowed = match record.status {
        Status::Starting => matches!(status, Status::Leaving | Status::Closed),
        Status::Open => true,
        Status::Leaving => matches!(status, Status::Leaving | Status::Closed),
        Status::Closed => false,
    };
    if record.fence != fence || !allowed || status == Status::Starting {
        return lost();
    }
    if session.revision <= record.session.revision {
        return (Outcome::Saved(Box::new(record.clone())), Change::Keep);
    }
    let mut next = step(record);
    next.session = session;
    next.status = status;
    next.lease_until_ms = now_ms + lease_ms;
    if status == Status::Closed {
        let reason = next.session.closed.unwrap_or(CloseReason::NotOurs);
        seal(&mut next, reason, now_ms);
    }
    put(next, Outcome::Saved)
}

fn finish(
    record: &SessionRecord,
    fence: u64,
    turn: &str,
    session: Session,
    now_ms: i64,
    lease_ms: i64,
) -> (Outcome, Change) {
    if record.fence != fence || record.status != Status::Open {
        return lost();
    }
    // Finished before, and the answer was lost.
    match record.taken.first() {
        None => return (Outcome::Released, Change::Keep),
        Some(first) if first.id != turn => return (Outcome::Next(Box::new(record.clone())), Change::Keep),
        Some(_) => {}
    }
    let mut next = step(record);
    next.session = session;
    next.session.turn = None;
    if next.inbox.is_empty() {
        next.taken.clear();
        next.attempts = 0;
        next.lease_until_ms = 0;
        (Outcome::Released, Change::Put(Box::new(next)))
    } else {
        next.lease_until_ms = now_ms + lease_ms;
        take_inbox(&mut next);
        put(next, Outcome::Next)
    }
}

/// Closes for good: what was said and the tokens go, what a later stay must know stays.
fn seal(record: &mut SessionRecord, reason: CloseReason, now_ms: i64) {
    if reason == CloseReason::StartFailed {
        // Nobody has read what waits: the next stay finds it in the transcript.
        record.seen.retain(|id| !record.inbox.iter().any(|message| message.id == *id));
    }
    record.status = Status::Closed;
    record.lease_until_ms = 0;
    record.attempts = 0;
    record.taken.clear();
    record.inbox.clear();
    let session = &mut record.session;
    let summary = session.summary();
    session.previous.push(Stay { reason, closed_ms: now_ms, summary });
    let forget = session.previous.len().saturating_sub(PREVIOUS_MAX);
    session.previous.drain(..forget);
    session.closed = Some(reason);
    session.turn = None;
    session.pending = None;
    session.departure = None;
    session.history.clear();
    session.tried.clear();
    session.verified = false;
    session.digest = None;
    session.participant_token = None;
    session.connection_token = None;
}
