//! The ends of a flow.

use super::{Block, Branches, Enter, Shape};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep};

pub(super) const TERMINAL: Shape =
    Shape { goes_on: false, required: &[], optional: &[], refused: &[], branches: Branches::No };

/// `DisconnectParticipant`: ends the contact.
#[derive(Debug, Clone)]
pub(in crate::flow) struct DisconnectParticipant;

impl DisconnectParticipant {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(_reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self)
    }
}

impl Block for DisconnectParticipant {
    fn shape(&self) -> Shape {
        TERMINAL
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::Over(FlowStep::Disconnect)
    }
}

/// `EndFlowExecution`: ends a queue or whisper flow, not the contact.
#[derive(Debug, Clone)]
pub(in crate::flow) struct EndFlowExecution;

impl EndFlowExecution {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(_reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self)
    }
}

impl Block for EndFlowExecution {
    fn shape(&self) -> Shape {
        TERMINAL
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::Over(FlowStep::End)
    }
}
