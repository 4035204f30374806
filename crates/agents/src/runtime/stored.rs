//! How a session stands in the store: whole at first, and in two parts when much was said. What was said long ago is most of it
//! and stays as it is; written with each step it would make the steps of a long conversation dear.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Kept, Settled, asked::Asked};
use crate::{
    memo::Memo,
    run::{Past, Session, Standing, VERSION},
};

/// When more tokens than this were said since the settled part was written, or forgotten of it, it is written anew at the end of
/// the turn. The larger part is written the more seldom, and what is written with each step is the larger, the higher this is.
const SETTLES: usize = 2_500;
/// How many bytes of settled parts this process remembers, that the next turn need not read them again.
const REMEMBERED: usize = 4 * 1_024 * 1_024;

/// Where a session stands in the store.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// 0: it does not.
    revision: u64,
    settled: Option<(Settled, Arc<Past>)>,
}

/// The settled parts this process knows, by the session's key: as they stand in the store, and read.
#[derive(Debug)]
pub(super) struct Pasts(Memo<String, (Arc<str>, Arc<Past>)>);

/// A session as it is stored.
#[derive(Deserialize)]
pub(super) struct Stored {
    pub(super) last_active_ms: i64,
    pub(super) session: Session,
    #[serde(default)]
    pub(super) asked: Option<Asked>,
    /// What of the settled part belongs to it; none: it is whole.
    #[serde(default)]
    standing: Option<Standing>,
}

/// The same, to be written.
#[derive(Serialize)]
struct ToStore<'a> {
    last_active_ms: i64,
    session: &'a Session,
    asked: Option<&'a Asked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
}

/// Only the version, to see why the rest cannot be read.
#[derive(Deserialize)]
struct StoredVersion {
    session: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Place {
    /// The place of what is kept, without a settled part.
    pub(super) fn of(kept: Option<&Kept>) -> Self {
        Self { revision: kept.map_or(0, |kept| kept.revision), settled: None }
    }

    /// What is to be kept of a session in the place of what is there, and where that is then.
    pub(super) fn next(
        &self,
        session: &mut Session,
        asked: Option<&Asked>,
        now_ms: i64,
    ) -> Result<(Kept, Self), serde_json::Error> {
        let revision = self.revision.saturating_add(1);
        let mut settled = self.settled.clone();
        let gone = settled.as_ref().map_or(0, |(_, past)| session.tokens_gone(past));
        if session.open.is_none() && session.tokens_since().max(gone) > SETTLES {
            let past = session.settle();
            settled = Some((Settled { json: serde_json::to_string(&past)?.into(), revision }, Arc::new(past)));
        }
        let (rest, standing) = settled.as_ref().map(|(_, past)| session.since(past)).unzip();
        let to_store = ToStore { last_active_ms: now_ms, session: rest.as_ref().unwrap_or(session), asked, standing };
        let json = serde_json::to_string(&to_store)?;
        let kept = Kept { json, settled: settled.as_ref().map(|(settled, _)| settled.clone()), revision };
        Ok((kept, Self { revision, settled }))
    }
}

impl Default for Pasts {
    fn default() -> Self {
        Self(Memo::new(REMEMBERED))
    }
}

impl Pasts {
    /// Remembers what was written.
    pub(super) fn learn(&self, key: &str, place: &Place) {
        if let Some((settled, past)) = &place.settled {
            self.remember(key, &settled.json, past);
        }
    }

    /// Forgets a session that has ended.
    pub(super) fn forget(&self, key: &str) {
        self.0.remove(key);
    }

    /// Reads what is kept. What cannot be read is no error for the customer: the session begins anew.
    pub(super) fn read(&self, key: &str, kept: Kept) -> Option<(Stored, Place)> {
        let place = Place::of(Some(&kept));
        let mut stored = match serde_json::from_str::<Stored>(&kept.json) {
            Ok(stored) if stored.session.version == VERSION => stored,
            other => {
                let version =
                    serde_json::from_str::<StoredVersion>(&kept.json).map(|stored| stored.session.version).ok();
                if let (Some(VERSION), Err(error)) = (version, other) {
                    tracing::error!(key, line = error.line(), "A stored session cannot be read; it begins anew");
                } else {
                    tracing::warn!(key, ?version, "A stored session is of another version; it begins anew");
                }
                return None;
            }
        };
        let Some(standing) = stored.standing.take() else { return Some((stored, place)) };
        let whole = kept.settled.and_then(|settled| {
            let past = self.past(key, &settled.json)?;
            let session = stored.session.with(&past, standing)?;
            Some((Stored { session, ..stored }, Place { settled: Some((settled, past)), ..place }))
        });
        if whole.is_none() {
            tracing::error!(key, "A part of a stored session cannot be read; it begins anew");
        }
        whole
    }

    fn past(&self, key: &str, json: &Arc<str>) -> Option<Arc<Past>> {
        if let Some((known, past)) = self.0.get(key)
            && (Arc::ptr_eq(&known, json) || known == *json)
        {
            return Some(past);
        }
        let past = Arc::new(serde_json::from_str(json).ok()?);
        self.remember(key, json, &past);
        Some(past)
    }

    fn remember(&self, key: &str, json: &Arc<str>, past: &Arc<Past>) {
        // The text, and what was read of it, with the text of each message.
        let bytes = 4 * json.len();
        self.0.put(key.to_owned(), (Arc::clone(json), Arc::clone(past)), bytes);
    }
}
