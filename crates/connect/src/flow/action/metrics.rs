//! A queue's figures, for the flow to look up.

use serde_json::{Value, json};

use super::{Block, Enter, STRAIGHT, Shape, failed};
use crate::flow::{reader::Reader, scope::Scope, template::Template, transitions::Exit, world::Metric};

/// `GetMetricData`: fills `$.Metrics`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct GetMetricData {
    queue: Option<Template>,
    /// Of one agent's queue, of which there are none here.
    of_agent: bool,
}

impl GetMetricData {
    /// The queue, where it is written as a plain text.
    pub(in crate::flow) fn queue(&self) -> Option<&str> {
        self.queue.as_ref()?.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let of_agent = reader.not_here("AgentId", "agents have no queues of their own here");
        reader.word("QueueChannel", &["Voice", "Chat", "Task", "Email"]);
        Some(Self { queue: reader.text("QueueId"), of_agent })
    }
}

impl Block for GetMetricData {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    /// The figures of this moment: they stay as they are until the flow asks again.
    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let queue = match &self.queue {
            _ if self.of_agent => return failed(),
            None => None,
            Some(queue) => match scope.fill_some(queue) {
                Some(queue) => Some(queue),
                None => return failed(),
            },
        };
        let figure = |metric| scope.world.metric(metric, queue.as_deref());
        let Some(size) = figure(Metric::ContactsInQueue) else { return failed() };
        let count = |metric| json!({"Count": figure(metric).unwrap_or_default()});
        let system = |path: &[&str]| scope.world.system(path).map(Value::from);
        let metrics = json!({
            "Queue": {
                "Name": system(&["Queue", "Name"]),
                "ARN": system(&["Queue", "ARN"]),
                "Size": size,
                // In seconds, unlike CheckMetricData's operand.
                "OldestContactAge": figure(Metric::OldestContactAge).unwrap_or_default() / 1000,
            },
            "Agents": {
                "Online": count(Metric::AgentsOnline),
                "Available": count(Metric::AgentsAvailable),
                "Staffed": count(Metric::AgentsStaffed),
                "AfterContactWork": {"Count": 0},
                "Busy": {"Count": busy(figure(Metric::AgentsStaffed), figure(Metric::AgentsAvailable))},
                "Missed": {"Count": 0},
                "NonProductive": {"Count": 0},
            },
            "Contact": {"PositionInQueue": scope.world.position_in_queue()},
        });
        scope.memory.leave("Metrics", metrics);
        Enter::Leave(Exit::Next)
    }
}

fn busy(staffed: Option<i64>, available: Option<i64>) -> i64 {
    (staffed.unwrap_or_default() - available.unwrap_or_default()).max(0)
}
