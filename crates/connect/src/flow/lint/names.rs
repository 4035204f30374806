//! What a flow names outside itself: whether it exists, and whether it all belongs together.

use super::Surroundings;
use crate::flow::{Flow, Node, action::Action, problem::Problems};

/// A thing that an action names.
struct Named<'a> {
    what: &'static str,
    code: &'static str,
    name: &'a str,
}

fn named(node: &Node) -> Vec<Named<'_>> {
    let one = |what, code, name: Option<_>| name.map(|name| Named { what, code, name }).into_iter().collect();
    let (queue, flow) = (("queue", "unknown-queue"), ("flow", "unknown-flow"));
    match &node.action {
        Action::UpdateContactTargetQueue(action) => one(queue.0, queue.1, action.queue()),
        Action::DequeueContactAndTransferToQueue(action) => one(queue.0, queue.1, action.queue()),
        Action::CheckMetricData(action) => one(queue.0, queue.1, action.queue()),
        Action::GetMetricData(action) => one(queue.0, queue.1, action.queue()),
        Action::InvokeLambdaFunction(action) => one("function", "unknown-function", action.function()),
        Action::UpdateContactMediaProcessing(action) => one("function", "unknown-function", action.function()),
        Action::CheckHoursOfOperation(action) => one("hours of operation", "unknown-hours", action.hours()),
        Action::TransferToFlow(action) => one(flow.0, flow.1, action.flow()),
        Action::InvokeFlowModule(action) => one("module", flow.1, action.module()),
        Action::UpdateContactEventHooks(action) => {
            action.flows().map(|name| Named { what: flow.0, code: flow.1, name }).collect()
        }
        _ => Vec::new(),
    }
}

/// What an action names, and what it is.
pub(in crate::flow) fn names_of(node: &Node) -> Vec<(&'static str, &str)> {
    named(node).into_iter().map(|named| (named.what, named.name)).collect()
}

pub(super) fn lint(flow: &Flow, surroundings: &Surroundings, problems: &mut Problems) {
    let mut home: Option<(&str, usize)> = None;
    for node in &flow.nodes {
        problems.about(Some(&node.identifier));
        for named in named(node).into_iter().filter(|named| is_known(named.name)) {
            let known = match named.code {
                "unknown-queue" => &surroundings.queues,
                "unknown-function" => &surroundings.functions,
                "unknown-hours" => &surroundings.hours,
                _ => &surroundings.flows,
            };
            if let Some(known) = known
                && !known.iter().any(|known| same(known, named.name))
            {
                problems
                    .error(named.code, node.line, format!("there is no {} \"{}\"", named.what, named.name))
                    .did_you_mean(tail(named.name), known.iter().map(|name| tail(name)));
            }
            if named.name.contains("/queue/agent/") {
                problems
                    .warn("agent-queue", node.line, "this is the queue of one agent: nobody else takes its contacts")
                    .hint("name a standard queue");
            }
            if named.code == "unknown-function" && !named.name.starts_with("arn:") {
                problems
                    .note(
                        "function-without-arn",
                        node.line,
                        format!("\"{}\" is no ARN, and Connect takes only ARNs", named.name),
                    )
                    .hint("arn:aws:lambda:REGION:ACCOUNT:function:NAME");
            }
            let Some(instance) = instance(named.name) else { continue };
            match home {
                None => home = Some((instance, node.line)),
                Some((first, line)) if first != instance => {
                    let message = format!("this ARN is of another instance or account than the one in line {line}");
                    problems.warn("foreign-arn", node.line, message).hint("a flow reaches only its own instance");
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether a name is what it will be: none is missing, and no template will fill it.
fn is_known(name: &str) -> bool {
    !name.is_empty() && !crate::flow::template::Template::parse(name).has_placeholder()
}

/// Region, account and instance of an ARN of Connect.
fn instance(arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:")?.split_once(':')?.1.strip_prefix("connect:")?;
    let end = rest.find("instance/")? + "instance/".len();
    let id = rest.get(end..)?.split('/').next()?;
    rest.get(..end + id.len())
}

/// What tells a thing from others of its kind, in an ARN or not.
fn tail(name: &str) -> &str {
    if let Some((_, function)) = name.split_once(":function:") {
        return function.split(':').next().unwrap_or(function);
    }
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split(":$").next().unwrap_or(last)
}

fn same(known: &str, written: &str) -> bool {
    known == written || tail(known) == tail(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_taken_apart() {
        let queue = "arn:aws:connect:eu-west-2:1:instance/i-1/queue/q-1";
        assert_eq!(instance(queue), Some("eu-west-2:1:instance/i-1"));
        assert_eq!(instance("arn:aws:lambda:eu-west-2:1:function:f"), None);
        assert!(same("q-1", queue) && same(queue, "q-1") && !same("q-2", queue));
        assert!(same("start-bot", "arn:aws:lambda:eu-west-2:1:function:start-bot:live"));
        assert!(same("m", "arn:aws:connect:r:1:instance/i/flow-module/m:$LATEST"));
    }
}
