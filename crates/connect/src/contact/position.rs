//! Where a contact stands in its flow, and what the flow has set: all of it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    api::PathStep,
    centre::{Config, QueueConfig},
    flow::{FlowRun, FlowStep},
};

/// Where a contact stands in its flow, and what the flow has set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FlowPosition {
    pub(crate) flow_id: String,
    /// Absent before the flow begins and after an agent took over.
    pub(super) run: Option<FlowRun>,
    pub(super) waits_until_ms: Option<i64>,
    /// The number of the function call that the flow waits for.
    pub(super) calling: Option<u64>,
    pub(super) calls: u64,
    /// Calls that the flow does not wait for, and that have not been answered.
    #[serde(default)]
    pub(super) later: Vec<Later>,
    /// The runs that have called a module, the outermost first, with their flows.
    #[serde(default)]
    pub(super) callers: Vec<(String, FlowRun)>,
    /// How the contact is routed.
    #[serde(default)]
    pub(super) routing: Routing,
    /// The hook whose flow runs while an agent is there, and those that come after it.
    #[serde(default)]
    pub(super) whispering: Option<String>,
    #[serde(default)]
    pub(super) whispers: Vec<String>,
    /// A queue has been made the target queue.
    pub(super) has_target_queue: bool,
    /// Its id; of contacts that were stored when there was one queue, that one's.
    #[serde(default)]
    pub(super) target_queue: Option<String>,
    pub(super) hooks: BTreeMap<String, String>,
    /// The path through flows that were left.
    pub(super) left: Vec<PathStep>,
    /// How much of the run's path the watchers know, and whether they know how its last step was left.
    pub(super) observed: usize,
    pub(super) observed_outcome: bool,
    /// The last step they know: a long path loses its beginning, and its length says nothing any more.
    pub(super) observed_last: Option<(String, i64)>,
}

/// A call that the flow does not wait for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Later {
    pub(super) number: u64,
    pub(super) invocation_id: String,
    pub(super) arn: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) limit_ms: u64,
}

/// How a contact is routed among those that wait (`UpdateContactRoutingBehavior`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Routing {
    /// The lower, the sooner.
    pub(crate) priority: i64,
    /// So many seconds longer does it seem to wait.
    pub(crate) age_s: i64,
}

impl Default for Routing {
    /// 5: the priority of a contact of which nobody has said anything (AWS admin guide, routing priority).
    fn default() -> Self {
        Self { priority: 5, age_s: 0 }
    }
}

impl FlowPosition {
    pub(super) fn at(flow_id: &str) -> Self {
        Self {
            flow_id: flow_id.to_owned(),
            run: None,
            waits_until_ms: None,
            calling: None,
            calls: 0,
            later: Vec::new(),
            callers: Vec::new(),
            routing: Routing::default(),
            whispering: None,
            whispers: Vec::new(),
            has_target_queue: false,
            target_queue: None,
            hooks: BTreeMap::new(),
            left: Vec::new(),
            observed: 0,
            observed_outcome: false,
            observed_last: None,
        }
    }

    /// What the action that is performed has branches for: it is the last step of the path that the watchers know.
    pub(super) fn choices(&self, config: &Config) -> Vec<String> {
        let flow = config.flow(&self.flow_id).map(|entry| &entry.flow);
        let at = self.observed_last.as_ref();
        flow.zip(at).map(|(flow, (identifier, _))| flow.choices(identifier)).unwrap_or_default()
    }

    /// The target queue.
    pub(super) fn queue<'c>(&self, config: &'c Config) -> Option<&'c QueueConfig> {
        let named = self.target_queue.as_deref().and_then(|id| config.find_queue(id));
        self.has_target_queue.then(|| named.unwrap_or(&config.queue))
    }

    /// Makes a queue the target queue; `false` where there is no such queue.
    pub(super) fn aim_at(&mut self, queue: &str, config: &Config) -> bool {
        let found = config.find_queue(queue);
        if let Some(queue) = found {
            self.has_target_queue = true;
            self.target_queue = Some(queue.id.clone());
        }
        found.is_some()
    }

    pub(super) fn waits_until(&self) -> Option<i64> {
        self.waits_until_ms
    }

    pub(super) fn clear_wait(&mut self) {
        self.waits_until_ms = None;
    }

    /// The flow is over for this contact; its path stays.
    pub(super) fn stop(&mut self) {
        self.left = self.path();
        self.run = None;
        self.callers.clear();
        self.later.clear();
        self.waits_until_ms = None;
        self.calling = None;
    }

    /// Whether the flow has more to do.
    pub(super) fn is_running(&self) -> bool {
        let pending = self.run.as_ref().and_then(FlowRun::pending);
        pending.is_some_and(|step| !matches!(step, FlowStep::End | FlowStep::Disconnect | FlowStep::EndModule { .. }))
    }

    /// Whether the flow waits for the customer's words.
    pub(super) fn asks(&self) -> bool {
        matches!(self.run.as_ref().and_then(FlowRun::pending), Some(FlowStep::Ask { .. }))
    }

    /// Whether the flow waits for the customer to come back.
    pub(super) fn waits_for_customer(&self, config: &Config) -> bool {
        let flow = config.flow(&self.flow_id).map(|entry| &entry.flow);
        self.run.as_ref().zip(flow).is_some_and(|(run, flow)| run.waits_for_customer(flow))
    }

    /// Whether the flow waits for what the customer does with a view.
    pub(super) fn shows_view(&self) -> bool {
        matches!(self.run.as_ref().and_then(FlowRun::pending), Some(FlowStep::ShowView { .. }))
    }

    /// Whether the flow that runs speaks to the agent alone.
    pub(super) fn whispers_to_agent(&self) -> bool {
        self.whispering.as_deref() == Some("AgentWhisper")
    }

    /// The whole path, through every flow.
    pub(super) fn path(&self) -> Vec<PathStep> {
        let now = self.run.as_ref().map(FlowRun::path).unwrap_or_default();
        self.left.iter().chain(now).cloned().collect()
    }
}
