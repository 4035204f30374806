//! The kinds of flows: what they are called, and what each may have in it.

use super::action::Action;

/// A flow's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    /// `CONTACT_FLOW`: the one that a contact begins with.
    Inbound,
    /// `CUSTOMER_QUEUE`: while the contact waits.
    CustomerQueue,
    /// `CUSTOMER_HOLD`.
    CustomerHold,
    /// `CUSTOMER_WHISPER`: what the customer hears when an agent joins.
    CustomerWhisper,
    /// `AGENT_HOLD`.
    AgentHold,
    /// `AGENT_WHISPER`: what the agent hears when they join.
    AgentWhisper,
    /// `OUTBOUND_WHISPER`.
    OutboundWhisper,
    /// `AGENT_TRANSFER`.
    AgentTransfer,
    /// `QUEUE_TRANSFER`.
    QueueTransfer,
    /// `CAMPAIGN`.
    Campaign,
    /// A flow module.
    Module,
}

impl FlowKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Inbound,
        Self::CustomerQueue,
        Self::CustomerHold,
        Self::CustomerWhisper,
        Self::AgentHold,
        Self::AgentWhisper,
        Self::OutboundWhisper,
        Self::AgentTransfer,
        Self::QueueTransfer,
        Self::Campaign,
        Self::Module,
    ];

    /// As `CreateContactFlow` has it; a module's is of our own making.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "CONTACT_FLOW",
            Self::CustomerQueue => "CUSTOMER_QUEUE",
            Self::CustomerHold => "CUSTOMER_HOLD",
            Self::CustomerWhisper => "CUSTOMER_WHISPER",
            Self::AgentHold => "AGENT_HOLD",
            Self::AgentWhisper => "AGENT_WHISPER",
            Self::OutboundWhisper => "OUTBOUND_WHISPER",
            Self::AgentTransfer => "AGENT_TRANSFER",
            Self::QueueTransfer => "QUEUE_TRANSFER",
            Self::Campaign => "CAMPAIGN",
            Self::Module => "MODULE",
        }
    }

    /// By the API's name, or the one in the metadata of what the console exports (`customerQueue`).
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = |text: &str| text.chars().filter(|c| *c != '_').collect::<String>().to_lowercase();
        Self::ALL.into_iter().find(|kind| plain(kind.as_str()) == plain(name))
    }

    /// Whether Connect takes this action in a flow of this kind, by the restrictions on the actions' pages.
    pub(super) fn takes(self, action: &Action) -> bool {
        let queue_or_inbound = matches!(
            self,
            Self::Inbound | Self::CustomerQueue | Self::AgentTransfer | Self::QueueTransfer | Self::Module
        );
        let hold = matches!(self, Self::CustomerHold | Self::AgentHold);
        let whisper = matches!(self, Self::CustomerWhisper | Self::AgentWhisper | Self::OutboundWhisper);
        match action {
            Action::TransferContactToQueue(_) | Action::TransferToFlow(_) => {
                queue_or_inbound && self != Self::CustomerQueue
            }
            Action::DequeueContactAndTransferToQueue(_) => self == Self::CustomerQueue,
            Action::MessageParticipant(_) => !hold,
            Action::MessageParticipantIteratively(_) => hold || self == Self::CustomerQueue,
            Action::EndFlowModuleExecution(_) => self == Self::Module,
            Action::InvokeFlowModule(_) => matches!(self, Self::Inbound | Self::Module),
            Action::ShowView(_) => matches!(self, Self::Inbound | Self::CustomerQueue | Self::Module),
            Action::DisconnectParticipant(_) => !hold && !whisper,
            Action::GetParticipantInput(_) | Action::ConnectParticipantWithLexBot(_) => queue_or_inbound,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_api_and_of_the_console() {
        for kind in FlowKind::ALL {
            assert_eq!(FlowKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(FlowKind::from_name("contactFlow"), Some(FlowKind::Inbound));
        assert_eq!(FlowKind::from_name("customerQueue"), Some(FlowKind::CustomerQueue));
        assert_eq!(FlowKind::from_name("flow"), None);
    }
}
