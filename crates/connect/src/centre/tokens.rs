//! From a token to its participant: an index over all contacts that are going on.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::contact::{Contact, token::TokenKind};

/// Whose a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) contact_id: String,
    pub(super) participant_id: String,
}

struct Entry {
    holder: Holder,
    kind: TokenKind,
    expires_ms: i64,
}

#[derive(Default)]
struct Index {
    entries: HashMap<String, Entry>,
    by_contact: HashMap<String, Vec<String>>,
}

impl Index {
    /// Whether it says of the contact's tokens what the contact says of them, and of no others.
    fn holds(&self, contact: &Contact) -> bool {
        let known = self.by_contact.get(&contact.id).map(Vec::as_slice).unwrap_or_default();
        let mut tokens = contact.tokens();
        let same = known.iter().all(|secret| {
            let (Some(entry), Some(token)) = (self.entries.get(secret), tokens.next()) else { return false };
            token == (secret.as_str(), entry.kind, entry.holder.participant_id.as_str(), entry.expires_ms)
        });
        same && tokens.next().is_none()
    }
}

/// The index. Tokens are unguessable, so a map's comparison gives nothing away.
#[derive(Default)]
pub(super) struct Tokens(Mutex<Index>);

impl Tokens {
    /// Whose this token is, if it is of one of these kinds and good now.
    pub(super) fn find(&self, secret: &str, kinds: &[TokenKind], now_ms: i64) -> Option<Holder> {
        let index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = index.entries.get(secret).filter(|e| kinds.contains(&e.kind) && now_ms < e.expires_ms);
        entry.map(|e| e.holder.clone())
    }

    /// Makes the index hold exactly the contact's tokens.
    pub(super) fn sync(&self, contact: &Contact) {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What is said changes no token, and most of what happens to a contact is something said.
        if index.holds(contact) {
            return;
        }
        for old in index.by_contact.remove(&contact.id).unwrap_or_default() {
            index.entries.remove(&old);
        }
        let mut secrets = Vec::new();
        for (secret, kind, participant_id, expires_ms) in contact.tokens() {
            let holder = Holder { contact_id: contact.id.clone(), participant_id: participant_id.to_owned() };
            index.entries.insert(secret.to_owned(), Entry { holder, kind, expires_ms });
            secrets.push(secret.to_owned());
        }
        if !secrets.is_empty() {
            index.by_contact.insert(contact.id.clone(), secrets);
        }
    }
}
