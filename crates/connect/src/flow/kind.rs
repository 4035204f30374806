//! The kinds of flows: what they are called, and what each may have in it.

use super::action::Action;

/// What AWS says of an action in a flow of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is taken.
    Taken,
    /// The language's page does not take it, the page of the console's block does.
    Doubtful,
    /// No page takes it; whether the service refuses it nobody has said.
    Untaken,
    /// It is refused.
    Refused,
}

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

    /// Whether a flow of this kind goes on until somebody else ends it: an agent who comes, or takes the contact back.
    pub(super) fn is_ended_from_outside(self) -> bool {
        self == Self::CustomerQueue || self.is_hold()
    }

    fn is_hold(self) -> bool {
        matches!(self, Self::CustomerHold | Self::AgentHold)
    }

    fn is_whisper(self) -> bool {
        matches!(self, Self::CustomerWhisper | Self::AgentWhisper | Self::OutboundWhisper)
    }

    fn is_transfer(self) -> bool {
        matches!(self, Self::AgentTransfer | Self::QueueTransfer)
    }

    /// Whether Connect takes this action in a flow of this kind, by the restrictions on the pages of the language's actions
    /// and of the console's blocks.
    pub(super) fn takes(self, action: &Action) -> Place {
        let (hold, whisper) = (self.is_hold(), self.is_whisper());
        match action {
            Action::UpdateContactTargetQueue(_) if hold || whisper || self == Self::CustomerQueue => Place::Untaken,
            Action::DistributeByPercentage(_) if self == Self::OutboundWhisper => Place::Doubtful,
            Action::CheckHoursOfOperation(_)
            | Action::DistributeByPercentage(_)
            | Action::UpdateContactRoutingBehavior(_)
                if hold || whisper =>
            {
                Place::Untaken
            }
            Action::UpdateContactRoutingBehavior(_) if self == Self::CustomerQueue || self.is_transfer() => {
                Place::Doubtful
            }
            Action::EndFlowExecution(_) if hold || self.is_transfer() => Place::Doubtful,
            _ if self.refuses(action) => Place::Refused,
            _ => Place::Taken,
        }
    }

    fn refuses(self, action: &Action) -> bool {
        let queue_or_inbound = self.is_transfer() || matches!(self, Self::Inbound | Self::CustomerQueue | Self::Module);
        let (hold, whisper) = (self.is_hold(), self.is_whisper());
        let takes = match action {
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
        };
        !takes
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
