//! A session between the store and a run: opened, kept, and worked on by one request at a time.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{AgentError, Kept, RunStoreError, asked::Asked, service::Inner};
use crate::run::{Session, VERSION};

/// A session that was opened.
pub(super) struct Opened {
    pub(super) session: Session,
    /// The turn that was asked last.
    pub(super) asked: Option<Asked>,
    /// As it stands in the store; 0: it does not.
    pub(super) revision: u64,
}

/// A session as it is stored.
#[derive(Deserialize)]
struct Stored {
    last_active_ms: i64,
    session: Session,
    #[serde(default)]
    asked: Option<Asked>,
}

/// The same, to be written.
#[derive(Serialize)]
struct ToStore<'a> {
    last_active_ms: i64,
    session: &'a Session,
    asked: Option<&'a Asked>,
}

/// Only the version, to see whether the rest can be read.
#[derive(Deserialize)]
struct StoredVersion {
    session: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Inner {
    /// Opens the session for this turn: as it was left, or anew.
    pub(super) async fn open(&self, session_id: &str, turn_id: Option<&str>) -> Result<Opened, AgentError> {
        let kept = self.ports.runs.load(&self.sessions.key(session_id)).await.map_err(refused)?;
        let revision = kept.as_ref().map_or(0, |kept| kept.revision);
        let stored = kept.and_then(|kept| read(session_id, &kept.json)).filter(|stored| {
            let idle_ms = self.ports.clock.now_ms().saturating_sub(stored.last_active_ms);
            // A turn that goes on was not idle, however long nobody could be found to work on it.
            idle_ms <= self.ttl_ms || stored.asked.as_ref().is_some_and(|asked| asked.is(turn_id))
        });
        Ok(match stored {
            Some(Stored { session, asked, .. }) => Opened { session, asked, revision },
            None => Opened { session: Session::new(self.ports.ids.new_id()), asked: None, revision },
        })
    }

    /// Stores a session as it is now, in place of the one of `revision`. Answers its revision.
    pub(super) async fn keep(
        &self,
        session_id: &str,
        session: &Session,
        asked: Option<&Asked>,
        revision: u64,
    ) -> Result<u64, AgentError> {
        if session.ending && session.open.is_none() {
            self.ports.runs.remove(&self.sessions.key(session_id)).await.map_err(refused)?;
            return Ok(0);
        }
        let stored = ToStore { last_active_ms: self.ports.clock.now_ms(), session, asked };
        let json = serde_json::to_string(&stored).map_err(AgentError::internal)?;
        let revision = revision.saturating_add(1);
        self.ports.runs.save(&self.sessions.key(session_id), Kept { json, revision }).await.map_err(refused)?;
        Ok(revision)
    }
}

/// What cannot be read is no error for the customer: the session begins anew.
fn read(session_id: &str, json: &str) -> Option<Stored> {
    let version = serde_json::from_str::<StoredVersion>(json).map(|stored| stored.session.version).ok();
    if version != Some(VERSION) {
        tracing::warn!(session_id, ?version, "A stored session is of another version; it begins anew");
        return None;
    }
    serde_json::from_str(json)
        .inspect_err(|error| {
            tracing::error!(session_id, line = error.line(), "A stored session cannot be read; it begins anew");
        })
        .ok()
}

/// By value, as `map_err` has it.
pub(super) fn refused(error: RunStoreError) -> AgentError {
    match error {
        RunStoreError::Superseded => AgentError::conflict().because(error.to_string()),
        RunStoreError::TooLarge { .. } | RunStoreError::Unavailable(_) => AgentError::internal(error),
    }
}

/// Where sessions are kept, and which of them are being worked on in this process.
#[derive(Clone, Default)]
pub(super) struct Sessions {
    prefix: &'static str,
    busy: Arc<Mutex<HashSet<String>>>,
}

impl Sessions {
    /// Apart from those without a prefix; it must hold a character that no session's id has.
    pub(super) fn apart(prefix: &'static str) -> Self {
        Self { prefix, busy: Arc::default() }
    }

    /// What the store knows a session by.
    pub(super) fn key(&self, session_id: &str) -> String {
        format!("{}{session_id}", self.prefix)
    }
}

/// A session that is being worked on.
pub(super) struct Busy {
    inner: Arc<Inner>,
    session_id: String,
}

impl Busy {
    pub(super) fn take(inner: Arc<Inner>, session_id: &str) -> Result<Self, AgentError> {
        if !inner.sessions.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(session_id.to_owned()) {
            return Err(AgentError::conflict());
        }
        Ok(Self { inner, session_id: session_id.to_owned() })
    }

    pub(super) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.inner.sessions.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.session_id);
    }
}
