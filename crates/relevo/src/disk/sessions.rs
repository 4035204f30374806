//! The bot's sessions on disk: the pure decision, inside a write transaction.

use async_trait::async_trait;
use redb::ReadableTable;
use relevo_bot::sessions::{Change, Op, Outcome, SessionRecord, Sessions, SessionsError, decide};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("sessions");

/// One record a contact.
pub(crate) struct BotSessions(pub Disk);

#[async_trait]
impl Sessions for BotSessions {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let key = key.to_owned();
        self.0
            .write(move |transaction| {
                let mut table = transaction.open_table(SPACE).map_err(redb::Error::from)?;
                let record = match table.get(key.as_str()).map_err(redb::Error::from)? {
                    Some(value) => Some(read(&key, value.value())?),
                    None => None,
                };
                let (outcome, change) = decide(&key, record.as_ref(), op);
                match change {
                    Change::Keep => {}
                    Change::Put(record) => {
                        let value = serde_json::to_vec(&record).map_err(|e| unreadable(&key, &e))?;
                        table.insert(key.as_str(), value.as_slice()).map_err(redb::Error::from)?;
                    }
                    Change::Remove => drop(table.remove(key.as_str()).map_err(redb::Error::from)?),
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

    use super::*;

    #[tokio::test]
    async fn the_disk_keeps_the_contract_of_every_session_store() {
        let store = Arc::new(BotSessions(Disk::in_memory()));
        relevo_bot::sessions::contract::check(store, "disk").await.unwrap();
    }
}
