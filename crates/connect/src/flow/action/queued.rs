//! What only a contact that waits in a queue does.

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::Reader,
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// `DequeueContactAndTransferToQueue`: out of this queue, into another.
#[derive(Debug, Clone)]
pub(in crate::flow) struct DequeueContactAndTransferToQueue {
    queue: Template,
}

impl DequeueContactAndTransferToQueue {
    /// The queue, where it is written as a plain text.
    pub(in crate::flow) fn queue(&self) -> Option<&str> {
        self.queue.as_static()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if reader.line_of("AgentId").is_some() {
            reader.not_run_here(&["AgentId"], "agents have no queues of their own");
            return None;
        }
        Some(Self { queue: reader.required_text("QueueId")? })
    }
}

impl Block for DequeueContactAndTransferToQueue {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::QueueAtCapacity],
            refused: &[],
            branches: Branches::No,
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        match scope.fill_some(&self.queue) {
            Some(queue) => Enter::Stand(FlowStep::Dequeue { queue }),
            None => failed(),
        }
    }
}

/// `MessageParticipantIteratively`: in a chat it takes its error branch at once; without one the flow ends there, and the
/// contact goes on waiting for the next agent (AWS's page of the action).
#[derive(Debug, Clone)]
pub(in crate::flow) struct MessageParticipantIteratively;

impl MessageParticipantIteratively {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let some = reader.any("Messages").and_then(|messages| messages.as_array()).is_some_and(|all| !all.is_empty());
        if !some {
            reader.error("missing-parameter", "Messages must be a list of at least one message");
        }
        reader.optional_whole("InterruptFrequencySeconds", 1..=604_800);
        reader.warn("voice-only", "a chat takes the error branch of MessageParticipantIteratively at once");
        some.then_some(Self)
    }
}

impl Block for MessageParticipantIteratively {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[],
            optional: &[ErrorType::NoMatchingError],
            refused: &[],
            branches: Branches::Own(&[Operator::Equals], Some("MessagesInterrupted")),
        }
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::LeaveOrEnd(Exit::Error(ErrorType::NoMatchingError))
    }
}
