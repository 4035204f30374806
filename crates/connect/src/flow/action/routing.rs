//! The way to a person, or to another flow.

use super::{Block, Branches, Enter, STRAIGHT, Shape, failed};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template, transitions::ErrorType};

/// `UpdateContactTargetQueue`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactTargetQueue {
    /// `None`: the queue of one agent, of which there are none here.
    queue: Option<Template>,
}

impl UpdateContactTargetQueue {
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

impl Block for UpdateContactTargetQueue {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        match self.queue.as_ref().and_then(|queue| scope.fill_some(queue)) {
            Some(queue) => Enter::Stand(FlowStep::SetTargetQueue { queue }),
            None => failed(),
        }
    }
}

/// `TransferContactToQueue`: ends the flow where it succeeds.
#[derive(Debug, Clone)]
pub(in crate::flow) struct TransferContactToQueue;

impl TransferContactToQueue {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(_reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self)
    }
}

impl Block for TransferContactToQueue {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::QueueAtCapacity],
            refused: &[],
            branches: Branches::No,
        }
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::Stand(FlowStep::TransferToQueue)
    }
}

/// `TransferToFlow`: ends this flow where it succeeds.
#[derive(Debug, Clone)]
pub(in crate::flow) struct TransferToFlow {
    flow: Template,
}

impl TransferToFlow {
    /// The flow, where it is written as a plain text.
    pub(in crate::flow) fn flow(&self) -> Option<&str> {
        self.flow.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.not_mixed("ContactFlowId");
        Some(Self { flow: reader.required_text("ContactFlowId") })
    }
}

impl Block for TransferToFlow {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[],
            refused: &[],
            branches: Branches::No,
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        match scope.fill_some(&self.flow) {
            Some(flow) => Enter::Stand(FlowStep::TransferToFlow { flow }),
            None => failed(),
        }
    }
}
