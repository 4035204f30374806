//! How a flow leaves its customer: without a word, or because nothing was provided for.

use std::collections::HashSet;

use crate::flow::{Flow, FlowKind, Node, action::Action, problem::Problems, transitions::ErrorType};

pub(super) fn lint(flow: &Flow, kind: Option<FlowKind>, problems: &mut Problems) {
    // Before a module another flow has spoken.
    if kind != Some(FlowKind::Module) {
        silent_from_the_start(flow, problems);
    }
    silent_ends(flow, problems);
    for node in &flow.nodes {
        problems.about(Some(&node.identifier));
        unprovided(node, problems);
        same_twice(node, problems);
    }
}

/// The first action is the end.
fn silent_from_the_start(flow: &Flow, problems: &mut Problems) {
    if let Some(node) = flow.node(flow.start).filter(|node| matches!(node.action, Action::DisconnectParticipant(_))) {
        problems.about(Some(&node.identifier));
        let message = "the flow begins with hanging up, and the customer hears no word";
        problems.warn("silent-end", node.line, message).hint("put a MessageParticipant before it");
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
            Action::Wait(_)
            | Action::InvokeLambdaFunction(_)
            | Action::TransferContactToQueue(_)
            | Action::GetParticipantInput(_)
            | Action::ShowView(_)
            | Action::ConnectParticipantWithLexBot(_) => false,
            _ => said,
        };
        for next in node.transitions.targets() {
            let ends = flow.node(next).is_some_and(|next| matches!(next.action, Action::DisconnectParticipant(_)));
            if ends && !said && told.insert((target, next)) {
                let end = flow.node(next).map_or("the end", |end| end.identifier.as_str());
                problems.about(Some(&node.identifier));
                let message = format!("a way leads to {end}, and the customer is hung up on without a word");
                problems.warn("silent-end", node.line, message).hint("put a MessageParticipant between");
            }
            if seen.insert((next, said)) {
                open.push((next, said));
            }
        }
    }
}

/// An action that can fail or find nothing, and has no branch for it: the contact ends there.
fn unprovided(node: &Node, problems: &mut Problems) {
    let has = |error| node.transitions.error(error).is_some();
    let caught = has(ErrorType::NoMatchingError);
    let what = match &node.action {
        Action::MessageParticipant(say) if say.may_be_empty() && !caught => "its text may be empty",
        Action::UpdateContactEventHooks(_) if !caught => "there may be no such flow",
        Action::UpdateContactData(data) if data.looks_something_up() && !caught => "a value may be refused",
        _ => return,
    };
    problems
        .warn("unhandled-error", node.line, format!("{what}, and there is no error branch: the contact would end here"))
        .hint("add an error branch NoMatchingError");
}

/// Two branches with the same condition: the second is never taken.
fn same_twice(node: &Node, problems: &mut Problems) {
    let mut seen = HashSet::new();
    for branch in &node.transitions.conditions {
        if !seen.insert(branch.label()) {
            let message = format!("the condition {} stands here twice: only the first is taken", branch.label());
            problems.warn("never-taken", node.line, message);
        }
    }
    if matches!(node.action, Action::DistributeByPercentage(_)) {
        let thresholds =
            node.transitions.conditions.iter().filter_map(|branch| branch.operand.raw().parse::<f64>().ok());
        let thresholds: Vec<f64> = thresholds.collect();
        if !thresholds.is_sorted() || thresholds.iter().any(|threshold| !(1.0..=100.0).contains(threshold)) {
            problems
                .warn(
                    "percentages",
                    node.line,
                    "the thresholds do not grow from 1 to 100: some branch gets another share",
                )
                .hint(
                    "a branch's threshold is one more than the sum of the percentages up to it, and what is left goes by NoMatchingCondition",
                );
        }
    }
}
