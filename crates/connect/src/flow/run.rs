//! Where one contact stands in its flow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Flow, FlowInput, FlowStep, FlowWorld, Node,
    action::{Action, ConnectParticipantWithLexBot as Lex, Enter, InvokeFlowModule, ShowView, Turn, Wait, WaitEvent},
    scope::{Memory, Scope},
    transitions::{ErrorType, Exit, Target},
};
use crate::api::PathStep;

/// Where one contact stands. Store it between any two steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowRun {
    position: Position,
    memory: Memory,
    path: Vec<PathStep>,
    /// Actions entered since the run last stood at a `Wait`.
    burst: usize,
}

/// A run keeps identifiers, not places: the flow may have been read anew, and changed, in between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The action has something else to do.
    Stay(FlowStep),
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

    /// A run at a module's start. It finds what the calling flow hands over, and none of what that flow keeps to itself
    /// (AWS admin guide, flow modules: limitations).
    /// The path is one, and goes with the run that is at work.
    pub fn of_module(_module: &Flow, input: &BTreeMap<String, String>, caller: &mut Self) -> Self {
        let mut memory = Memory { initial_message_taken: true, ..Memory::default() };
        memory.leave("Modules", json!({"Input": input}));
        Self { position: Position::Start, memory, path: std::mem::take(&mut caller.path), burst: caller.burst }
    }

    /// The module is over, and its caller goes on with the path.
    pub fn take_path_back(&mut self, module: &mut Self) {
        self.path = std::mem::take(&mut module.path);
        self.burst = module.burst;
    }

    /// A function that the flow did not wait for has answered. An answer to another invocation than the last is dropped.
    pub fn answered_later(&mut self, invocation_id: &str, answer: Result<Value, String>) {
        let last = self.memory.left.get_mut("LambdaInvocation").and_then(Value::as_object_mut);
        let Some(last) = last.filter(|last| last.get("InvocationId").is_some_and(|id| id == invocation_id)) else {
            return;
        };
        match answer {
            Ok(value) => last.insert("ResultData".into(), value),
            Err(error) => last.insert("Error".into(), Value::from(error)),
        };
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
            Meaning::Stay(step) => {
                self.position = Position::At { identifier, step: step.clone() };
                Some(step)
            }
            Meaning::Leave(exit) => {
                let route = node.transitions.route(&exit, &scope);
                self.outcome(&route.outcome);
                if waits(&step) {
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

    /// Whether it stands where the customer's return is waited for.
    pub fn waits_for_customer(&self, flow: &Flow) -> bool {
        let Position::At { identifier, step: FlowStep::Wait { .. } } = &self.position else { return false };
        let action = flow.find(identifier).map(|node| &node.action);
        matches!(action, Some(Action::Wait(wait)) if wait.listens_for(WaitEvent::CustomerReturned))
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
            let (exit, may_end) = match node.action.enter(&mut scope) {
                Enter::Stand(step) => {
                    self.position = Position::At { identifier: node.identifier.clone(), step: step.clone() };
                    return step;
                }
                Enter::Over(step) => return self.over(step),
                Enter::Leave(exit) => (exit, false),
                Enter::LeaveOrEnd(exit) => (exit, true),
            };
            let route = node.transitions.route(&exit, &scope);
            self.outcome(&route.outcome);
            if may_end && route.target.is_none() {
                return self.over(FlowStep::End);
            }
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

    /// The last action that is not left yet is left so. Behind the one that has called a module stand the module's.
    fn outcome(&mut self, outcome: &str) {
        if let Some(open) = self.path.iter_mut().rev().find(|step| step.outcome.is_none()) {
            open.outcome = Some(outcome.to_owned());
        } else if let Some(last) = self.path.last_mut() {
            last.outcome = Some(outcome.to_owned());
        }
    }

    fn over(&mut self, step: FlowStep) -> FlowStep {
        if matches!(step, FlowStep::EndModule { .. }) {
            self.outcome("Success");
        }
        self.position = Position::Over { step: step.clone() };
        step
    }

    /// Ends the contact where the flow has no way on, and says why in the path.
    fn hang_up(&mut self, why: &str) -> FlowStep {
        if let Some(last) = self.path.last_mut() {
            let before = last.outcome.as_ref().map(|before| format!("{before}; ")).unwrap_or_default();
            last.outcome = Some(format!("{before}Disconnect: {why}"));
        }
        self.over(FlowStep::Disconnect)
    }
}

/// Whether the flow lets time pass at this step.
fn waits(step: &FlowStep) -> bool {
    matches!(step, FlowStep::Wait { .. } | FlowStep::Ask { .. } | FlowStep::ShowView { .. })
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
        (FlowStep::Ask { until_ms, .. }, FlowInput::TimerFired) => late(*until_ms, scope, |scope| match &node.action {
            Action::GetParticipantInput(action) => Meaning::Leave(action.timed_out(scope)),
            _ => Meaning::Leave(Exit::Error(ErrorType::InputTimeLimitExceeded)),
        }),
        (FlowStep::Ask { .. }, FlowInput::CustomerSaid(words)) => heard(node, &words, scope),
        (FlowStep::SayAndTake { words, .. }, FlowInput::Done) => heard(node, words, scope),
        (FlowStep::AskBot { .. }, FlowInput::Function(answer)) => match &node.action {
            Action::ConnectParticipantWithLexBot(bot) => match bot.answered(scope, answer) {
                Turn::Ask(step) | Turn::SayLast(step) => Meaning::Stay(step),
                Turn::Leave(exit) => Meaning::Leave(exit),
            },
            _ => Meaning::Changed,
        },
        (FlowStep::Say { .. }, FlowInput::Done) if matches!(node.action, Action::ConnectParticipantWithLexBot(_)) => {
            Meaning::Leave(Lex::left(scope))
        }
        (FlowStep::ShowView { .. }, FlowInput::ViewAnswered { action, data }) => {
            Meaning::Leave(ShowView::answered(scope, &action, &data))
        }
        (FlowStep::ShowView { until_ms, .. }, FlowInput::TimerFired) => {
            late(*until_ms, scope, |_| Meaning::Leave(Exit::Error(ErrorType::TimeLimitExceeded)))
        }
        (FlowStep::InvokeModule { .. }, FlowInput::ModuleReturned { result, data }) => {
            Meaning::Leave(InvokeFlowModule::returned(scope, result, &data))
        }
        (FlowStep::TransferToQueue | FlowStep::TransferToFlow { .. } | FlowStep::Dequeue { .. }, FlowInput::Done) => {
            Meaning::Over
        }
        (FlowStep::TransferToQueue | FlowStep::Dequeue { .. }, FlowInput::QueueAtCapacity) => {
            Meaning::Leave(Exit::Error(ErrorType::QueueAtCapacity))
        }
        (
            FlowStep::Invoke { .. }
            | FlowStep::AskBot { .. }
            | FlowStep::Disconnect
            | FlowStep::End
            | FlowStep::EndModule { .. },
            _,
        )
        | (FlowStep::Ask { .. } | FlowStep::ShowView { .. } | FlowStep::InvokeModule { .. }, FlowInput::Done) => {
            Meaning::Nothing
        }
        (_, FlowInput::Done) => Meaning::Leave(Exit::Next),
        (_, FlowInput::Failed) => Meaning::Leave(Exit::Error(ErrorType::NoMatchingError)),
        _ => Meaning::Nothing,
    }
}

/// The customer's words reach the action that asked.
fn heard(node: &Node, words: &str, scope: &mut Scope<'_>) -> Meaning {
    match &node.action {
        Action::GetParticipantInput(action) => Meaning::Leave(action.answered(scope, words)),
        Action::ConnectParticipantWithLexBot(bot) => match bot.turn(scope, words) {
            Some(step) => Meaning::Stay(step),
            None => Meaning::Leave(Exit::Error(ErrorType::NoMatchingError)),
        },
        _ => Meaning::Changed,
    }
}

/// A timer counts once its time has come: that of an earlier step may still fire.
fn late(until_ms: i64, scope: &mut Scope<'_>, then: impl FnOnce(&mut Scope<'_>) -> Meaning) -> Meaning {
    if scope.world.now_ms() >= until_ms { then(scope) } else { Meaning::Nothing }
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
