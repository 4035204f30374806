//! What `CreateContactFlow` does not tell: where a customer may be left alone, and what does nothing.

mod ends;
mod kinds;
mod names;
mod person;
mod values;
mod ways;

pub(super) use names::names_of;

use super::{Flow, FlowKind, FlowProblem, Severity, action::Action, problem::Problems, transitions::ErrorType};

/// What is known of the surroundings of a flow. What is `None` is not known, and not checked.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The flow's kind; where it is absent, the one of the flow's metadata.
    pub kind: Option<FlowKind>,
    /// Queues that exist, by id, ARN or name.
    pub queues: Option<Vec<String>>,
    /// Functions that exist, by ARN or name.
    pub functions: Option<Vec<String>>,
    /// Flows and modules that exist, by id or ARN.
    pub flows: Option<Vec<String>>,
    /// Hours of operation that exist, by id or ARN.
    pub hours: Option<Vec<String>>,
    /// Contact attributes that somebody sets outside the flow: a function, a bot, the request that begins the chat.
    pub attributes: Vec<String>,
}

impl Flow {
    /// Everything there is to say about a flow's JSON: what refuses it, what leaves a customer alone, and what may be
    /// meant so; in the order of the lines.
    pub fn check(json: &str, surroundings: &Surroundings) -> Vec<FlowProblem> {
        super::read::check(json, surroundings)
    }

    /// How many of the problems refuse the flow.
    pub fn refusals(problems: &[FlowProblem]) -> usize {
        problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }
}

/// What can be said of each action by itself, also where the flow as a whole cannot be read.
pub(super) fn each_action(flow: &Flow, surroundings: &Surroundings, problems: &mut Problems) {
    names::lint(flow, surroundings, problems);
    kinds::lint(flow, surroundings.kind.or(flow.kind), problems);
}

/// Looks for everything worth a word.
pub(super) fn lint(flow: &Flow, surroundings: &Surroundings, problems: &mut Problems) {
    let kind = surroundings.kind.or(flow.kind);
    ways::unreachable(flow, problems);
    ways::circles(flow, kind, problems);
    ends::lint(flow, kind, problems);
    person::lint(flow, problems);
    values::lint(flow, surroundings, problems);
    each_action(flow, surroundings, problems);
    // The advice is about how a chat begins, and the other kinds have a contact that is up already.
    if kind.is_none_or(|kind| kind == FlowKind::Inbound) {
        function_first(flow, problems);
    }
    for node in &flow.nodes {
        problems.about(Some(&node.identifier));
        let full = node.transitions.error(ErrorType::QueueAtCapacity);
        if matches!(node.action, Action::TransferContactToQueue(_) | Action::DequeueContactAndTransferToQueue(_))
            && full.is_none()
        {
            problems
                .warn("no-queue-at-capacity", node.line, "nothing is said to a customer when the queue is full")
                .hint("add an error branch QueueAtCapacity that leads to a message");
        }
    }
}

/// AWS says of the custom participant pattern: where a function would come first, put a prompt before it.
fn function_first(flow: &Flow, problems: &mut Problems) {
    // Settings before it change nothing: it is still the first that takes time.
    let (mut seen, mut open) = (vec![flow.start], vec![flow.start]);
    while let Some(node) = open.pop().and_then(|target| flow.node(target)) {
        match node.action {
            Action::InvokeLambdaFunction(_) => {
                problems.about(Some(&node.identifier));
                problems.warn("function-first", node.line, "the first action that takes time calls a function").hint(
                    "put a MessageParticipant before it: the customer hears something, and the chat is up before the bot comes",
                );
                return;
            }
            Action::UpdateContactAttributes(_)
            | Action::UpdateFlowAttributes(_)
            | Action::UpdateContactData(_)
            | Action::UpdateContactEventHooks(_)
            | Action::UpdateContactMediaProcessing(_)
            | Action::UpdateContactTargetQueue(_)
            | Action::UpdateContactRoutingBehavior(_)
            | Action::UpdateFlowLoggingBehavior(_)
            | Action::UpdateContactRecordingBehavior(_)
            | Action::UpdateContactTextToSpeechVoice(_)
            | Action::Compare(_)
            | Action::TagContact(_)
            | Action::Elsewhere(_) => {}
            _ => continue,
        }
        for target in node.transitions.targets() {
            if !seen.contains(&target) {
                seen.push(target);
                open.push(target);
            }
        }
    }
}
