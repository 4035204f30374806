//! Where ways lead: what nobody comes to, and circles that nobody comes out of.

use std::collections::HashSet;

use crate::flow::{Flow, FlowKind, action::Action, problem::Problems, transitions::Target};

/// Everything that can be come to from these places, themselves among them.
pub(super) fn reached(flow: &Flow, from: impl IntoIterator<Item = Target>) -> HashSet<Target> {
    reached_but_through(flow, from, |_| false)
}

/// The same, where a way ends at actions of this sort: they are reached, and not gone through.
pub(super) fn reached_but_through(
    flow: &Flow,
    from: impl IntoIterator<Item = Target>,
    stops: impl Fn(&Action) -> bool,
) -> HashSet<Target> {
    let mut open: Vec<Target> = from.into_iter().collect();
    let mut reached: HashSet<Target> = open.iter().copied().collect();
    while let Some(node) = open.pop().and_then(|target| flow.node(target)) {
        if !stops(&node.action) {
            open.extend(node.transitions.targets().filter(|target| reached.insert(*target)));
        }
    }
    reached
}

/// Every action and its place.
pub(super) fn places(flow: &Flow) -> impl Iterator<Item = (Target, &crate::flow::Node)> {
    flow.nodes.iter().enumerate().map(|(place, node)| (Target(place), node))
}

pub(super) fn unreachable(flow: &Flow, problems: &mut Problems) {
    let reached = reached(flow, [flow.start]);
    for (_, node) in places(flow).filter(|(place, _)| !reached.contains(place)) {
        problems.about(Some(&node.identifier));
        problems
            .warn("unreachable-action", node.line, "no way leads to this action")
            .hint("lead a branch to it, or take it out");
    }
}

/// Whether a flow is over with this action, or the contact goes elsewhere.
fn leaves(action: &Action) -> bool {
    matches!(
        action,
        Action::DisconnectParticipant(_)
            | Action::EndFlowExecution(_)
            | Action::EndFlowModuleExecution(_)
            | Action::TransferContactToQueue(_)
            | Action::DequeueContactAndTransferToQueue(_)
            | Action::TransferToFlow(_)
    ) || action.type_name() == "TransferContactToAgent"
}

/// Whether time passes at this action, or it counts how often it is come to.
fn holds_up(action: &Action) -> bool {
    matches!(
        action,
        Action::Wait(_)
            | Action::Loop(_)
            | Action::GetParticipantInput(_)
            | Action::ShowView(_)
            | Action::ConnectParticipantWithLexBot(_)
    )
}

/// Circles without an exit, and circles that are gone round without a pause.
pub(super) fn circles(flow: &Flow, kind: Option<FlowKind>, problems: &mut Problems) {
    let live = reached(flow, [flow.start]);
    let out: HashSet<Target> = {
        // Backwards from the ends, until nothing is added: a flow has 250 actions at most.
        let mut out: HashSet<Target> =
            places(flow).filter(|(_, node)| leaves(&node.action)).map(|(place, _)| place).collect();
        loop {
            let more: Vec<Target> = places(flow)
                .filter(|(place, node)| !out.contains(place) && node.transitions.targets().any(|to| out.contains(&to)))
                .map(|(place, _)| place)
                .collect();
            if more.is_empty() {
                break out;
            }
            out.extend(more);
        }
    };
    // A queue's flow and one on hold go round until an agent ends them: that is what they are for.
    let ended = kind.is_some_and(FlowKind::is_ended_from_outside);
    let stays = |place: &Target| !ended && !out.contains(place);
    let mut in_told: HashSet<Target> = HashSet::new();
    for (place, node) in places(flow).filter(|(place, _)| live.contains(place) && stays(place)) {
        let behind = reached(flow, node.transitions.targets());
        if !behind.contains(&place) || in_told.contains(&place) {
            continue;
        }
        problems.about(Some(&node.identifier));
        problems
            .warn("no-way-out", node.line, "from here no way leads to an end: the contact goes round for ever")
            .hint("lead a branch of the circle to a queue or to DisconnectParticipant");
        // One word for each circle: all that leads back to where it was told.
        in_told.extend(behind.iter().filter(|to| reached(flow, [**to]).contains(&place)));
    }
    let mut in_told: HashSet<Target> = HashSet::new();
    for (place, node) in places(flow).filter(|(place, _)| live.contains(place) && !stays(place)) {
        if holds_up(&node.action) || in_told.contains(&place) {
            continue;
        }
        let round = reached_but_through(flow, node.transitions.targets(), holds_up);
        let again = round.iter().any(|to| {
            flow.node(*to).is_some_and(|node| !holds_up(&node.action) && node.transitions.targets().any(|t| t == place))
        });
        if round.contains(&place) && again {
            problems.about(Some(&node.identifier));
            problems
                .warn("circle-without-a-pause", node.line, "a way leads from here back to here without any pause")
                .hint("put a Wait or a Loop on it, which lets the circle end");
            // One word for each circle.
            in_told.extend(round);
        }
    }
}
