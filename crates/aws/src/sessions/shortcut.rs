//! Operations that are one conditional write in the ordinary case, as expressions.
//!
//! Each says in DynamoDB's words what `decide` says for that case, and nothing for any other: a condition that does not
//! hold hands the operation to `decide`. `sessions::contract` holds the two against each other.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use relevo_bot::sessions::{MessageKind, Op, Outcome, Session, SessionRecord, Status};

use super::{
    item::{self, Item, WRITE_ID},
    number, text,
};

/// From so many remembered ids on, the oldest may have to be forgotten: `decide` knows how.
const SEEN_MAX: usize = 150;

/// The attributes that the expressions name; several are reserved words.
const ATTRIBUTES: [&str; 12] = [
    "status",
    "version",
    "fence",
    "leaseUntilMs",
    "attempts",
    "taken",
    "inbox",
    "seen",
    "session",
    "revision",
    "id",
    WRITE_ID,
];

/// One conditional write.
pub(super) struct Shortcut {
    condition: &'static str,
    update: &'static str,
    values: Item,
    outcome: fn(Box<SessionRecord>) -> Outcome,
}

impl Shortcut {
    /// The operation's ordinary case; none when it needs the record as it is.
    pub(super) fn of(op: &Op) -> Result<Option<Self>, String> {
        let mut values = Values::default();
        let (condition, update, outcome): (_, _, fn(Box<SessionRecord>) -> Outcome) = match op {
            // The bot is in the chat, nobody is at work, nothing waits, and the message is new.
            Op::Deliver { message, now_ms, lease_ms } if message.kind != MessageKind::Greeting => {
                values.add(":open", status(Status::Open));
                values.add(":zero", number(0));
                values.add(":one", number(1));
                values.add(":now", number(now_ms));
                values.add(":max", number(SEEN_MAX));
                values.add(":id", text(&message.id));
                values.add(":ids", AttributeValue::L(vec![text(&message.id)]));
                values.add(":until", number(now_ms.saturating_add(*lease_ms)));
                let message = serde_json::to_value(message).map_err(|_| "a message that cannot be written")?;
                values.add(":taken", AttributeValue::L(vec![item::attribute(message)]));
                (
                    "#status = :open AND #leaseUntilMs <= :now AND size(#taken) = :zero AND size(#inbox) = :zero \
                     AND size(#seen) < :max AND NOT contains(#seen, :id)",
                    "SET #version = #version + :one, #fence = #fence + :one, #leaseUntilMs = :until, \
                     #attempts = :one, #taken = :taken, #seen = list_append(#seen, :ids), #writeId = :writeId",
                    Outcome::Turn,
                )
            }
            // Nothing was said before the bot could hear it.
            Op::Open { fence, session, early } if early.is_empty() => {
                values.holder(*fence);
                values.add(":starting", status(Status::Starting));
                values.add(":open", status(Status::Open));
                values.session(session)?;
                (
                    "#fence = :fence AND #status = :starting",
                    "SET #version = #version + :one, #session = :session, #status = :open, #writeId = :writeId",
                    Outcome::Saved,
                )
            }
            Op::Save { fence, session, status: next, now_ms, lease_ms } => {
                let condition = match next {
                    Status::Open => "#fence = :fence AND #session.#revision < :revision AND #status = :status",
                    Status::Leaving => {
                        values.add(":starting", status(Status::Starting));
                        values.add(":open", status(Status::Open));
                        "#fence = :fence AND #session.#revision < :revision \
                         AND #status IN (:starting, :open, :status)"
                    }
                    // What was said goes: that needs the record.
                    Status::Starting | Status::Closed => return Ok(None),
                };
                values.holder(*fence);
                values.add(":revision", number(session.revision));
                values.add(":status", status(*next));
                values.add(":until", number(now_ms.saturating_add(*lease_ms)));
                values.session(session)?;
                (
                    condition,
                    "SET #version = #version + :one, #session = :session, #status = :status, \
                     #leaseUntilMs = :until, #writeId = :writeId",
                    Outcome::Saved,
                )
            }
            // There is still something at work.
            Op::Renew { fence, now_ms, lease_ms } => {
                values.holder(*fence);
                values.add(":starting", status(Status::Starting));
                values.add(":open", status(Status::Open));
                values.add(":leaving", status(Status::Leaving));
                values.add(":zero", number(0));
                values.add(":until", number(now_ms.saturating_add(*lease_ms)));
                (
                    "#fence = :fence \
                     AND (#status IN (:starting, :leaving) OR (#status = :open AND size(#taken) > :zero))",
                    "SET #version = #version + :one, #leaseUntilMs = :until, #writeId = :writeId",
                    Outcome::Saved,
                )
            }
            // Nothing came meanwhile.
            Op::Finish { fence, turn, session, .. } => {
                values.holder(*fence);
                values.add(":turn", text(turn));
                values.add(":open", status(Status::Open));
                values.add(":zero", number(0));
                values.add(":none", AttributeValue::L(Vec::new()));
                let mut session = session.clone();
                session.turn = None;
                values.session(&session)?;
                (
                    "#fence = :fence AND #status = :open AND size(#inbox) = :zero AND #taken[0].#id = :turn",
                    "SET #version = #version + :one, #session = :session, #taken = :none, #attempts = :zero, \
                     #leaseUntilMs = :zero, #writeId = :writeId",
                    |_| Outcome::Released,
                )
            }
            Op::Release { fence } => {
                values.holder(*fence);
                values.add(":zero", number(0));
                (
                    "#fence = :fence",
                    "SET #version = #version + :one, #leaseUntilMs = :zero, #writeId = :writeId",
                    |_| Outcome::Released,
                )
            }
            Op::Read
            | Op::Reserve { .. }
            | Op::Open { .. }
            | Op::Deliver { .. }
            | Op::Abandon { .. }
            | Op::Rest { .. }
            | Op::Close { .. }
            | Op::Dismiss { .. }
            | Op::StreamStopped { .. } => {
                return Ok(None);
            }
        };
        Ok(Some(Self { condition, update, values: values.0, outcome }))
    }

    pub(super) fn condition(&self) -> &'static str {
        self.condition
    }

    pub(super) fn update(&self) -> &'static str {
        self.update
    }

    /// The names that the expressions use: unused ones are refused.
    pub(super) fn names(&self) -> HashMap<String, String> {
        let used = |name: &&&str| names_in(self.condition, name) || names_in(self.update, name);
        ATTRIBUTES.iter().filter(used).map(|name| (format!("#{name}"), (*name).to_owned())).collect()
    }

    pub(super) fn values(&self, write_id: &str) -> Item {
        let mut values = self.values.clone();
        values.insert(":writeId".to_owned(), text(write_id));
        values
    }

    /// The outcome when the write was done.
    pub(super) fn outcome(&self, record: SessionRecord) -> Outcome {
        (self.outcome)(Box::new(record))
    }
}

fn names_in(expression: &str, name: &str) -> bool {
    expression
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '#'))
        .any(|word| word.strip_prefix('#') == Some(name))
}

fn status(status: Status) -> AttributeValue {
    text(match status {
        Status::Starting => "starting",
        Status::Open => "open",
        Status::Leaving => "leaving",
        Status::Closed => "closed",
    })
}

/// The values of the expressions.
#[derive(Default)]
struct Values(Item);

impl Values {
    fn add(&mut self, name: &str, value: AttributeValue) {
        self.0.insert(name.to_owned(), value);
    }

    fn holder(&mut self, fence: u64) {
        self.add(":fence", number(fence));
        self.add(":one", number(1));
    }

    fn session(&mut self, session: &Session) -> Result<(), String> {
        self.add(":session", item::session(session)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use relevo_bot::sessions::{Message, MessageKind};

    use super::*;

    fn ops() -> Vec<Op> {
        let session = Box::new(Session::default());
        let message = Message { id: "m".into(), time_ms: 1, kind: MessageKind::Unsupported };
        let save = |status| Op::Save { fence: 1, session: session.clone(), status, now_ms: 1, lease_ms: 1 };
        vec![
            Op::Deliver { message, now_ms: 1, lease_ms: 1 },
            Op::Open { fence: 1, session: session.clone(), early: Vec::new() },
            save(Status::Open),
            save(Status::Leaving),
            Op::Renew { fence: 1, now_ms: 1, lease_ms: 1 },
            Op::Finish { fence: 1, turn: "m".into(), session: session.clone(), now_ms: 1, lease_ms: 1 },
            Op::Release { fence: 1 },
        ]
    }

    /// DynamoDB refuses a request with a placeholder that is not defined, and one with a definition that is not used.
    #[test]
    fn every_placeholder_is_defined_and_every_definition_used() {
        for op in ops() {
            let shortcut = Shortcut::of(&op).unwrap().unwrap();
            let expressions = format!("{} {}", shortcut.condition(), shortcut.update());
            let words = expressions.split(|letter: char| !(letter.is_ascii_alphanumeric() || "#:".contains(letter)));
            let used: std::collections::BTreeSet<&str> = words.filter(|it| it.starts_with(['#', ':'])).collect();
            let (names, values) = (shortcut.names(), shortcut.values("w"));
            let defined: std::collections::BTreeSet<&str> =
                names.keys().chain(values.keys()).map(String::as_str).collect();
            assert_eq!(used, defined, "{op:?}");
        }
    }

    #[test]
    fn statuses_are_written_as_records_write_them() {
        for it in [Status::Starting, Status::Open, Status::Leaving, Status::Closed] {
            assert_eq!(status(it), item::attribute(serde_json::to_value(it).unwrap()));
        }
    }
}
