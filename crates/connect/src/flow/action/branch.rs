//! The forks: a value is found, and the conditions decide.

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::{Reader, Whole},
    scope::Scope,
    template::{JsonPath, Template},
    transitions::{ErrorType, Exit},
    world::Metric,
};

/// `Compare`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Compare {
    value: JsonPath,
}

impl Compare {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let value = reader.required_text("ComparisonValue");
        let path = value.one_path().cloned();
        if path.is_none() && !value.has_placeholder() && !value.raw().is_empty() {
            reader
                .error("not-a-jsonpath", format!("ComparisonValue must be one JSONPath, this is \"{}\"", value.raw()));
        }
        Some(Self { value: path.unwrap_or_default() })
    }

    /// What is compared.
    pub(in crate::flow) fn value(&self) -> &JsonPath {
        &self.value
    }
}

impl Block for Compare {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingCondition],
            optional: &[],
            refused: &[],
            branches: Branches::Own(&Operator::ALL, None),
        }
    }

    fn enter(&self, _scope: &mut Scope<'_>) -> Enter {
        Enter::Leave(Exit::Path(self.value.clone()))
    }
}

/// `CheckHoursOfOperation`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct CheckHoursOfOperation {
    hours: Option<Template>,
}

impl CheckHoursOfOperation {
    /// The hours, where they are written as a plain text.
    pub(in crate::flow) fn hours(&self) -> Option<&str> {
        self.hours.as_ref()?.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.not_mixed("HoursOfOperationId");
        Some(Self { hours: reader.text("HoursOfOperationId") })
    }
}

impl Block for CheckHoursOfOperation {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::NoMatchingCondition],
            refused: &[],
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
    /// Of one agent's queue, of which there are none here.
    of_agent: bool,
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
    /// The queue, where it is written as a plain text.
    pub(in crate::flow) fn queue(&self) -> Option<&str> {
        self.queue.as_ref()?.as_static()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let of_agent = reader.not_here("AgentId", "agents have no queues of their own here");
        let name = reader.required_word("MetricType", &Metric::ALL.map(Metric::name));
        let queue = reader.text("QueueId");
        let metric = Metric::ALL.into_iter().find(|metric| Some(metric.name()) == name)?;
        Some(Self { metric, queue, of_agent })
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
            refused: &[],
            branches,
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let number = match &self.queue {
            _ if self.of_agent => None,
            None => scope.world.metric(self.metric, None),
            Some(queue) => scope.fill_some(queue).and_then(|id| scope.world.metric(self.metric, Some(&id))),
        };
        match number {
            Some(number) => Enter::Leave(Exit::Value(number.to_string())),
            None => failed(),
        }
    }
}

/// `Loop`: so many times, or once for each element of a list. The list's parameters are not published; they are read as
/// the console names them.
#[derive(Debug, Clone)]
pub(in crate::flow) struct Loop {
    over: Over,
    name: Option<String>,
}

#[derive(Debug, Clone)]
enum Over {
    Count(Whole),
    List(Template),
}

/// A list is gone through so far, like a count.
const MOST_ELEMENTS: usize = 100;

impl Loop {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let name = reader.text("LoopName").map(|name| name.raw().to_owned());
        let list = reader.text("Elements");
        let over = match list {
            Some(list) => {
                if name.is_none() {
                    reader.error("missing-parameter", "a Loop over Elements must have a LoopName");
                }
                reader.note("unpublished-parameter", "no page of AWS says how a Loop over a list is written");
                Over::List(list)
            }
            None => Over::Count(reader.whole("LoopCount", 0..=100)),
        };
        Some(Self { over, name })
    }
}

impl Block for Loop {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[],
            optional: &[ErrorType::NoMatchingError],
            refused: &[],
            branches: Branches::Values(vec!["ContinueLooping", "DoneLooping"]),
        }
    }

    /// A loop that is done begins anew when the flow comes back to it. What is no number or no list is an error, where
    /// the flow has a branch for it, and else none.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let elements = match &self.over {
            Over::Count(count) => count.value(scope).map(|count| (count, None)),
            Over::List(list) => list.one_path().and_then(|path| scope.list(path)).map(|mut list| {
                list.truncate(MOST_ELEMENTS);
                (i64::try_from(list.len()).unwrap_or_default(), Some(list))
            }),
        };
        let Some((count, elements)) = elements else { return failed() };
        let done = scope.memory.loops.get(scope.identifier).copied().unwrap_or_default();
        if done >= count {
            scope.memory.loops.remove(scope.identifier);
            return Enter::Leave(Exit::Value("DoneLooping".into()));
        }
        scope.memory.loops.insert(scope.identifier.to_owned(), done + 1);
        if let Some(name) = &self.name {
            let element = elements.as_ref().and_then(|list| list.get(usize::try_from(done).ok()?)).cloned();
            let mut now = serde_json::json!({"Index": done});
            if let (Some(now), Some(elements)) = (now.as_object_mut(), elements) {
                now.insert("Element".into(), element.unwrap_or_default());
                now.insert("Elements".into(), elements.into());
            }
            scope.memory.leave_below("Loop", name, now);
        }
        Enter::Leave(Exit::Value("ContinueLooping".into()))
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
            refused: &[],
            branches: Branches::Own(&[Operator::NumberLessThan], None),
        }
    }

    /// A branch's threshold is one more than the sum of the percentages so far: the number drawn is 1..=100.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let drawn = u16::from(scope.world.percentile().min(99)) + 1;
        Enter::Leave(Exit::Value(drawn.to_string()))
    }
}
