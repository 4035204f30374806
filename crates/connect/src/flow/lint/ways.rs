//! Where ways lead: what nobody comes to, and circles that nobody comes out of.

use std::collections::HashSet;

use crate::flow::{Flow, FlowKind, Node, action::Action, problem::Problems, transitions::Target};

/// Everything that can be come to from these places, themselves among them.
pub(super) fn reached(flow: &Flow, from: impl IntoIterator<Item = Target>) -> HashSet<Target> {
    along(flow, from, every_way)
}

/// The same, where a way ends at actions of this sort: they are reached, and not gone through.
pub(super) fn reached_but_through(
    flow: &Flow,
    from: impl IntoIterator<Item = Target>,
    stops: impl Fn(&Action) -> bool,
) -> HashSet<Target> {
    along(flow, from, |node| if stops(&node.action) { Vec::new() } else { every_way(node) })
}

/// The same along some of each action's ways.
fn along(flow: &Flow, from: impl IntoIterator<Item = Target>, ways: impl Fn(&Node) -> Vec<Target>) -> HashSet<Target> {
    let mut open: Vec<Target> = from.into_iter().collect();
    let mut reached: HashSet<Target> = open.iter().copied().collect();
    while let Some(node) = open.pop().and_then(|target| flow.node(target)) {
        open.extend(ways(node).into_iter().filter(|target| reached.insert(*target)));
    }
    reached
}

fn every_way(node: &Node) -> Vec<Target> {
    node.transitions.targets().collect()
}

/// Every action and its place.
pub(super) fn places(flow: &Flow) -> impl Iterator<Item = (Target, &Node)> {
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

/// The ways that are taken without any time passing.
fn ways_at_once(node: &Node) -> Vec<Target> {
    match &node.action {
        action if holds_up(action) => Vec::new(),
        // A chat takes the error branch; a call hears the messages first.
        Action::MessageParticipantIteratively(_) => node.transitions.errors.iter().map(|(_, target)| *target).collect(),
        _ => every_way(node),
    }
}

/// Circles without an exit, and circles that are gone round without a pause.
pub(super) fn circles(flow: &Flow, kind: Option<FlowKind>, problems: &mut Problems) {
    let (live, out) = (reached(flow, [flow.start]), leading_out(flow));
    // A queue's flow and one on hold go round until an agent ends them: that is what they are for.
    let ended = kind.is_some_and(FlowKind::is_ended_from_outside);
    let stays = |place: &Target| !ended && !out.contains(place);
    for (_, node) in rounds(flow, every_way).filter(|(place, _)| live.contains(place) && stays(place)) {
        problems.about(Some(&node.identifier));
        problems
            .warn("no-way-out", node.line, "from here no way leads to an end: the contact goes round for ever")
            .hint("lead a branch of the circle to a queue or to DisconnectParticipant");
    }
    for (_, node) in rounds(flow, ways_at_once).filter(|(place, _)| live.contains(place) && !stays(place)) {
        problems.about(Some(&node.identifier));
        problems
            .warn("circle-without-a-pause", node.line, "a way leads from here back to here without any pause")
            .hint("put a Wait or a Loop on it, which lets the circle end");
    }
}

/// The first action of each circle of these ways: one word for each.
fn rounds(flow: &Flow, ways: impl Fn(&Node) -> Vec<Target>) -> impl Iterator<Item = (Target, &Node)> {
    let behind: Vec<HashSet<Target>> = flow.nodes.iter().map(|node| along(flow, ways(node), &ways)).collect();
    let leads = move |from: Target, to: Target| behind.get(from.0).is_some_and(|behind| behind.contains(&to));
    places(flow).filter(move |(place, _)| {
        let earlier = (0..place.0).map(Target).any(|other| leads(other, *place) && leads(*place, other));
        leads(*place, *place) && !earlier
    })
}

/// Everything from which a way leads to an end.
fn leading_out(flow: &Flow) -> HashSet<Target> {
    // Backwards from the ends, until nothing is added: a flow has 250 actions at most.
    let mut out: HashSet<Target> =
        places(flow).filter(|(_, node)| leaves(&node.action)).map(|(place, _)| place).collect();
    loop {
        let more: Vec<Target> = places(flow)
            .filter(|(place, node)| !out.contains(place) && node.transitions.targets().any(|to| out.contains(&to)))
            .map(|(place, _)| place)
            .collect();
        if more.is_empty() {
            return out;
        }
        out.extend(more);
    }
}
