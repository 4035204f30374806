//! The actions that are run here, one struct a type, one file a family.

mod attributes;
mod branch;
mod end;
mod lambda;
mod not_here;
mod routing;
mod say;
mod settings;
mod wait;

use std::collections::BTreeMap;

pub(super) use self::{
    attributes::{UpdateContactAttributes, UpdateContactData, UpdateFlowAttributes},
    branch::{CheckHoursOfOperation, CheckMetricData, Compare, DistributeByPercentage, Loop},
    end::{DisconnectParticipant, EndFlowExecution},
    lambda::InvokeLambdaFunction,
    not_here::NOT_RUN_HERE,
    routing::{TransferContactToQueue, TransferToFlow, UpdateContactTargetQueue},
    say::MessageParticipant,
    settings::{
        UpdateContactEventHooks, UpdateContactRecordingBehavior, UpdateContactRoutingBehavior,
        UpdateContactTextToSpeechVoice, UpdateFlowLoggingBehavior,
    },
    wait::{Wait, WaitEvent},
};
use super::{
    condition::Operator,
    reader::Reader,
    run::FlowStep,
    scope::Scope,
    transitions::{ErrorType, Exit},
};

/// What entering an action comes to.
pub(super) enum Enter {
    /// It is left again at once.
    Leave(Exit),
    /// The centre has something to do or to wait for; the run stands here.
    Stand(FlowStep),
    /// The flow is over with this step.
    Over(FlowStep),
}

/// What every action can do.
trait Block {
    fn shape(&self) -> Shape;
    fn enter(&self, scope: &mut Scope<'_>) -> Enter;
}

/// Which transitions belong to an action.
pub(super) struct Shape {
    /// Whether `NextAction` must be there.
    pub(super) goes_on: bool,
    /// Error branches that must be there.
    pub(super) required: &'static [ErrorType],
    /// Error branches that may be there too.
    pub(super) optional: &'static [ErrorType],
    /// The conditions.
    pub(super) branches: Branches,
}

/// Which conditions belong to an action.
pub(super) enum Branches {
    /// None.
    No,
    /// `Equals` one of these values, and each of them should have its branch.
    Values(Vec<&'static str>),
    /// The author's own, with these operators, and only this operand where one is named.
    Own(&'static [Operator], Option<&'static str>),
}

/// The usual shape: one way on, one catch-all.
const STRAIGHT: Shape =
    Shape { goes_on: true, required: &[ErrorType::NoMatchingError], optional: &[], branches: Branches::No };

/// For actions whose error branch many real flows leave out.
const STRAIGHT_AT_BEST: Shape =
    Shape { goes_on: true, required: &[], optional: &[ErrorType::NoMatchingError], branches: Branches::No };

macro_rules! actions {
    ($($name:ident),* $(,)?) => {
        /// An action that is run here.
        #[derive(Debug, Clone)]
        pub(super) enum Action { $($name($name)),* }

        /// The types of the actions that are run here.
        pub(super) const TYPES: &[&str] = &[$(stringify!($name)),*];

        impl Action {
            /// Reads the parameters of an action of one of [`TYPES`]; `None` when they are wrong.
            pub(super) fn read(type_name: &str, mut reader: Reader<'_>) -> Option<Self> {
                let action = match type_name {
                    $(stringify!($name) => $name::read(&mut reader).map(Self::$name),)*
                    _ => return None,
                };
                reader.finish();
                action
            }

            /// Its type, as the flow writes it.
            pub(super) fn type_name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name)),* }
            }

            fn block(&self) -> &dyn Block {
                match self { $(Self::$name(block) => block),* }
            }
        }
    };
}

actions!(
    MessageParticipant,
    InvokeLambdaFunction,
    Wait,
    Compare,
    UpdateContactAttributes,
    UpdateFlowAttributes,
    UpdateContactTargetQueue,
    TransferContactToQueue,
    TransferToFlow,
    CheckHoursOfOperation,
    CheckMetricData,
    Loop,
    DistributeByPercentage,
    UpdateContactEventHooks,
    UpdateContactData,
    UpdateContactRoutingBehavior,
    UpdateFlowLoggingBehavior,
    UpdateContactRecordingBehavior,
    UpdateContactTextToSpeechVoice,
    DisconnectParticipant,
    EndFlowExecution,
);

impl Action {
    /// Which transitions belong to it.
    pub(super) fn shape(&self) -> Shape {
        self.block().shape()
    }

    /// What to do when the flow comes to it.
    pub(super) fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        self.block().enter(scope)
    }
}

fn failed() -> Enter {
    Enter::Leave(Exit::Error(ErrorType::NoMatchingError))
}

/// Stands at a step with these values, or goes on where there is nothing to set.
fn set(values: BTreeMap<String, String>, step: fn(BTreeMap<String, String>) -> FlowStep) -> Enter {
    if values.is_empty() { Enter::Leave(Exit::Next) } else { Enter::Stand(step(values)) }
}
