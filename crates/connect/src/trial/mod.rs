//! A flow tried alone: a script says what customer, bot, functions and clock do, and what must come of it.
//!
//! There is no second interpreter: the script drives the contact itself, as the centre would, without store and sockets.

mod around;
mod expect;
mod report;
mod script;
mod stage;

use std::{collections::BTreeMap, sync::Arc};

use self::stage::Stage;
pub use self::{
    report::{Failure, Moment, Report, Said},
    script::{Answer, Does, Expectation, Percentage, Script, Span, Step},
};
use crate::{
    centre::{Config, FlowEntry, QueueConfig},
    desk::DeskConfig,
    flow::Flow,
};

/// The flow that is tried is called so among the script's flows.
pub const MAIN: &str = "main";

/// Tries a flow. `others` are the flows and modules that it leads to, by the ids or ARNs that it calls them.
///
/// # Errors
/// The chat does not even begin: a name or an attribute of the script is out of its limits.
pub fn run(flow: Arc<Flow>, others: &BTreeMap<String, Arc<Flow>>, script: &Script) -> Result<Report, crate::Error> {
    let config = config(flow, others, script);
    let mut stage = Stage::begin(script, &config)?;
    let mut failures = Vec::new();
    for (at, step) in script.steps.iter().enumerate() {
        match stage.play(step, &config) {
            Ok(Some(expectation)) => {
                let report = stage.report(&config);
                failures.extend(expect::check(expectation, &report, &format!("steps[{at}]")));
            }
            Ok(None) => {}
            Err(why) => {
                let at = format!("steps[{at}]");
                failures.push(Failure { at, what: "step".into(), expected: step.told(), found: why });
                break;
            }
        }
    }
    let mut report = stage.report(&config);
    failures.extend(expect::check(&script.expect, &report, "expect"));
    if script.expect.unused_answers != Some(true) {
        failures.extend(stage.unused().map(|name| Failure {
            at: format!("functions.{name}"),
            what: "answers".into(),
            expected: "as many calls as answers".into(),
            found: "an answer that nothing asked for".into(),
        }));
    }
    report.passed = failures.is_empty();
    report.failures = failures;
    Ok(report)
}

/// An instance whose names are those of the first ARN of the flow.
fn config(flow: Arc<Flow>, others: &BTreeMap<String, Arc<Flow>>, script: &Script) -> Config {
    let all: Vec<&Arc<Flow>> = std::iter::once(&flow).chain(others.values()).collect();
    let mut queues: Vec<String> = script
        .queues
        .clone()
        .unwrap_or_else(|| all.iter().flat_map(|flow| flow.named_queues()).map(str::to_owned).collect());
    let named = all.iter().flat_map(|flow| flow.names()).map(|(_, name)| name);
    let instance = named.chain(queues.iter().map(String::as_str)).find_map(instance);
    let (region, account_id, instance_id) = instance
        .unwrap_or_else(|| ("us-east-1".into(), "123456789012".into(), "00000000-0000-4000-8000-000000000001".into()));
    for name in &mut queues {
        *name = name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let mut once = std::collections::BTreeSet::new();
    queues.retain(|name| once.insert(name.clone()));
    let mut queues = queues.into_iter().map(|id| QueueConfig {
        name: id.clone(),
        id,
        staffed_agents: script.queue.staffed,
        capacity: None,
    });
    let queue = queues.next().unwrap_or_else(|| QueueConfig {
        id: "queue".into(),
        name: "queue".into(),
        staffed_agents: script.queue.staffed,
        capacity: None,
    });
    let entry = |(id, flow): (&String, &Arc<Flow>)| {
        let id = id.rsplit('/').next().unwrap_or(id).to_owned();
        let id = id.split_once(":$").map_or(id.clone(), |(id, _)| id.to_owned());
        FlowEntry { name: id.clone(), id, flow: Arc::clone(flow) }
    };
    let mut flows = vec![FlowEntry { id: MAIN.into(), name: MAIN.into(), flow }];
    flows.extend(others.iter().map(entry));
    Config {
        instance_id,
        account_id,
        region,
        flows,
        queue,
        message_limit_bytes: 16_384.into(),
        more_queues: queues.collect(),
        hours: script.hours.clone(),
        desk: DeskConfig::default(),
    }
}

/// Region, account and instance of an ARN of Connect.
fn instance(arn: &str) -> Option<(String, String, String)> {
    let mut parts = arn.split(':');
    let (Some("arn"), Some(_), Some("connect")) = (parts.next(), parts.next(), parts.next()) else { return None };
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let instance = resource.strip_prefix("instance/")?.split('/').next()?;
    Some((region.into(), account.into(), instance.into()))
}
