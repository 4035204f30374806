//! What a flow of its kind may not have in it.

use crate::flow::{Flow, FlowKind, action::Action, kind::Place, problem::Problems};

pub(super) fn lint(flow: &Flow, kind: Option<FlowKind>, problems: &mut Problems) {
    for node in &flow.nodes {
        problems.about(Some(&node.identifier));
        if let Some(kind) = kind {
            let (name, of) = (node.action.type_name(), kind.as_str());
            match kind.takes(&node.action) {
                Place::Taken => {}
                Place::Doubtful => {
                    let message = format!(
                        "AWS's pages do not agree on {name} in a flow of type {of}: the console's takes it, the language's does not"
                    );
                    problems.note("wrong-flow-type", node.line, message);
                }
                Place::Untaken => {
                    problems
                        .warn(
                            "wrong-flow-type",
                            node.line,
                            format!("AWS's pages take no {name} in a flow of type {of}"),
                        )
                        .hint("put it into a flow of another type");
                }
                Place::Refused => {
                    let message = format!("Connect takes no {name} in a flow of type {of}");
                    problems.error("wrong-flow-type", node.line, message);
                }
            }
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
