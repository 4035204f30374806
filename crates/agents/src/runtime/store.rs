//! The port that keeps the sessions of runs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

/// The store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RunStoreError(pub String);

/// Sessions as JSON texts, by session id. One session is never written by two at a time.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// The text, if there is one.
    async fn load(&self, session_id: &str) -> Result<Option<String>, RunStoreError>;
    /// Keeps the text in place of the one there was; it is durable when this returns.
    async fn save(&self, session_id: &str, json: String) -> Result<(), RunStoreError>;
    /// Removes the text; nothing happens when there is none.
    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError>;
}

/// Sessions that live as long as the process.
#[derive(Debug, Default)]
pub struct MemoryRuns {
    sessions: Mutex<BTreeMap<String, String>>,
}

#[async_trait]
impl RunStore for MemoryRuns {
    async fn load(&self, session_id: &str) -> Result<Option<String>, RunStoreError> {
        Ok(self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(session_id).cloned())
    }

    async fn save(&self, session_id: &str, json: String) -> Result<(), RunStoreError> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(session_id.to_owned(), json);
        Ok(())
    }

    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(session_id);
        Ok(())
    }
}
