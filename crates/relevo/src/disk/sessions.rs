//! The bot's sessions on disk: the pure decision, inside a write transaction.

use async_trait::async_trait;
use relevo_bot::sessions::{Change, Op, Outcome, SessionRecord, Sessions, SessionsError, decide};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("sessions");

/// One record a contact.
pub(crate) struct BotSessions(Disk);

impl BotSessions {
    /// Opens the sessions. The data folder is this process's alone, so whoever held a lease is gone: the next delivery
    /// need not wait for the lease to run out.
    pub(crate) async fn open(disk: Disk) -> Result<Self, DiskError> {
        let sessions = Self(disk);
        for (key, value) in sessions.0.scan(SPACE, "")? {
            let record = read(&key, &value)?;
            if record.lease_until_ms > 0 {
                let release = Op::Release { fence: record.fence };
                sessions.apply(&key, release).await.map_err(|e| DiskError::Value(key, e.to_string()))?;
            }
        }
        Ok(sessions)
    }

    /// The streamed items that make the bot go on where messages wait, or it was on its way out, and nobody is at work.
    pub(crate) fn wake_ups(&self) -> Result<Vec<String>, DiskError> {
        let records = self.0.scan(SPACE, "")?.into_iter().map(|(key, value)| read(&key, &value));
        records.filter_map(|record| record.map(|it| it.wake_up(it.lease_until_ms)).transpose()).collect()
    }
}

#[async_trait]
impl Sessions for BotSessions {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let key = key.to_owned();
        self.0
            .write(move |transaction| {
                let record = transaction.get(SPACE, &key)?.map(|value| read(&key, &value)).transpose()?;
                let (outcome, change) = decide(&key, record.as_ref(), op);
                match change {
                    Change::Keep => {}
                    Change::Put(record) => {
                        let value = serde_json::to_vec(&record).map_err(|e| unreadable(&key, &e))?;
                        transaction.put(SPACE, &key, &value)?;
                    }
                    Change::Remove => transaction.remove(SPACE, &key)?,
                }
                Ok(outcome)
            })
            .await
            .map_err(|e| SessionsError(e.to_string()))
    }
}

fn read(key: &str, value: &[u8]) -> Result<SessionRecord, DiskError> {
    serde_json::from_slice(value).map_err(|e| unreadable(key, &e))
}

fn unreadable(key: &str, error: &serde_json::Error) -> DiskError {
    DiskError::Value(format!("sessions/{key}"), error.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use relevo_bot::sessions::{CloseReason, Departure, Message, MessageKind, Status};

    use super::*;

    #[tokio::test]
    async fn nobody_holds_a_lease_after_a_restart() {
        let disk = Disk::forgetful();
        let before = BotSessions::open(disk.clone()).await.unwrap();
        let message = |id: &str| Message { id: id.into(), time_ms: 1, kind: MessageKind::Unsupported };
        let deliver = |id: &str| Op::Deliver { message: message(id), now_ms: 5, lease_ms: 30_000 };
        let reserve = Op::Reserve { contact_id: "c".into(), call: 1, now_ms: 5, keep_ms: 1_000 };
        let Outcome::Reserved(record) = before.apply("c", reserve).await.unwrap() else { panic!() };
        let open = Op::Open { fence: record.fence, session: Box::new(record.session), early: Vec::new() };
        before.apply("c", open).await.unwrap();
        assert!(matches!(before.apply("c", deliver("m1")).await.unwrap(), Outcome::Turn(_)));
        assert!(matches!(before.apply("c", deliver("m1")).await.unwrap(), Outcome::Busy));
        drop(before);
        let after = BotSessions::open(disk).await.unwrap();
        assert!(matches!(after.apply("c", deliver("m1")).await.unwrap(), Outcome::Turn(_)));
    }

    #[tokio::test]
    async fn what_waits_is_taken_up_after_a_restart() {
        let disk = Disk::forgetful();
        let before = BotSessions::open(disk.clone()).await.unwrap();
        for (key, early) in [("silent", vec![]), ("waiting", vec!["m1", "m2"])] {
            let reserve = Op::Reserve { contact_id: key.into(), call: 1, now_ms: 5, keep_ms: 1_000 };
            let Outcome::Reserved(record) = before.apply(key, reserve).await.unwrap() else { panic!() };
            let message = |id: &str| Message { id: id.into(), time_ms: 1, kind: MessageKind::Text("hola".into()) };
            let early = early.into_iter().map(message).collect();
            let open = Op::Open { fence: record.fence, session: Box::new(record.session), early };
            before.apply(key, open).await.unwrap();
        }
        drop(before);
        let after = BotSessions::open(disk).await.unwrap();
        let wake_ups = after.wake_ups().unwrap();
        assert!(wake_ups.len() == 1 && wake_ups[0].contains(r#""InitialContactId":"waiting""#), "{wake_ups:?}");
        assert!(wake_ups[0].contains(r#""Id":"m1""#), "{wake_ups:?}");
    }

    #[tokio::test]
    async fn a_way_out_is_gone_on_with_after_a_restart() {
        let disk = Disk::forgetful();
        let before = BotSessions::open(disk.clone()).await.unwrap();
        let reserve = Op::Reserve { contact_id: "c".into(), call: 1, now_ms: 5, keep_ms: 1_000 };
        let Outcome::Reserved(record) = before.apply("c", reserve).await.unwrap() else { panic!() };
        let message = Message { id: "m1".into(), time_ms: 1, kind: MessageKind::Text("a person".into()) };
        let open = Op::Open { fence: record.fence, session: Box::new(record.session), early: vec![message.clone()] };
        before.apply("c", open).await.unwrap();
        let deliver = Op::Deliver { message, now_ms: 5, lease_ms: 30_000 };
        let Outcome::Turn(record) = before.apply("c", deliver.clone()).await.unwrap() else { panic!() };
        let (reason, words) = (CloseReason::CustomerRequest, Some("One moment".into()));
        let mut session = record.session;
        session.revision += 1;
        session.departure = Some(Departure { reason, attributes: None, words, stop_streaming: true, leave: true });
        let (fence, session, status) = (record.fence, Box::new(session), Status::Leaving);
        let leave = Op::Save { fence, session, status, now_ms: 5, lease_ms: 30_000 };
        assert!(matches!(before.apply("c", leave).await.unwrap(), Outcome::Saved(_)));
        drop(before);
        let after = BotSessions::open(disk).await.unwrap();
        let wake_ups = after.wake_ups().unwrap();
        assert!(wake_ups.len() == 1 && wake_ups[0].contains(r#""Id":"m1""#), "{wake_ups:?}");
        let Outcome::Turn(record) = after.apply("c", deliver).await.unwrap() else { panic!() };
        assert_eq!(record.session.departure.and_then(|plan| plan.words).as_deref(), Some("One moment"));
    }

    #[tokio::test]
    async fn the_disk_keeps_the_contract_of_every_session_store() {
        let store = Arc::new(BotSessions::open(Disk::forgetful()).await.unwrap());
        relevo_bot::sessions::contract::check(store, "disk").await.unwrap();
    }
}
