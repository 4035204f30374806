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
    /// `None`: the queue of one agent, of which there are none here.
    queue: Option<Template>,
}

impl DequeueContactAndTransferToQueue {
    /// The queue, where it is written as a plain text.
    pub(in crate::flow) fn queue(&self) -> Option<&str> {
        self.queue.as_ref()?.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let of_agent = reader.not_here("AgentId", "agents have no queues of their own here");
        reader.not_mixed("QueueId");
        let queue = if of_agent { reader.text("QueueId") } else { Some(reader.required_text("QueueId")) };
        Some(Self { queue: queue.filter(|_| !of_agent) })
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
        match self.queue.as_ref().and_then(|queue| scope.fill_some(queue)) {
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
        if reader.has("InterruptFrequencySeconds") {
            reader.whole("InterruptFrequencySeconds", 1..=604_800);
        }
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
