//! The way to a person, and the bot on it.

use super::ways::{places, reached, reached_but_through};
use crate::flow::{
    Flow, Severity,
    action::{Action, Wait, WaitEvent},
    problem::Problems,
    transitions::{ErrorType, Target},
};

pub(super) fn lint(flow: &Flow, problems: &mut Problems) {
    bot_stays(flow, problems);
    nobody(flow, problems);
    before_the_queue(flow, problems);
}

/// AWS: when the time of a Wait is out, the bot is not disconnected. It hears and answers on while the flow goes on.
fn bot_stays(flow: &Flow, problems: &mut Problems) {
    for (_, node) in places(flow) {
        let Action::Wait(wait) = &node.action else { continue };
        if !wait.listens_for(WaitEvent::BotParticipantDisconnected) {
            continue;
        }
        if wait.listens_for(WaitEvent::CustomerReturned) {
            problems.about(Some(&node.identifier));
            let message = "CustomerReturned is any message of the customer's, and the bot is still in the chat then";
            problems
                .warn("bot-stays", node.line, message)
                .hint("leave CustomerReturned out: in the console a Wait is for the customer or for the bot");
        }
        let completed = node.transitions.conditions.iter().find(|b| b.operand.as_static() == Some(Wait::COMPLETED));
        let Some(target) = completed.map(|branch| branch.target).or(node.transitions.next) else { continue };
        // A function on the way may take the bot out, and a module may call one. Waiting for the bot once more is no way on.
        let on = reached_but_through(flow, [target], |action| {
            matches!(
                action,
                Action::InvokeLambdaFunction(_) | Action::InvokeFlowModule(_) | Action::DisconnectParticipant(_)
            )
        });
        let meets = places(flow).filter(|(place, _)| on.contains(place));
        let meets: Vec<(&str, Severity)> =
            meets.filter_map(|(_, next)| Some((next.identifier.as_str(), meeting(&next.action)?))).collect();
        let Some((to, severity)) = meets.into_iter().min_by_key(|(_, severity)| *severity as u8) else { continue };
        problems.about(Some(&node.identifier));
        let message = format!("when the time is out the flow goes on to {to}, and the bot is still in the chat");
        let problem = match severity {
            Severity::Note => problems.note("bot-stays", node.line, message),
            _ => problems.warn("bot-stays", node.line, message),
        };
        problem.hint("have a function disconnect the bot first, or let the bot keep silent on its own timer");
    }
}

/// How bad it is that this action meets a bot that is still in the chat.
fn meeting(action: &Action) -> Option<Severity> {
    match action {
        // It asks the customer, or waits for them, and the bot answers.
        Action::GetParticipantInput(_) | Action::ShowView(_) | Action::ConnectParticipantWithLexBot(_) => {
            Some(Severity::Warning)
        }
        Action::Wait(wait) if !wait.listens_for(WaitEvent::BotParticipantDisconnected) => Some(Severity::Warning),
        // An agent who joins takes the bot out; until then it answers a customer who waits, which may be meant so. What
        // another flow or a module does with it does not stand here.
        Action::TransferContactToQueue(_) | Action::TransferToFlow(_) | Action::InvokeFlowModule(_) => {
            Some(Severity::Note)
        }
        _ => None,
    }
}

/// Where a bot cannot be started, the customer should come to a person, if the flow knows a way to one.
fn nobody(flow: &Flow, problems: &mut Problems) {
    let queues: Vec<Target> =
        places(flow).filter(|(_, n)| matches!(n.action, Action::TransferContactToQueue(_))).map(|(p, _)| p).collect();
    if queues.is_empty() {
        return;
    }
    for (_, node) in places(flow) {
        let branches: &[ErrorType] = match &node.action {
            Action::InvokeLambdaFunction(_) => &[ErrorType::NoMatchingError],
            Action::Wait(_) => &[ErrorType::ParticipantNotFound, ErrorType::NoMatchingError],
            _ => continue,
        };
        for error in branches {
            let Some(target) = node.transitions.error(*error) else { continue };
            if !reached(flow, [target]).iter().any(|place| queues.contains(place)) {
                problems.about(Some(&node.identifier));
                let message = format!("after {} no way leads to a person, though the flow has a queue", error.name());
                problems
                    .warn("no-person", node.line, message)
                    .hint("lead the branch to the queue: a customer whose bot fails needs a person");
                break;
            }
        }
    }
}

/// A queue without a word about hours or staffing, and one that was never chosen.
fn before_the_queue(flow: &Flow, problems: &mut Problems) {
    let chosen = without(flow, |action| matches!(action, Action::UpdateContactTargetQueue(_)));
    let asked = without(flow, |action| {
        matches!(action, Action::CheckHoursOfOperation(_) | Action::CheckMetricData(_) | Action::GetMetricData(_))
    });
    for (place, node) in places(flow) {
        if !matches!(node.action, Action::TransferContactToQueue(_)) {
            continue;
        }
        problems.about(Some(&node.identifier));
        if chosen.contains(&place) {
            problems
                .note("no-target-queue", node.line, "a way leads here on which no queue was chosen")
                .hint("put an UpdateContactTargetQueue before it, unless another flow leads here and has done so");
        }
        if asked.contains(&place) {
            problems
                .note("no-hours-check", node.line, "nobody asks whether anybody is there before the customer waits")
                .hint("put a CheckHoursOfOperation or a CheckMetricData before it");
        }
    }
}

/// What is come to from the start without going through such an action.
fn without(flow: &Flow, through: impl Fn(&Action) -> bool) -> std::collections::HashSet<Target> {
    reached_but_through(flow, [flow.start], through)
}
