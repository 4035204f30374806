//! The tokens of a participant: what each kind is for and how long it lives.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::ports::Ids;

/// A connection token lives one day, however long the chat lasts (model of `CreateParticipantConnection`).
pub(crate) const CONNECTION_TOKEN_MS: i64 = 24 * 60 * 60 * 1000;
/// A websocket URL must be connected within 100 s (model of `Websocket.ConnectionExpiry`).
pub(crate) const WEBSOCKET_URL_MS: i64 = 100 * 1000;
/// A participant may hold this many unexpired tokens of a kind; the oldest goes first. A client that renews its socket
/// every hour needs about 24.
const KEPT: usize = 200;

/// A secret that is stored, compared, handed to its owner, and never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn fresh(ids: &dyn Ids) -> Self {
        Self(ids.token())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_client(&self) -> SecretString {
        SecretString::from(self.0.clone())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `CreateParticipantConnection`.
    Participant,
    /// Every other operation of the participant service.
    Connection,
    /// The websocket.
    Websocket,
}

/// A token with its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    pub(crate) expires_ms: i64,
}

/// Adds a fresh token to a participant's tokens of a kind and lets go of those that are over.
pub(crate) fn grant(tokens: &mut Vec<Token>, ids: &dyn Ids, now_ms: i64, lifetime_ms: i64) -> Token {
    tokens.retain(|t| t.expires_ms > now_ms);
    if tokens.len() >= KEPT {
        tokens.remove(0);
    }
    let token = Token { secret: Secret::fresh(ids), expires_ms: now_ms + lifetime_ms };
    tokens.push(token.clone());
    token
}
