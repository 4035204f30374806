//! Warnings about a flow that runs: where a customer may be left alone, and what nobody comes to.

use std::collections::HashSet;

use super::{
    Flow, Node,
    action::Action,
    problem::Problems,
    transitions::{ErrorType, Target},
};

/// Looks for everything worth a warning.
pub(super) fn lint(flow: &Flow, problems: &mut Problems) {
    unreachable(flow, problems);
    function_first(flow, problems);
    silent_ends(flow, problems);
    for node in &flow.nodes {
        let full = node.transitions.error(ErrorType::QueueAtCapacity);
        if matches!(node.action, Action::TransferContactToQueue(_)) && full.is_none() {
            problems.about(Some(&node.identifier));
            problems
                .warn("no-queue-at-capacity", node.line, "nothing is said to a customer when the queue is full")
                .hint("add an error branch QueueAtCapacity that leads to a message");
        }
    }
}

fn unreachable(flow: &Flow, problems: &mut Problems) {
    let (mut reached, mut open) = (HashSet::from([flow.start]), vec![flow.start]);
    while let Some(node) = open.pop().and_then(|target| flow.node(target)) {
        open.extend(node.transitions.targets().filter(|target| reached.insert(*target)));
    }
    for (_, node) in flow.nodes.iter().enumerate().filter(|(place, _)| !reached.contains(&Target(*place))) {
        problems.about(Some(&node.identifier));
        problems.warn("unreachable-action", node.line, "no way leads to this action");
    }
}

/// AWS says of the custom participant pattern: where a function would come first, put a prompt before it.
fn function_first(flow: &Flow, problems: &mut Problems) {
    if let Some(node) = flow.node(flow.start).filter(|node| matches!(node.action, Action::InvokeLambdaFunction(_))) {
        problems.about(Some(&node.identifier));
        problems.warn("function-first", node.line, "the first action calls a function").hint(
            "put a MessageParticipant before it: the customer hears something, and the chat is up before the bot comes",
        );
    }
}

/// Follows every way from the start, and from every place where the customer has waited, to an end of the contact
/// without a word on it.
fn silent_ends(flow: &Flow, problems: &mut Problems) {
    let (mut seen, mut open) = (HashSet::from([(flow.start, false)]), vec![(flow.start, false)]);
    let mut told = HashSet::new();
    while let Some((target, said)) = open.pop() {
        let Some(node) = flow.node(target) else { continue };
        let said = match node.action {
            Action::MessageParticipant(_) => true,
            // What was said before is no word about what happened since.
            Action::Wait(_) | Action::InvokeLambdaFunction(_) | Action::TransferContactToQueue(_) => false,
            _ => said,
        };
        for next in node.transitions.targets() {
            let ends = flow.node(next).is_some_and(|next| matches!(next.action, Action::DisconnectParticipant(_)));
            if ends && !said && told.insert((target, next)) {
                warn_of_silence(node, flow.node(next), problems);
            }
            if seen.insert((next, said)) {
                open.push((next, said));
            }
        }
    }
}

fn warn_of_silence(node: &Node, end: Option<&Node>, problems: &mut Problems) {
    problems.about(Some(&node.identifier));
    let end = end.map_or("the end", |end| end.identifier.as_str());
    problems
        .warn("silent-end", node.line, format!("a way leads to {end}, and the customer is hung up on without a word"))
        .hint("put a MessageParticipant between");
}
