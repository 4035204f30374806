//! Driving the flow: each step is done at once, until the flow waits for something or is over.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Call, Contact, Effects, Here, Reason, Record, Speaker, Stage, attributes, world::World};
use crate::{
    api::{AttributeSource, PathStep},
    flow::{FlowInput, FlowRun, FlowStep},
    item::event as event_type,
    observe::What,
};

/// A flow that does this many steps without once waiting is a loop, and would never let go of its contact.
const STEPS_WITHOUT_WAITING: usize = 1000;
/// Modules within modules; Connect takes fewer.
const DEEPEST_MODULE: usize = 5;

/// What follows a step.
pub(super) enum Next {
    Feed(FlowInput),
    Switch(String),
    Module(String, BTreeMap<String, String>),
    Return(Option<String>, BTreeMap<String, String>),
    Stand,
}

impl Contact {
    /// Begins the contact's flow.
    pub(super) fn begin_flow(&mut self, here: &Here<'_>, fx: &mut Effects) {
        let id = self.flow.flow_id.clone();
        self.begin(&id, here, fx);
    }

    pub(super) fn begin(&mut self, flow_id: &str, here: &Here<'_>, fx: &mut Effects) {
        let Some(entry) = here.config.flow(flow_id) else { return };
        self.flow.stop();
        self.flow.flow_id.clone_from(&entry.id);
        self.flow.observed = 0;
        self.flow.observed_outcome = false;
        self.flow.run = Some(FlowRun::new(&entry.flow));
        self.advance(FlowInput::Start, here, fx);
    }

    /// Whether the flow stands until this call is answered.
    pub(crate) fn waits_for(&self, call: u64) -> bool {
        self.flow.calling == Some(call)
    }

    /// A function answered. An answer to a call that nobody waits for any more is dropped.
    pub(crate) fn function_answered(
        &mut self,
        number: u64,
        answer: Result<Value, String>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) {
        if self.waits_for(number) {
            return self.advance(FlowInput::Function(answer), here, fx);
        }
        if self.processed(number, &answer, here, fx) {
            return;
        }
        let at = self.flow.later.iter().position(|later| later.number == number);
        if let Some((later, run)) = at.map(|at| self.flow.later.remove(at)).zip(self.flow.run.as_mut()) {
            run.answered_later(&later.invocation_id, answer);
        }
    }

    /// The function calls that are not answered, to be made again by a process that has just begun.
    pub(crate) fn pending_calls(&self, here: &Here<'_>) -> Vec<Call> {
        let waiting = self.flow.calling.and_then(|number| match self.flow.run.as_ref()?.pending()? {
            FlowStep::Invoke { arn, parameters, time_limit_ms } => {
                let event = self.lambda_event(&parameters, here.config);
                Some(Call { number, arn, event, limit_ms: time_limit_ms })
            }
            FlowStep::AskBot { bot, event, time_limit_ms } => {
                Some(Call { number, arn: bot, event, limit_ms: time_limit_ms })
            }
            _ => None,
        });
        let later = self.flow.later.iter().map(|later| Call {
            number: later.number,
            arn: later.arn.clone(),
            event: self.lambda_event(&later.parameters, here.config),
            limit_ms: later.limit_ms,
        });
        waiting.into_iter().chain(later).chain(self.pending_processing(here)).collect()
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
            self.updated_ms = here.now_ms;
            self.flow.waits_until_ms = None;
            self.flow.calling = None;
            if step == FlowStep::TransferToQueue && self.enter_queue(here, fx) {
                let _ = run.step(flow, &World { contact: self, here }, FlowInput::Done);
                self.observe_path(run.path(), fx);
                self.flow.run = Some(run);
                return self.begin_queue_flow(here, fx);
            }
            if let FlowStep::Dequeue { queue } = &step
                && self.requeue(queue, here, fx)
            {
                let _ = run.step(flow, &World { contact: self, here }, FlowInput::Done);
                self.observe_path(run.path(), fx);
                self.flow.run = Some(run);
                return self.flow.stop();
            }
            match self.perform(step, here, fx) {
                Next::Feed(next) => input = next,
                Next::Stand => {
                    let is_over = matches!(run.pending(), Some(FlowStep::End | FlowStep::Disconnect));
                    self.flow.run = Some(run);
                    if self.is_ended() {
                        self.flow.stop();
                    } else if is_over {
                        self.flow_is_over(here, fx);
                    }
                    return;
                }
                Next::Module(module, handed) => match here.config.flow(&module) {
                    Some(entry) if self.flow.callers.len() < DEEPEST_MODULE => {
                        let inner = FlowRun::of_module(&entry.flow, &handed, &mut run);
                        let outer = std::mem::replace(&mut run, inner);
                        let calling = std::mem::replace(&mut self.flow.flow_id, entry.id.clone());
                        self.flow.callers.push((calling, outer));
                        flow = &entry.flow;
                        input = FlowInput::Start;
                    }
                    _ => input = FlowInput::Failed,
                },
                Next::Return(result, data) => {
                    let caller = self.flow.callers.pop();
                    let Some((entry, (id, outer))) = caller.and_then(|c| Some((here.config.flow(&c.0)?, c))) else {
                        self.flow.run = Some(run);
                        return self.flow_is_over(here, fx);
                    };
                    let mut inner = std::mem::replace(&mut run, outer);
                    run.take_path_back(&mut inner);
                    self.flow.flow_id = id;
                    flow = &entry.flow;
                    input = FlowInput::ModuleReturned { result, data };
                }
                Next::Switch(flow_id) => match here.config.flow(&flow_id) {
                    Some(entry) => {
                        self.flow.left.extend_from_slice(run.path());
                        self.flow.callers.clear();
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
            FlowStep::Say { text } | FlowStep::SayAndTake { text, .. } => {
                self.system_says(text, here, fx);
                Next::Feed(FlowInput::Done)
            }
            FlowStep::Ask { text, until_ms } => {
                self.system_says(text.unwrap_or_default(), here, fx);
                self.flow.waits_until_ms = Some(until_ms);
                Next::Stand
            }
            FlowStep::ShowView { view, version, data, until_ms } => {
                if !self.show_view(&view, version.as_deref(), &data, here, fx) {
                    return Next::Feed(FlowInput::Failed);
                }
                self.flow.waits_until_ms = Some(until_ms);
                Next::Stand
            }
            FlowStep::AskBot { bot, event, time_limit_ms } => self.call(bot, event, time_limit_ms, fx),
            FlowStep::InvokeLater { arn, parameters, time_limit_ms, invocation_id } => {
                self.call_later((arn, parameters, time_limit_ms), invocation_id, here, fx)
            }
            FlowStep::SetRouting { priority, age_s } => {
                let routing = &mut self.flow.routing;
                routing.priority = priority.unwrap_or(routing.priority);
                routing.age_s = age_s.unwrap_or(routing.age_s);
                Next::Feed(FlowInput::Done)
            }
            FlowStep::SetTags(tags) => self.set_tags(tags),
            FlowStep::RemoveTags(keys) => {
                self.profile.tags.retain(|key, _| !keys.contains(key));
                Next::Feed(FlowInput::Done)
            }
            FlowStep::InvokeModule { module, input } => Next::Module(module, input),
            FlowStep::EndModule { result, data } => Next::Return(result, data),
            // Only reached when the contact cannot leave its queue.
            FlowStep::Dequeue { .. } => Next::Feed(FlowInput::Failed),
            FlowStep::SetAttributes(changes) => {
                let done = attributes::merged(&self.attributes, &changes).map(|all| *self.attributes = all).is_ok();
                if done {
                    self.attribute_log.add(here.now_ms, AttributeSource::Flow, &changes);
                    fx.observe(What::Attributes);
                }
                done_or_failed(done)
            }
            FlowStep::SetMessageProcessor(processor) => {
                self.set_processor(processor);
                Next::Feed(FlowInput::Done)
            }
            FlowStep::SetContactData(data) => done_or_failed(self.set_data(data)),
            FlowStep::SetTargetQueue { queue } => done_or_failed(self.flow.aim_at(&queue, here.config)),
            FlowStep::SetEventHooks(hooks) => {
                let known = hooks.values().all(|flow| here.config.flow(flow).is_some());
                if known {
                    self.flow.hooks.extend(hooks);
                }
                done_or_failed(known)
            }
            FlowStep::Invoke { arn, parameters, time_limit_ms } => {
                let event = self.lambda_event(&parameters, here.config);
                self.call(arn, event, time_limit_ms, fx)
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
                // A whisper goes by; what is wrong with it must not cost the conversation.
                if self.flow.whispering.is_none() {
                    self.end(Reason::ContactFlowDisconnect, here, fx);
                }
                Next::Stand
            }
            FlowStep::End => Next::Stand,
        }
    }

    /// A flow came to its end and its contact has not. In a queue the contact waits on; before one, nothing would ever
    /// happen to it again, and Connect ends it (AWS's page of `EndFlowExecution`).
    fn flow_is_over(&mut self, here: &Here<'_>, fx: &mut Effects) {
        match self.stage {
            Stage::Active { .. } => self.next_whisper(here, fx),
            Stage::Created | Stage::Flow => self.end(Reason::ContactFlowDisconnect, here, fx),
            Stage::Queued { .. } | Stage::Ended { .. } => {}
        }
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

pub(super) fn done_or_failed(done: bool) -> Next {
    Next::Feed(if done { FlowInput::Done } else { FlowInput::Failed })
}
