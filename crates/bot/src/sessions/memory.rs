//! The sessions in memory: for tests, and the model of every other store.

use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;

use super::{Change, Op, Outcome, SessionRecord, Sessions, SessionsError, decide};

/// A store that forgets when it is dropped.
#[derive(Debug, Default)]
pub struct MemorySessions {
    records: Mutex<HashMap<String, SessionRecord>>,
}

impl MemorySessions {
    /// The record of `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<SessionRecord> {
        self.lock().get(key).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, SessionRecord>> {
        self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Sessions for MemorySessions {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let mut records = self.lock();
        let (outcome, change) = decide(key, records.get(key), op);
        match change {
            Change::Keep => {}
            Change::Put(record) => {
                records.insert(key.to_owned(), *record);
            }
            Change::Remove => {
                records.remove(key);
            }
        }
        Ok(outcome)
    }
}
