//! What can be watched from outside: the inspector's view of the centre. Nothing depends on anybody watching.

use serde::Serialize;

use crate::desk::Declined;

/// Something that happened to a contact.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// The contact; empty where it is the desk as a whole.
    pub contact_id: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// A contact began.
    Started,
    /// The flow came to an action.
    FlowAction {
        /// The action's `Identifier`.
        identifier: String,
        /// The action's `Type`.
        action_type: String,
    },
    /// The flow took a branch: the condition or error that decided, and the action it leads to.
    FlowBranch {
        /// The action that was left.
        from: String,
        /// `next`, the condition's operand, or the error's type.
        outcome: String,
        /// The action that comes next.
        to: String,
    },
    /// Something is in the transcript, or was said in passing (typing).
    Item {
        /// The item's type and content type, never its content.
        item_type: String,
        /// The content type.
        content_type: String,
    },
    /// The contact's attributes changed.
    Attributes,
    /// The contact went into a queue.
    Queued {
        /// The queue's name.
        queue: String,
    },
    /// The contact is offered to an agent.
    Offered {
        /// The agent's name.
        agent: String,
    },
    /// An offer came to nothing.
    Declined {
        /// The agent's name.
        agent: String,
        /// How.
        how: Declined,
    },
    /// An agent signed in, or changed its status.
    Agents,
    /// How the contact came out was said.
    Outcome,
    /// A person took the contact.
    Accepted,
    /// The contact is over.
    Ended {
        /// Why.
        reason: String,
    },
}
