//! What is looked up, and whether anything has set it.

use std::collections::HashSet;

use super::{
    Surroundings,
    ways::{places, reached},
};
use crate::flow::{
    Flow, action::Action, problem::Problems, scope::LEFT_BY_ACTIONS, template::JsonPath, transitions::Target,
};

pub(super) fn lint(flow: &Flow, surroundings: &Surroundings, problems: &mut Problems) {
    let set = |keys: fn(&Action) -> Vec<String>| -> HashSet<String> {
        flow.nodes.iter().flat_map(|node| keys(&node.action)).collect()
    };
    let mut attributes = set(|action| match action {
        Action::UpdateContactAttributes(action) => action.keys().map(str::to_owned).collect(),
        _ => Vec::new(),
    });
    attributes.extend(surroundings.attributes.iter().cloned());
    // A key that is found as the flow runs may be any.
    let any_attribute = attributes.iter().any(|key| key.starts_with('$'));
    let flow_attributes = set(|action| match action {
        Action::UpdateFlowAttributes(action) => action.keys().map(str::to_owned).collect(),
        _ => Vec::new(),
    });
    let filled: Vec<(&str, HashSet<Target>)> =
        LEFT_BY_ACTIONS.iter().copied().chain(["External"]).map(|name| (name, behind(flow, name))).collect();
    for (place, node) in places(flow) {
        problems.about(Some(&node.identifier));
        if let Action::Compare(compare) = &node.action
            && !any_attribute
        {
            compared(compare.value(), node.line, &attributes, problems);
        }
        let mut told = HashSet::new();
        for path in node.paths.iter().filter(|path| told.insert(path.names().join("."))) {
            match path.names().as_slice() {
                ["FlowAttributes", key] if !flow_attributes.contains(*key) => {
                    problems
                        .warn("value-never-set", node.line, format!("nothing sets the flow attribute {key}"))
                        .hint("an UpdateFlowAttributes sets it, in this flow");
                }
                [namespace, ..] => {
                    let empty =
                        filled.iter().find(|(name, _)| name == namespace).filter(|(_, all)| !all.contains(&place));
                    if empty.is_some() {
                        let message = format!("nothing has filled $.{namespace} on the way here: it is empty");
                        problems.warn("value-never-set", node.line, message).hint(filler(namespace));
                    }
                }
                [] => {}
            }
        }
    }
}

fn compared(path: &JsonPath, line: usize, attributes: &HashSet<String>, problems: &mut Problems) {
    if let ["Attributes", key] = path.names().as_slice()
        && !attributes.contains(*key)
    {
        problems
            .note(
                "attribute-never-set",
                line,
                format!("nothing in this flow sets the attribute {key} that is compared"),
            )
            .hint("it is right where the request that begins the chat, a function or a bot sets it");
    }
}

/// Every place that is come to after an action that fills a namespace.
fn behind(flow: &Flow, namespace: &str) -> HashSet<Target> {
    let fills = |action: &Action| match namespace {
        "External" | "LambdaInvocation" => matches!(action, Action::InvokeLambdaFunction(_)),
        "Metrics" => matches!(action, Action::GetMetricData(_)),
        "Views" => matches!(action, Action::ShowView(_)),
        "Lex" => matches!(action, Action::ConnectParticipantWithLexBot(_)),
        "Loop" => matches!(action, Action::Loop(_)),
        "StoredCustomerInput" => matches!(action, Action::GetParticipantInput(_)),
        // A module finds its input there from the beginning.
        _ => true,
    };
    let from = places(flow).filter(|(_, node)| fills(&node.action)).flat_map(|(_, node)| node.transitions.targets());
    reached(flow, from.collect::<Vec<_>>())
}

fn filler(namespace: &str) -> &'static str {
    match namespace {
        "External" => "an InvokeLambdaFunction before it fills it",
        "LambdaInvocation" => "an InvokeLambdaFunction with InvocationType ASYNCHRONOUS before it fills it",
        "Metrics" => "a GetMetricData before it fills it",
        "Views" => "a ShowView before it fills it",
        "Lex" => "a ConnectParticipantWithLexBot before it fills it",
        "Loop" => "a Loop with a LoopName before it fills it",
        _ => "a GetParticipantInput before it fills it",
    }
}
