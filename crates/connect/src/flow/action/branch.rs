//! The forks: a value is found, and the conditions decide.

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::{Reader, Whole},
    run::Metric,
    scope::Scope,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// `Compare`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Compare {
    value: Template,
}

impl Compare {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let value = reader.required_text("ComparisonValue")?;
        if !value.is_one_path() {
            reader
                .error("not-a-jsonpath", format!("ComparisonValue must be one JSONPath, this is \"{}\"", value.raw()));
        }
        Some(Self { value })
    }
}

impl Block for Compare {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingCondition],
            optional: &[],
            branches: Branches::Own(&Operator::ALL, None),
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        Enter::Leave(Exit::Value(scope.fill(&self.value)))
    }
}

/// `CheckHoursOfOperation`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct CheckHoursOfOperation {
    hours: Option<Template>,
}

impl CheckHoursOfOperation {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { hours: reader.text("HoursOfOperationId") })
    }
}

impl Block for CheckHoursOfOperation {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::NoMatchingCondition],
            branches: Branches::Values(vec!["True", "False"]),
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let open = match &self.hours {
            None => scope.world.hours_open(None),
            Some(hours) => scope.fill_some(hours).and_then(|id| scope.world.hours_open(Some(&id))),
        };
        match open {
            Some(open) => Enter::Leave(Exit::Value(if open { "True" } else { "False" }.into())),
            None => failed(),
        }
    }
}

/// `CheckMetricData`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct CheckMetricData {
    metric: Metric,
    queue: Option<Template>,
}

impl Metric {
    const ALL: [Self; 5] =
        [Self::AgentsAvailable, Self::AgentsStaffed, Self::AgentsOnline, Self::ContactsInQueue, Self::OldestContactAge];

    fn name(self) -> &'static str {
        match self {
            Self::AgentsAvailable => "NumberOfAgentsAvailable",
            Self::AgentsStaffed => "NumberOfAgentsStaffed",
            Self::AgentsOnline => "NumberOfAgentsOnline",
            Self::ContactsInQueue => "NumberOfContactsInQueue",
            Self::OldestContactAge => "OldestContactInQueueAgeSeconds",
        }
    }
}

impl CheckMetricData {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.not_run_here(&["AgentId"], "agents have no queues of their own");
        let name = reader.required_word("MetricType", &Metric::ALL.map(Metric::name));
        let queue = reader.text("QueueId");
        let metric = Metric::ALL.into_iter().find(|metric| Some(metric.name()) == name)?;
        Some(Self { metric, queue })
    }
}

impl Block for CheckMetricData {
    fn shape(&self) -> Shape {
        let branches = match self.metric {
            // Connect takes only "is anybody there" of agents.
            Metric::AgentsAvailable | Metric::AgentsStaffed | Metric::AgentsOnline => {
                Branches::Own(&[Operator::NumberGreaterThan], Some("0"))
            }
            Metric::ContactsInQueue | Metric::OldestContactAge => Branches::Own(&Operator::NUMERIC, None),
        };
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError, ErrorType::NoMatchingCondition],
            optional: &[],
            branches,
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let number = match &self.queue {
            None => scope.world.metric(self.metric, None),
            Some(queue) => scope.fill_some(queue).and_then(|id| scope.world.metric(self.metric, Some(&id))),
        };
        match number {
            Some(number) => Enter::Leave(Exit::Value(number.to_string())),
            None => failed(),
        }
    }
}

/// `Loop`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Loop {
    count: Whole,
}

impl Loop {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { count: reader.whole("LoopCount", 0..=100)? })
    }
}

impl Block for Loop {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[],
            optional: &[],
            branches: Branches::Values(vec!["ContinueLooping", "DoneLooping"]),
        }
    }

    /// A loop that is done begins anew when the flow comes back to it. A count that cannot be read is none: the
    /// action has no error branch.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let count = self.count.value(scope).unwrap_or_default();
        let done = scope.memory.loops.get(scope.identifier).copied().unwrap_or_default();
        let value = if done < count {
            scope.memory.loops.insert(scope.identifier.to_owned(), done + 1);
            "ContinueLooping"
        } else {
            scope.memory.loops.remove(scope.identifier);
            "DoneLooping"
        };
        Enter::Leave(Exit::Value(value.into()))
    }
}

/// `DistributeByPercentage`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct DistributeByPercentage;

impl DistributeByPercentage {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(_reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self)
    }
}

impl Block for DistributeByPercentage {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingCondition],
            optional: &[],
            branches: Branches::Own(&[Operator::NumberLessThan], None),
        }
    }

    /// A branch's threshold is one more than the sum of the percentages so far: the number drawn is 1..=100.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let drawn = u16::from(scope.world.percentile().min(99)) + 1;
        Enter::Leave(Exit::Value(drawn.to_string()))
    }
}
