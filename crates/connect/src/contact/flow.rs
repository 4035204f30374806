//! Driving the flow: each step is done at once, until the flow waits for something or is over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Call, Contact, Effect, Effects, Here, Reason, Record, Speaker, Stage, attributes, world::World};
use crate::{
    api::{AttributeSource, PathStep},
    flow::{FlowInput, FlowRun, FlowStep},
    item::{ItemType, event as event_type},
    observe::What,
};

/// A flow that does this many steps without once waiting is a loop, and would never let go of its contact.
const STEPS_WITHOUT_WAITING: usize = 1000;
/// The event hook that Connect runs while a contact is queued.
const CUSTOMER_QUEUE: &str = "CustomerQueue";

/// Where a contact stands in its flow, and what the flow has set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FlowPosition {
    pub(crate) flow_id: String,
    /// Absent before the flow begins and after an agent took over.
    run: Option<FlowRun>,
    waits_until_ms: Option<i64>,
    /// The number of the function call that the flow waits for.
    calling: Option<u64>,
    calls: u64,
    /// The one queue there is has been made the target queue.
    pub(super) has_target_queue: bool,
    hooks: BTreeMap<String, String>,
    /// The path through flows that were left.
    left: Vec<PathStep>,
    /// How much of the run's path the watchers know, and whether they know how its last step was left.
    observed: usize,
    observed_outcome: bool,
    /// The last step they know: a long path loses its beginning, and its length says nothing any more.
    observed_last: Option<(String, i64)>,
}

/// What follows a step.
enum Next {
    Feed(FlowInput),
    Switch(String),
    Stand,
}

impl FlowPosition {
    pub(super) fn at(flow_id: &str) -> Self {
        Self {
            flow_id: flow_id.to_owned(),
            run: None,
            waits_until_ms: None,
            calling: None,
            calls: 0,
            has_target_queue: false,
            hooks: BTreeMap::new(),
            left: Vec::new(),
            observed: 0,
            observed_outcome: false,
            observed_last: None,
        }
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
        self.waits_until_ms = None;
        self.calling = None;
    }

    /// The whole path, through every flow.
    pub(super) fn path(&self) -> Vec<PathStep> {
        let now = self.run.as_ref().map(FlowRun::path).unwrap_or_default();
        self.left.iter().chain(now).cloned().collect()
    }
}

impl Contact {
    /// Begins the contact's flow.
    pub(super) fn begin_flow(&mut self, here: &Here<'_>, fx: &mut Effects) {
        let id = self.flow.flow_id.clone();
        self.begin(&id, here, fx);
    }

    fn begin(&mut self, flow_id: &str, here: &Here<'_>, fx: &mut Effects) {
        let Some(entry) = here.config.flow(flow_id) else { return };
        self.flow.stop();
        self.flow.flow_id.clone_from(&entry.id);
        self.flow.observed = 0;
        self.flow.observed_outcome = false;
        self.flow.run = Some(FlowRun::new(&entry.flow));
        self.advance(FlowInput::Start, here, fx);
    }

    /// A function answered. An answer to a call that nobody waits for any more is dropped.
    pub(crate) fn function_answered(
        &mut self,
        number: u64,
        answer: Result<Value, String>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) {
        if self.flow.calling == Some(number) {
            self.advance(FlowInput::Function(answer), here, fx);
        }
    }

    /// The function call that the flow waits for, to be made again by a process that has just begun.
    pub(crate) fn pending_call(&self, here: &Here<'_>) -> Option<Call> {
        let number = self.flow.calling?;
        match self.flow.run.as_ref()?.pending()? {
            FlowStep::Invoke { arn, parameters, time_limit_ms } => {
                let event = self.lambda_event(&parameters, here.config);
                Some(Call { number, arn, event, limit_ms: time_limit_ms })
            }
            _ => None,
        }
    }

    /// Feeds the flow what happened and does what it says, until it waits or is over. What it does not listen to
    /// changes nothing.
    pub(super) fn advance(&mut self, input: FlowInput, here: &Here<'_>, fx: &mut Effects) {
        let Some(mut run) = self.flow.run.take() else { return };
        let Some(entry) = here.config.flow(&self.flow.flow_id) else {
            tracing::error!(contact = %self.id, flow = %self.flow.flow_id, "the contact's flow is gone; it stands still");
            self.flow.run = Some(run);
            return;
        };
        let (mut flow, mut input) = (&entry.flow, input);
        for _ in 0..STEPS_WITHOUT_WAITING {
            let step = run.step(flow, &World { contact: self, here }, input);
            self.observe_path(run.path(), fx);
            let Some(step) = step else {
                self.flow.run = Some(run);
                return;
            };
            fx.changed();
            self.updated_ms = here.now_ms;
            self.flow.waits_until_ms = None;
            self.flow.calling = None;
            if step == FlowStep::TransferToQueue && self.enter_queue(here, fx) {
                let _ = run.step(flow, &World { contact: self, here }, FlowInput::Done);
                self.observe_path(run.path(), fx);
                self.flow.run = Some(run);
                return self.begin_queue_flow(here, fx);
            }
            match self.perform(step, here, fx) {
                Next::Feed(next) => input = next,
                Next::Stand => {
                    self.flow.run = Some(run);
                    if self.is_ended() {
                        self.flow.stop();
                    }
                    return;
                }
                Next::Switch(flow_id) => match here.config.flow(&flow_id) {
                    Some(entry) => {
                        self.flow.left.extend_from_slice(run.path());
                        self.flow.observed = 0;
                        self.flow.observed_outcome = false;
                        self.flow.flow_id.clone_from(&entry.id);
                        run = FlowRun::new(&entry.flow);
                        flow = &entry.flow;
                        input = FlowInput::Start;
                    }
                    None => input = FlowInput::Failed,
                },
            }
        }
        tracing::error!(contact = %self.id, flow = %self.flow.flow_id, "the flow loops without ever waiting; the contact is ended");
        self.flow.run = Some(run);
        self.end(Reason::ContactFlowDisconnect, here, fx);
    }

    fn perform(&mut self, step: FlowStep, here: &Here<'_>, fx: &mut Effects) -> Next {
        match step {
            FlowStep::Say { text } => {
                if !text.is_empty() {
                    let record = Record {
                        r#type: ItemType::Message,
                        content_type: "text/plain",
                        content: Some(text),
                        by: Speaker::System,
                        client_token: None,
                    };
                    self.record(record, here, fx);
                }
                Next::Feed(FlowInput::Done)
            }
            FlowStep::SetAttributes(changes) => {
                let done = attributes::merged(&self.attributes, &changes).map(|all| self.attributes = all).is_ok();
                if done {
                    self.attribute_log.add(here.now_ms, AttributeSource::Flow, &changes);
                    fx.observe(What::Attributes);
                }
                done_or_failed(done)
            }
            FlowStep::SetContactData(data) => done_or_failed(self.set_data(data)),
            FlowStep::SetTargetQueue { queue } => {
                let known = here.config.is_queue(&queue);
                self.flow.has_target_queue |= known;
                done_or_failed(known)
            }
            FlowStep::SetEventHooks(hooks) => {
                let known = hooks.values().all(|flow| here.config.flow(flow).is_some());
                if known {
                    self.flow.hooks.extend(hooks);
                }
                done_or_failed(known)
            }
            FlowStep::Invoke { arn, parameters, time_limit_ms } => {
                self.flow.calls += 1;
                self.flow.calling = Some(self.flow.calls);
                let event = self.lambda_event(&parameters, here.config);
                fx.push(Effect::Call(Call { number: self.flow.calls, arn, event, limit_ms: time_limit_ms }));
                Next::Stand
            }
            FlowStep::Wait { until_ms } => {
                self.flow.waits_until_ms = Some(until_ms);
                Next::Stand
            }
            // Only reached when the contact cannot enter the queue.
            FlowStep::TransferToQueue => {
                let at_capacity = self.stage == Stage::Flow && self.flow.has_target_queue;
                if at_capacity {
                    self.record(Record::event(event_type::TRANSFER_FAILED, Speaker::System), here, fx);
                }
                Next::Feed(if at_capacity { FlowInput::QueueAtCapacity } else { FlowInput::Failed })
            }
            FlowStep::TransferToFlow { flow } => Next::Switch(flow),
            FlowStep::Disconnect => {
                self.end(Reason::ContactFlowDisconnect, here, fx);
                Next::Stand
            }
            FlowStep::End => Next::Stand,
        }
    }

    /// Puts the contact into its target queue, if it has one, is not queued already, and there is room.
    fn enter_queue(&mut self, here: &Here<'_>, fx: &mut Effects) -> bool {
        if self.stage != Stage::Flow || !self.flow.has_target_queue || !here.queue.take_place() {
            return false;
        }
        self.stage = Stage::Queued { enqueued_ms: here.now_ms };
        self.record(Record::event(event_type::TRANSFER_SUCCEEDED, Speaker::System), here, fx);
        fx.observe(What::Queued { queue: here.config.queue.name.clone() });
        true
    }

    /// While it is queued, the contact is in the flow that the event hook names, if any.
    fn begin_queue_flow(&mut self, here: &Here<'_>, fx: &mut Effects) {
        match self.flow.hooks.get(CUSTOMER_QUEUE).cloned() {
            Some(flow_id) => self.begin(&flow_id, here, fx),
            None => self.flow.stop(),
        }
    }

    /// All of the data, or none of it when a key is unknown.
    fn set_data(&mut self, data: BTreeMap<String, String>) -> bool {
        let mut profile = self.profile.clone();
        for (key, value) in data {
            let field = match key.as_str() {
                "LanguageCode" => &mut profile.language_code,
                "Name" => &mut profile.name,
                "Description" => &mut profile.description,
                "CustomerId" => &mut profile.customer_id,
                _ => return false,
            };
            *field = Some(value);
        }
        self.profile = profile;
        true
    }

    fn observe_path(&mut self, path: &[PathStep], fx: &mut Effects) {
        let known = if path.len() > self.flow.observed {
            self.flow.observed
        } else {
            let last = |s: &PathStep| {
                self.flow.observed_last.as_ref().is_some_and(|(id, at)| s.identifier == *id && s.at_ms == *at)
            };
            path.iter().rposition(last).map_or(path.len(), |at| at + 1)
        };
        let first = if self.flow.observed_outcome { known } else { known.saturating_sub(1) };
        for (i, step) in path.iter().enumerate().skip(first) {
            if i >= known {
                fx.observe(What::FlowAction {
                    identifier: step.identifier.clone(),
                    action_type: step.action_type.clone(),
                });
            }
            if let Some(outcome) = &step.outcome {
                let to = path.get(i + 1).map(|next| next.identifier.clone()).unwrap_or_default();
                fx.observe(What::FlowBranch { from: step.identifier.clone(), outcome: outcome.clone(), to });
            }
        }
        self.flow.observed = path.len();
        self.flow.observed_last = path.last().map(|s| (s.identifier.clone(), s.at_ms));
        self.flow.observed_outcome = path.last().is_some_and(|s| s.outcome.is_some());
    }
}

fn done_or_failed(done: bool) -> Next {
    Next::Feed(if done { FlowInput::Done } else { FlowInput::Failed })
}
