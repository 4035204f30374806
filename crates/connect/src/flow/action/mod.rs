//! The actions that are run here, one struct a type, one file a family.

mod attributes;
mod branch;
mod elsewhere;
mod end;
mod input;
mod lambda;
mod lex;
mod metrics;
mod module;
mod processing;
mod queued;
mod routing;
mod say;
mod settings;
mod tags;
mod view;
mod wait;

use std::collections::BTreeMap;

pub(super) use self::{
    attributes::{UpdateContactAttributes, UpdateContactData, UpdateFlowAttributes},
    branch::{CheckHoursOfOperation, CheckMetricData, Compare, DistributeByPercentage, Loop},
    elsewhere::{Elsewhere, KINDS},
    end::{DisconnectParticipant, EndFlowExecution},
    input::GetParticipantInput,
    lambda::InvokeLambdaFunction,
    lex::{ConnectParticipantWithLexBot, Turn},
    metrics::GetMetricData,
    module::{EndFlowModuleExecution, InvokeFlowModule},
    processing::UpdateContactMediaProcessing,
    queued::{DequeueContactAndTransferToQueue, MessageParticipantIteratively},
    routing::{TransferContactToQueue, TransferToFlow, UpdateContactTargetQueue},
    say::MessageParticipant,
    settings::{
        UpdateContactEventHooks, UpdateContactRecordingBehavior, UpdateContactRoutingBehavior,
        UpdateContactTextToSpeechVoice, UpdateFlowLoggingBehavior,
    },
    tags::{TagContact, UntagContact},
    view::ShowView,
    wait::{Wait, WaitEvent},
};
use super::{
    condition::Operator,
    reader::Reader,
    scope::Scope,
    step::FlowStep,
    transitions::{ErrorType, Exit},
};

/// What entering an action comes to.
pub(super) enum Enter {
    /// It is left again at once.
    Leave(Exit),
    /// It is left again at once; where no branch is for it, the flow is over, and the contact stays where it is.
    LeaveOrEnd(Exit),
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
    /// Error branches that Connect refuses here.
    pub(super) refused: &'static [ErrorType],
    /// The conditions.
    pub(super) branches: Branches,
}

impl Shape {
    /// Whether no way leads on from the action.
    pub(super) fn is_terminal(&self) -> bool {
        !self.goes_on && self.required.is_empty() && self.optional.is_empty() && matches!(self.branches, Branches::No)
    }
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
const STRAIGHT: Shape = Shape {
    goes_on: true,
    required: &[ErrorType::NoMatchingError],
    optional: &[],
    refused: &[],
    branches: Branches::No,
};

/// For actions whose error branch many real flows leave out.
const STRAIGHT_AT_BEST: Shape = Shape {
    goes_on: true,
    required: &[],
    optional: &[ErrorType::NoMatchingError],
    refused: &[],
    branches: Branches::No,
};

macro_rules! actions {
    ($($name:ident),* $(,)?) => {
        /// An action that is run here.
        #[derive(Debug, Clone)]
        pub(super) enum Action {
            $($name($name),)*
            /// One of another channel, or of a service that is not here.
            Elsewhere(Elsewhere),
        }

        /// The types of the actions that are run here.
        pub(super) const TYPES: &[&str] = &[$(stringify!($name)),*];

        impl Action {
            /// Reads the parameters of an action of one of [`TYPES`]; `None` when they are wrong.
            pub(super) fn read(type_name: &str, mut reader: Reader<'_>) -> Option<Self> {
                let action = match type_name {
                    $(stringify!($name) => $name::read(&mut reader).map(Self::$name),)*
                    other => {
                        return Elsewhere::kind(other).map(|kind| Self::Elsewhere(Elsewhere::read(kind, reader)));
                    }
                };
                reader.finish();
                action
            }

            /// Its type, as the flow writes it.
            pub(super) fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::Elsewhere(action) => action.type_name(),
                }
            }

            fn block(&self) -> &dyn Block {
                match self {
                    $(Self::$name(block) => block,)*
                    Self::Elsewhere(block) => block,
                }
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
    UpdateContactMediaProcessing,
    UpdateContactData,
    UpdateContactRoutingBehavior,
    UpdateFlowLoggingBehavior,
    UpdateContactRecordingBehavior,
    UpdateContactTextToSpeechVoice,
    DisconnectParticipant,
    EndFlowExecution,
    GetParticipantInput,
    ShowView,
    ConnectParticipantWithLexBot,
    GetMetricData,
    InvokeFlowModule,
    EndFlowModuleExecution,
    DequeueContactAndTransferToQueue,
    MessageParticipantIteratively,
    TagContact,
    UntagContact,
);

/// Every type that is known.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().copied().chain(KINDS.iter().map(|kind| kind.name))
}

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
