//! One participant of a contact: its role, whether it is there, and its tokens.

use serde::{Deserialize, Serialize};

use super::token::{Secret, Token};
use crate::{
    api::{CreatedParticipant, ParticipantView},
    item::Role,
    ports::Ids,
};

/// Whether a participant is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Presence {
    /// It has a participant token and has not connected yet.
    Invited,
    /// It is in the chat.
    Joined {
        /// Since when.
        at_ms: i64,
    },
    /// It was in the chat, or the chat is over.
    Left,
    /// It did not connect in time.
    Lapsed,
}

/// One participant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Participant {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) display_name: String,
    pub(crate) created_ms: i64,
    pub(crate) presence: Presence,
    /// When it had joined, of one that has left. Contacts were once stored without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    had_joined_ms: Option<i64>,
    /// The `ClientToken` it was created with.
    pub(crate) client_token: Option<String>,
    /// Lives as long as the participant.
    pub(crate) token: Secret,
    pub(crate) connection_tokens: Vec<Token>,
    pub(crate) websocket_secrets: Vec<Token>,
}

impl Participant {
    pub(crate) fn invite(
        role: Role,
        display_name: &str,
        client_token: Option<String>,
        now_ms: i64,
        ids: &dyn Ids,
    ) -> Self {
        Self {
            id: ids.uuid(),
            role,
            display_name: display_name.to_owned(),
            created_ms: now_ms,
            presence: Presence::Invited,
            had_joined_ms: None,
            client_token,
            token: Secret::fresh(ids),
            connection_tokens: Vec::new(),
            websocket_secrets: Vec::new(),
        }
    }

    /// In the chat or on its way into it.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(self.presence, Presence::Invited | Presence::Joined { .. })
    }

    pub(crate) fn is_joined(&self) -> bool {
        matches!(self.presence, Presence::Joined { .. })
    }

    /// When it came into the chat, also when it has left.
    pub(crate) fn joined_ms(&self) -> Option<i64> {
        match self.presence {
            Presence::Joined { at_ms } => Some(at_ms),
            Presence::Invited | Presence::Left | Presence::Lapsed => self.had_joined_ms,
        }
    }

    /// Takes the participant out: its connections are worth nothing from now on.
    pub(crate) fn leave(&mut self, presence: Presence) {
        self.had_joined_ms = self.joined_ms();
        self.presence = presence;
        self.connection_tokens.clear();
        self.websocket_secrets.clear();
    }

    /// What its creator is told. The participant token ends with the chat at the latest.
    pub(crate) fn credentials(&self, expiry_ms: i64) -> CreatedParticipant {
        CreatedParticipant { participant_id: self.id.clone(), participant_token: self.token.to_client(), expiry_ms }
    }

    pub(crate) fn view(&self) -> ParticipantView {
        ParticipantView {
            participant_id: self.id.clone(),
            role: self.role,
            display_name: self.display_name.clone(),
            present: self.is_joined(),
        }
    }
}
