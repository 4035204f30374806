//! A world for flows to run in, and a centre that does what they say.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::flow::{Flow, FlowInput, FlowRun, FlowStep, FlowWorld, Metric};

/// The world as a test sets it.
pub(super) struct World {
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) system: BTreeMap<String, String>,
    pub(super) hours: Option<bool>,
    pub(super) metrics: BTreeMap<&'static str, i64>,
    pub(super) queues: Vec<String>,
    pub(super) bot: bool,
    pub(super) now_ms: i64,
    pub(super) percentile: u8,
}

impl Default for World {
    fn default() -> Self {
        Self {
            attributes: BTreeMap::new(),
            system: BTreeMap::new(),
            hours: Some(true),
            metrics: BTreeMap::new(),
            queues: vec!["q".into()],
            bot: true,
            now_ms: 1_000_000,
            percentile: 0,
        }
    }
}

impl World {
    pub(super) fn with_attributes(pairs: &[(&str, &str)]) -> Self {
        let attributes = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Self { attributes, ..Self::default() }
    }
}

impl FlowWorld for World {
    fn attribute(&self, key: &str) -> Option<String> {
        self.attributes.get(key).cloned()
    }

    fn system(&self, path: &[&str]) -> Option<String> {
        self.system.get(&path.join("|")).cloned()
    }

    fn hours_open(&self, hours_id: Option<&str>) -> Option<bool> {
        self.hours.filter(|_| hours_id.is_none_or(|id| id == "h"))
    }

    fn metric(&self, metric: Metric, queue: Option<&str>) -> Option<i64> {
        let name = match metric {
            Metric::AgentsAvailable => "available",
            Metric::AgentsStaffed => "staffed",
            Metric::AgentsOnline => "online",
            Metric::ContactsInQueue => "queued",
            Metric::OldestContactAge => "oldest",
        };
        let known = queue.is_none_or(|queue| self.queues.iter().any(|known| known == queue));
        self.metrics.get(name).copied().filter(|_| known)
    }

    fn queue_names(&self, queue: Option<&str>) -> Option<(String, String)> {
        let name = queue.unwrap_or("q");
        self.queues.iter().any(|known| known == name).then(|| (name.to_owned(), format!("arn:{name}")))
    }

    fn position_in_queue(&self) -> Option<i64> {
        None
    }

    fn bot_present(&self) -> bool {
        self.bot
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn percentile(&self) -> u8 {
        self.percentile
    }
}

/// What the centre answers by itself to a step, as the real one does: everything it can do at once.
pub(super) fn at_once(step: &FlowStep, world: &mut World) -> Option<FlowInput> {
    Some(match step {
        FlowStep::Say { .. } | FlowStep::SetContactData(_) | FlowStep::SetEventHooks(_) => FlowInput::Done,
        FlowStep::SetTargetQueue { queue } if world.queues.contains(queue) => FlowInput::Done,
        FlowStep::SetTargetQueue { .. } => FlowInput::Failed,
        FlowStep::SetAttributes(attributes) => {
            world.attributes.extend(attributes.clone());
            FlowInput::Done
        }
        _ => return None,
    })
}

/// Feeds an input and does what can be done at once, until the run waits for something or is over. Gives every step.
pub(super) fn feed(run: &mut FlowRun, flow: &Flow, world: &mut World, input: FlowInput) -> Vec<FlowStep> {
    let (mut steps, mut next) = (Vec::new(), Some(input));
    while let Some(input) = next.take() {
        if let Some(step) = run.step(flow, world, input) {
            assert_eq!(run.pending(), Some(step.clone()));
            next = at_once(&step, world);
            steps.push(step);
        }
    }
    steps
}

/// What was said in these steps.
pub(super) fn said(steps: &[FlowStep]) -> Vec<&str> {
    let texts = steps.iter().filter_map(|step| match step {
        FlowStep::Say { text } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The path as `identifier:outcome`.
pub(super) fn path(run: &FlowRun) -> Vec<String> {
    run.path().iter().map(|step| format!("{}:{}", step.identifier, step.outcome.as_deref().unwrap_or("-"))).collect()
}

/// A flow of these actions, the first being the start.
pub(super) fn flow_json(actions: &[Value]) -> String {
    let start = actions[0]["Identifier"].clone();
    format!("{:#}", json!({"Version": "2019-10-30", "StartAction": start, "Actions": actions}))
}

/// An action; `transitions` may have `next`, `errors` (type to target) and `conditions` (operator, operand, target).
pub(super) fn action(id: &str, kind: &str, parameters: Value, transitions: &Value) -> Value {
    let mut written = json!({});
    if let Some(next) = transitions.get("next") {
        written["NextAction"] = next.clone();
    }
    if let Some(errors) = transitions.get("errors").and_then(Value::as_object) {
        let errors = errors.iter().map(|(kind, target)| json!({"NextAction": target, "ErrorType": kind}));
        written["Errors"] = errors.collect();
    }
    if let Some(conditions) = transitions.get("conditions").and_then(Value::as_array) {
        let conditions =
            conditions.iter().map(|c| json!({"NextAction": c[2], "Condition": {"Operator": c[0], "Operands": [c[1]]}}));
        written["Conditions"] = conditions.collect();
    }
    let mut action = json!({"Identifier": id, "Type": kind, "Transitions": written});
    action["Parameters"] = parameters;
    action
}

/// An end of the contact that says which one it is, in two actions: `id` says its own name, `id-end` hangs up.
pub(super) fn end(id: &str) -> [Value; 2] {
    let hang_up = format!("{id}-end");
    [
        action(id, "MessageParticipant", json!({"Text": id}), &json!({"next": hang_up})),
        action(&hang_up, "DisconnectParticipant", json!({}), &json!({})),
    ]
}

/// One action under test, and an end for each name.
pub(super) fn single(under_test: Value, ends: &[&str]) -> Flow {
    let actions: Vec<Value> = std::iter::once(under_test).chain(ends.iter().flat_map(|id| end(id))).collect();
    Flow::parse(&flow_json(&actions)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Runs a flow from its start until it waits or is over.
pub(super) fn start(flow: &Flow, world: &mut World) -> (FlowRun, Vec<FlowStep>) {
    let mut run = FlowRun::new(flow);
    let steps = feed(&mut run, flow, world, FlowInput::Start);
    (run, steps)
}
