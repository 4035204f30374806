//! Why a contact ended, in Connect's words.

use serde::{Deserialize, Serialize};

/// Why a contact ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Reason {
    CustomerDisconnect,
    AgentDisconnect,
    ContactFlowDisconnect,
    Api,
    /// Somebody said nothing for too long (`UpdateParticipantRoleConfig`).
    IdleDisconnect,
    /// The chat's duration is over.
    Expired,
    /// The customer never connected.
    CustomerConnectionNotEstablished,
}

impl Reason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::CustomerDisconnect => "CUSTOMER_DISCONNECT",
            Self::AgentDisconnect => "AGENT_DISCONNECT",
            Self::ContactFlowDisconnect => "CONTACT_FLOW_DISCONNECT",
            Self::Api => "API",
            Self::IdleDisconnect => "IDLE_DISCONNECT",
            Self::Expired => "EXPIRED",
            Self::CustomerConnectionNotEstablished => "CUSTOMER_CONNECTION_NOT_ESTABLISHED",
        }
    }
}
