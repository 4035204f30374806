//! The port that keeps the sessions of runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The session, as JSON: all of it, or what changes with each step.
    pub json: String,
    /// The other part, if there are two: what was said long ago.
    pub settled: Option<Settled>,
    /// How often it was written: 1 for a session that was not there.
    pub revision: u64,
}

/// The larger part of a long session, which is written once in a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// As JSON.
    pub json: Arc<str>,
    /// The session's revision that it was written with.
    pub revision: u64,
}

impl Kept {
    /// A session in one part.
    pub fn whole(json: impl Into<String>, revision: u64) -> Self {
        Self { json: json.into(), settled: None, revision }
    }

    /// Whether this may take the place of what is there.
    pub fn follows(&self, there: Option<u64>) -> bool {
        self.revision == there.unwrap_or(0).saturating_add(1)
    }

    /// Whether the settled part stands in the store already, since an earlier revision: it need not be written again.
    pub fn has_settled_before(&self) -> bool {
        self.settled.as_ref().is_some_and(|settled| settled.revision < self.revision)
    }
}

/// The store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunStoreError {
    /// Another process has written the session since it was loaded. Nothing was changed.
    #[error("another process has written the session meanwhile")]
    Superseded,
    /// The store takes no session of this size. Nothing was changed.
    #[error("the session has {bytes} bytes, and the store takes {most_bytes} at most")]
    TooLarge {
        /// What it would take.
        bytes: usize,
        /// What is taken.
        most_bytes: usize,
    },
    /// Anything else: it may or may not have happened. For the log; without what was said.
    #[error("{0}")]
    Unavailable(String),
}

/// Sessions as JSON texts, by session id. The caller lets one process at a time work on a session; where two do it all the
/// same, [`Kept::revision`] keeps the slower one from writing over the other.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// The session, if there is one.
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError>;
    /// Keeps the session in place of the one there was, which must be of the revision before; it is durable when this
    /// returns. A settled part of an earlier revision is the one that is there ([`Kept::has_settled_before`]).
    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError>;
    /// Removes the session; nothing happens when there is none.
    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError>;
}

/// Sessions that live as long as the process.
#[derive(Debug, Default)]
pub struct MemoryRuns {
    sessions: Mutex<BTreeMap<String, Kept>>,
}

#[async_trait]
impl RunStore for MemoryRuns {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        Ok(self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(session_id).cloned())
    }

    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if !session.follows(sessions.get(session_id).map(|there| there.revision)) {
            return Err(RunStoreError::Superseded);
        }
        sessions.insert(session_id.to_owned(), session);
        Ok(())
    }

    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(session_id);
        Ok(())
    }
}
