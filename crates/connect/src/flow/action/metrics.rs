//! A queue's figures, for the flow to look up.

use serde_json::json;

use super::{Block, Enter, STRAIGHT, Shape, failed};
use crate::flow::{reader::Reader, scope::Scope, template::Template, transitions::Exit, world::Metric};

/// `GetMetricData`: fills `$.Metrics`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct GetMetricData {
    queue: Option<Template>,
    /// Of contacts over this channel alone; without it, over all of them.
    channel: Option<Template>,
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
        let channel = reader.word_or_path("QueueChannel", &["Voice", "Chat", "Task", "Email"]);
        Some(Self { queue: reader.text("QueueId"), channel, of_agent })
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
        let queue = queue.as_deref();
        let Some((name, arn)) = scope.world.queue_names(queue) else { return failed() };
        // Nothing but chats is here: no other channel has contacts or agents.
        let channel = self.channel.as_ref().map(|channel| scope.fill(channel));
        let chats = channel.is_none_or(|channel| channel.eq_ignore_ascii_case("chat"));
        let figure = |metric| scope.world.metric(metric, queue).filter(|_| chats);
        // Without agents there are no figures of them, not zeros (admin guide, flow block Get metrics).
        let online = figure(Metric::AgentsOnline).filter(|online| *online > 0);
        let count = |figure: Option<i64>| json!({"Count": online.and(figure)});
        let (staffed, available) = (figure(Metric::AgentsStaffed), figure(Metric::AgentsAvailable));
        let metrics = json!({
            "Queue": {
                "Name": name,
                "ARN": arn,
                "Size": figure(Metric::ContactsInQueue).unwrap_or_default(),
                // In seconds, unlike CheckMetricData's operand.
                "OldestContactAge": figure(Metric::OldestContactAge).unwrap_or_default() / 1000,
            },
            "Agents": {
                "Online": count(online),
                "Available": count(available),
                "Staffed": count(staffed),
                "AfterContactWork": count(Some(0)),
                "Busy": count(Some(busy(staffed, available))),
                "Missed": count(Some(0)),
                "NonProductive": count(Some(0)),
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
