//! A session between the store and a run: opened, kept, and worked on by one request at a time.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    AgentError, RunStoreError,
    asked::Asked,
    service::Inner,
    stored::{Pasts, Place, Stored},
};
use crate::run::Session;

/// A session that was opened.
pub(super) struct Opened {
    pub(super) session: Session,
    /// The turn that was asked last.
    pub(super) asked: Option<Asked>,
    /// As it stands in the store.
    pub(super) place: Place,
}

impl Inner {
    /// Opens the session for this turn: as it was left, or anew.
    pub(super) async fn open(&self, session_id: &str, turn_id: Option<&str>) -> Result<Opened, AgentError> {
        let key = self.sessions.key(session_id);
        let kept = self.ports.runs.load(&key).await.map_err(refused)?;
        let place = Place::of(kept.as_ref());
        let stored = kept.and_then(|kept| self.sessions.pasts.read(&key, kept)).filter(|(stored, _)| {
            let idle_ms = self.ports.clock.now_ms().saturating_sub(stored.last_active_ms);
            // A turn that goes on was not idle, however long nobody could be found to work on it.
            idle_ms <= self.ttl_ms || stored.asked.as_ref().is_some_and(|asked| asked.is(turn_id))
        });
        Ok(match stored {
            Some((Stored { session, asked, .. }, place)) => Opened { session, asked, place },
            None => Opened { session: Session::new(self.ports.ids.new_id()), asked: None, place },
        })
    }

    /// Stores a session as it is now, in the place of what is there. Answers where it is then.
    pub(super) async fn keep(
        &self,
        session_id: &str,
        session: &mut Session,
        asked: Option<&Asked>,
        place: &Place,
    ) -> Result<Place, AgentError> {
        if session.ending && session.open.is_none() {
            self.remove(session_id).await?;
            return Ok(Place::default());
        }
        let key = self.sessions.key(session_id);
        let (kept, next) = place.next(session, asked, self.ports.clock.now_ms()).map_err(AgentError::internal)?;
        let has_settled_before = kept.has_settled_before();
        self.ports.runs.save(&key, kept).await.map_err(refused)?;
        if !has_settled_before {
            self.sessions.pasts.learn(&key, &next);
        }
        Ok(next)
    }

    /// Removes a session.
    pub(super) async fn remove(&self, session_id: &str) -> Result<(), AgentError> {
        let key = self.sessions.key(session_id);
        self.ports.runs.remove(&key).await.map_err(refused)?;
        self.sessions.pasts.forget(&key);
        Ok(())
    }
}

/// By value, as `map_err` has it.
fn refused(error: RunStoreError) -> AgentError {
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
    pasts: Arc<Pasts>,
}

impl Sessions {
    /// Apart from those without a prefix; it must hold a character that no session's id has.
    pub(super) fn apart(prefix: &'static str) -> Self {
        Self { prefix, ..Self::default() }
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
