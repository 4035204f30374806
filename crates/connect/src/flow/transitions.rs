//! Where an action can lead, and which way is taken.

use super::{
    condition::Operator,
    scope::Scope,
    template::{JsonPath, Template},
};

/// The place of an action in its flow; only the flow's own reader makes one, so it always leads somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Target(pub(super) usize);

macro_rules! error_types {
    ($($name:ident),* $(,)?) => {
        /// The errors that actions can meet, by their names on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum ErrorType { $($name),* }

        impl ErrorType {
            /// All of them.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name on the wire.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

error_types!(
    NoMatchingError,
    NoMatchingCondition,
    QueueAtCapacity,
    ParticipantNotFound,
    InputTimeLimitExceeded,
    TimeLimitExceeded,
    InvalidPhoneNumber,
    MultipleFoundError,
    NoneFoundError,
    MultipleFound,
    NoneFound,
    ContactNotLinked,
    ChannelMismatch,
    InFlightRedactionConfigurationFailed,
    InvalidCallbackNumber,
    CallbackNumberNotDialable,
    CallFailed,
    ConnectionTimeLimitExceeded,
);

impl ErrorType {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.name() == name)
    }
}

/// `Transitions`.
#[derive(Debug, Clone, Default)]
pub(super) struct Transitions {
    pub(super) next: Option<Target>,
    pub(super) errors: Vec<(ErrorType, Target)>,
    pub(super) conditions: Vec<Branch>,
}

/// One of `Conditions`.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub(super) operator: Operator,
    pub(super) operand: Template,
    pub(super) target: Target,
}

/// How an action is left.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Exit {
    /// It is done.
    Next,
    /// It met an error.
    Error(ErrorType),
    /// It found a value, and the conditions decide.
    Value(String),
    /// What stands at a path decides: its value, or what is below it.
    Path(JsonPath),
}

/// The way that is taken: what the path calls it, and where it leads. `None`: nowhere.
#[derive(Debug, PartialEq)]
pub(super) struct Route {
    pub(super) outcome: String,
    pub(super) target: Option<Target>,
}

impl Transitions {
    /// The way out. An error without a branch of its own takes `NoMatchingError`'s, the catch-all. An action with
    /// conditions has its fallback in `NextAction` (so Connect writes it), and takes that when nothing else is there.
    pub(super) fn route(&self, exit: &Exit, scope: &Scope<'_>) -> Route {
        match exit {
            Exit::Next => Route { outcome: "Success".into(), target: self.next },
            Exit::Error(error) => self.failed(*error),
            Exit::Value(value) => self.decide(|branch| branch.operator.holds(value, &scope.fill(&branch.operand))),
            Exit::Path(path) => {
                let value = scope.value(path).unwrap_or_default();
                self.decide(|branch| match branch.operator {
                    Operator::KeyExists => scope.has_key(path, &scope.fill(&branch.operand)),
                    operator => operator.holds(&value, &scope.fill(&branch.operand)),
                })
            }
        }
    }

    /// The first branch that holds.
    fn decide(&self, holds: impl Fn(&Branch) -> bool) -> Route {
        match self.conditions.iter().find(|branch| holds(branch)) {
            Some(branch) => Route { outcome: branch.label(), target: Some(branch.target) },
            None => self.failed(ErrorType::NoMatchingCondition),
        }
    }

    fn failed(&self, error: ErrorType) -> Route {
        let fallback = self.next.filter(|_| !self.conditions.is_empty());
        let target = match error {
            ErrorType::NoMatchingCondition => {
                self.error(error).or(fallback).or_else(|| self.error(ErrorType::NoMatchingError))
            }
            _ => self.error(error).or_else(|| self.error(ErrorType::NoMatchingError)).or(fallback),
        };
        Route { outcome: error.name().into(), target }
    }

    pub(super) fn error(&self, error: ErrorType) -> Option<Target> {
        self.errors.iter().find(|(kind, _)| *kind == error).map(|(_, target)| *target)
    }

    /// Every place it leads to.
    pub(super) fn targets(&self) -> impl Iterator<Item = Target> {
        let errors = self.errors.iter().map(|(_, target)| *target);
        self.next.into_iter().chain(errors).chain(self.conditions.iter().map(|branch| branch.target))
    }
}

impl Branch {
    /// As the path shows it: the author's words, never the customer's.
    pub(super) fn label(&self) -> String {
        match self.operator {
            Operator::Equals => self.operand.raw().to_owned(),
            other => format!("{} {}", other.name(), self.operand.raw()),
        }
    }
}
