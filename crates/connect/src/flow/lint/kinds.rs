//! What a flow of its kind may not have in it.

use crate::flow::{Flow, FlowKind, action::Action, problem::Problems};

pub(super) fn lint(flow: &Flow, kind: Option<FlowKind>, problems: &mut Problems) {
    for node in &flow.nodes {
        problems.about(Some(&node.identifier));
        if let Some(kind) = kind.filter(|kind| !kind.takes(&node.action)) {
            let message = format!("Connect takes no {} in a flow of type {}", node.action.type_name(), kind.as_str());
            problems.error("wrong-flow-type", node.line, message);
        }
        let outside_a_queue = kind == Some(FlowKind::Inbound)
            || (kind.is_none() && flow.nodes.iter().any(|n| matches!(n.action, Action::TransferContactToQueue(_))));
        if outside_a_queue && matches!(node.action, Action::EndFlowExecution(_)) {
            problems
                .warn(
                    "ends-the-contact",
                    node.line,
                    "a flow that ends before its contact is in a queue ends the contact",
                )
                .hint("DisconnectParticipant says so; a word before it tells the customer");
        }
    }
}
