//! Where one contact stands in its flow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Flow, Node,
    action::{Action, Enter, Wait, WaitEvent},
    scope::{Memory, Scope},
    transitions::{ErrorType, Exit, Target},
};
use crate::api::PathStep;

/// What the flow may look up about its contact and the centre, without changing anything.
pub trait FlowWorld {
    /// A contact attribute (`$.Attributes.key`).
    fn attribute(&self, key: &str) -> Option<String>;
    /// A system attribute, by its path below `$`, e.g. `["ContactId"]`, `["Queue", "Name"]`, `["SegmentAttributes", "connect:Subtype"]`.
    fn system(&self, path: &[&str]) -> Option<String>;
    /// Whether the hours of operation are open now; `None`: no such hours (error branch). `None` id: the target queue's.
    fn hours_open(&self, hours_id: Option<&str>) -> Option<bool>;
    /// A queue's metric; `None` queue: the target queue. `None` result: no such queue (error branch).
    fn metric(&self, metric: Metric, queue: Option<&str>) -> Option<i64>;
    /// Whether a bot is in the chat (`Wait` needs to know).
    fn bot_present(&self) -> bool;
    /// The time, in ms since the epoch.
    fn now_ms(&self) -> i64;
    /// A number in 0..100 for `DistributeByPercentage`, different for each contact and visit.
    fn percentile(&self) -> u8;
}

/// `CheckMetricData`'s metric types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metric {
    /// `NumberOfAgentsAvailable`.
    AgentsAvailable,
    /// `NumberOfAgentsStaffed`.
    AgentsStaffed,
    /// `NumberOfAgentsOnline`.
    AgentsOnline,
    /// `NumberOfContactsInQueue`.
    ContactsInQueue,
    /// `OldestContactInQueueAgeSeconds`, in milliseconds on the wire.
    OldestContactAge,
}

/// What the centre must do now. The run then stands still until the [`FlowInput`] named with each variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FlowStep {
    /// Say this to the customer, as SYSTEM. Answer with `Done`.
    Say {
        /// The text, placeholders filled.
        text: String,
    },
    /// Set contact attributes. Answer with `Done` or `Failed`.
    SetAttributes(BTreeMap<String, String>),
    /// `UpdateContactData`: only the keys given (`LanguageCode`, `Name`, `Description`, `CustomerId`). Answer with `Done` or `Failed`.
    SetContactData(BTreeMap<String, String>),
    /// Set the target queue (id or ARN as written, placeholders filled). Answer with `Done`, or `Failed` when there is no such queue.
    SetTargetQueue {
        /// Id or ARN.
        queue: String,
    },
    /// Set event hooks: hook name to flow id or ARN. Answer with `Done` or `Failed`.
    SetEventHooks(BTreeMap<String, String>),
    /// Call a function. The run waits for `Function`; it remembers that it waits, so the centre calls again after a restart.
    Invoke {
        /// The ARN or name.
        arn: String,
        /// `Details.Parameters`.
        parameters: BTreeMap<String, String>,
        /// 1..8 s.
        time_limit_ms: u64,
    },
    /// Nothing to do until `TimerFired` at that time, or one of the events that the block names.
    Wait {
        /// When the time is out, in ms since the epoch.
        until_ms: i64,
    },
    /// Put the contact into its target queue. Answer with `Done` (the flow is then over, with a last `End`, and the
    /// contact waits in the queue), `QueueAtCapacity` or `Failed`.
    TransferToQueue,
    /// Go on in another flow (id or ARN). The centre starts that flow's run in place of this one, or answers `Failed`.
    TransferToFlow {
        /// Id or ARN.
        flow: String,
    },
    /// End the contact.
    Disconnect,
    /// The flow is over without ending the contact (`EndFlowExecution`).
    End,
}

/// What the centre reports back, or what happened meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowInput {
    /// Begin.
    Start,
    /// The step is done.
    Done,
    /// The step could not be done: `NoMatchingError`.
    Failed,
    /// `TransferContactToQueue`: `QueueAtCapacity`.
    QueueAtCapacity,
    /// The function's answer; `Err` takes the error branch.
    Function(Result<Value, String>),
    /// The time of a `Wait` is out. Before [`FlowStep::Wait::until_ms`] by the world's clock it means nothing.
    TimerFired,
    /// The bot left.
    BotDisconnected,
    /// The customer came back.
    CustomerReturned,
}

/// Where one contact stands. Store it between any two steps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowRun {
    position: Position,
    memory: Memory,
    path: Vec<PathStep>,
    /// Actions entered since the run last stood at a `Wait`.
    burst: usize,
}

/// A run keeps identifiers, not places: the flow may have been read anew, and changed, in between.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Position {
    Start,
    At { identifier: String, step: FlowStep },
    Over { step: FlowStep },
}

/// A run that enters this many actions without a single wait goes round in circles and never lets its contact go.
const MOST_ACTIONS_WITHOUT_A_WAIT: usize = 1000;
/// The path is for looking at, and stored with the run: of a flow that goes on for days, its end is kept.
const LONGEST_PATH: usize = 2000;

/// What an input means where the run stands.
enum Meaning {
    Nothing,
    Leave(Exit),
    /// The step ended the flow.
    Over,
    /// The flow is not the one that the run stood in.
    Changed,
}

impl FlowRun {
    /// A run at the flow's start.
    pub fn new(_flow: &Flow) -> Self {
        Self { position: Position::Start, memory: Memory::default(), path: Vec::new(), burst: 0 }
    }

    /// Feeds what happened and returns what to do next. `None`: the input means nothing where the run stands (a late
    /// timer, an event that the current block does not name), and nothing changed.
    pub fn step(&mut self, flow: &Flow, world: &dyn FlowWorld, input: FlowInput) -> Option<FlowStep> {
        let (identifier, step) = match &self.position {
            Position::Start if input == FlowInput::Start => return Some(self.advance(flow, world, Some(flow.start))),
            Position::Start | Position::Over { .. } => return None,
            Position::At { identifier, step } => (identifier.clone(), step.clone()),
        };
        let Some(node) = flow.find(&identifier) else { return Some(self.hang_up("the flow has no such action now")) };
        let mut scope = Scope { identifier: &identifier, memory: &mut self.memory, world };
        match meaning(node, &step, input, &mut scope) {
            Meaning::Nothing => None,
            Meaning::Changed => Some(self.hang_up("the flow has another action here now")),
            Meaning::Over => {
                self.outcome("Success");
                Some(self.over(FlowStep::End))
            }
            Meaning::Leave(exit) => {
                let route = node.transitions.route(&exit, &scope);
                self.outcome(&route.outcome);
                if matches!(step, FlowStep::Wait { .. }) {
                    self.burst = 0;
                }
                Some(self.advance(flow, world, route.target))
            }
        }
    }

    /// The step the run stands at, again: after a restart the centre does it once more (`Invoke`, `Wait`).
    pub fn pending(&self) -> Option<FlowStep> {
        match &self.position {
            Position::Start => None,
            Position::At { step, .. } | Position::Over { step } => Some(step.clone()),
        }
    }

    /// The path so far; the last is where the run stands.
    pub fn path(&self) -> &[PathStep] {
        &self.path
    }

    /// Enters one action after the other until one of them has something to do.
    fn advance(&mut self, flow: &Flow, world: &dyn FlowWorld, mut target: Option<Target>) -> FlowStep {
        loop {
            // Connect refuses most flows without the branch. For the others nothing says what it does; a contact that
            // nobody will ever talk to again is better ended than left hanging.
            let Some(node) = target.and_then(|target| flow.node(target)) else {
                return self.hang_up("no branch for it");
            };
            if self.burst == MOST_ACTIONS_WITHOUT_A_WAIT {
                return self.hang_up("the flow goes round without ever waiting");
            }
            self.burst += 1;
            self.enter_path(node, world.now_ms());
            let mut scope = Scope { identifier: &node.identifier, memory: &mut self.memory, world };
            let exit = match node.action.enter(&mut scope) {
                Enter::Stand(step) => {
                    self.position = Position::At { identifier: node.identifier.clone(), step: step.clone() };
                    return step;
                }
                Enter::Over(step) => return self.over(step),
                Enter::Leave(exit) => exit,
            };
            let route = node.transitions.route(&exit, &scope);
            self.outcome(&route.outcome);
            target = route.target;
        }
    }

    fn enter_path(&mut self, node: &Node, at_ms: i64) {
        if self.path.len() >= LONGEST_PATH {
            self.path.remove(0);
        }
        self.path.push(PathStep {
            identifier: node.identifier.clone(),
            action_type: node.action.type_name().to_owned(),
            outcome: None,
            at_ms,
        });
    }

    fn outcome(&mut self, outcome: &str) {
        if let Some(last) = self.path.last_mut() {
            last.outcome = Some(outcome.to_owned());
        }
    }

    fn over(&mut self, step: FlowStep) -> FlowStep {
        self.position = Position::Over { step: step.clone() };
        step
    }

    /// Ends the contact where the flow has no way on, and says why in the path.
    fn hang_up(&mut self, why: &str) -> FlowStep {
        let before = self.path.last().and_then(|last| last.outcome.clone());
        let outcome =
            before.map_or_else(|| format!("Disconnect: {why}"), |before| format!("{before}; Disconnect: {why}"));
        self.outcome(&outcome);
        self.over(FlowStep::Disconnect)
    }
}

/// What an input means at a step. A step and an input that do not belong together are none of the run's business.
fn meaning(node: &Node, step: &FlowStep, input: FlowInput, scope: &mut Scope<'_>) -> Meaning {
    match (step, input) {
        (FlowStep::Invoke { .. }, FlowInput::Function(answer)) => match &node.action {
            Action::InvokeLambdaFunction(action) => Meaning::Leave(action.answered(scope, answer)),
            _ => Meaning::Changed,
        },
        (FlowStep::Wait { until_ms }, input) => match &node.action {
            Action::Wait(wait) => waited(wait, *until_ms, &input, scope),
            _ => Meaning::Changed,
        },
        (FlowStep::TransferToQueue | FlowStep::TransferToFlow { .. }, FlowInput::Done) => Meaning::Over,
        (FlowStep::TransferToQueue, FlowInput::QueueAtCapacity) => {
            Meaning::Leave(Exit::Error(ErrorType::QueueAtCapacity))
        }
        (FlowStep::Invoke { .. } | FlowStep::Disconnect | FlowStep::End, _) => Meaning::Nothing,
        (_, FlowInput::Done) => Meaning::Leave(Exit::Next),
        (_, FlowInput::Failed) => Meaning::Leave(Exit::Error(ErrorType::NoMatchingError)),
        _ => Meaning::Nothing,
    }
}

fn waited(wait: &Wait, until_ms: i64, input: &FlowInput, scope: &Scope<'_>) -> Meaning {
    let value = match input {
        // The timer of an earlier wait may still come.
        FlowInput::TimerFired if scope.world.now_ms() >= until_ms => Wait::COMPLETED,
        FlowInput::BotDisconnected if wait.listens_for(WaitEvent::BotParticipantDisconnected) => {
            WaitEvent::BotParticipantDisconnected.name()
        }
        FlowInput::CustomerReturned if wait.listens_for(WaitEvent::CustomerReturned) => {
            WaitEvent::CustomerReturned.name()
        }
        _ => return Meaning::Nothing,
    };
    Meaning::Leave(Exit::Value(value.to_owned()))
}
