//! `GetCurrentMetricData`: `POST /metrics/current/{InstanceId}`, of queues.

use axum::response::Response;
use relevo_connect::directory::{QueueEntry, QueueFigures};
use serde_json::{Value, json};

use super::{ANY, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
    paging::Paging,
};

/// A metric, as the service names it.
#[derive(Debug, Clone, Copy)]
struct Metric {
    name: &'static str,
    of: fn(&QueueFigures, i64) -> i64,
}

/// The age in ms: without groupings it is answered so, whatever its unit says.
const OLDEST: &str = "OLDEST_CONTACT_AGE";

#[rustfmt::skip]
const METRICS: [Metric; 13] = [
    Metric { name: "AGENTS_ONLINE", of: |it, _| it.online.into() },
    Metric { name: "AGENTS_AVAILABLE", of: |it, _| it.available.into() },
    Metric { name: "AGENTS_ON_CALL", of: |it, _| it.on_contact.into() },
    Metric { name: "AGENTS_ON_CONTACT", of: |it, _| it.on_contact.into() },
    Metric { name: "AGENTS_NON_PRODUCTIVE", of: |it, _| it.online.saturating_sub(it.staffed).into() },
    Metric { name: "AGENTS_AFTER_CONTACT_WORK", of: |it, _| it.after_contact_work.into() },
    Metric { name: "AGENTS_ERROR", of: |_, _| 0 },
    Metric { name: "AGENTS_STAFFED", of: |it, _| it.staffed.into() },
    Metric { name: "CONTACTS_IN_QUEUE", of: |it, _| it.queued.into() },
    Metric { name: "CONTACTS_SCHEDULED", of: |_, _| 0 },
    Metric { name: OLDEST, of: |it, now| it.oldest_enqueued_ms.map_or(0, |since| (now - since).max(0)) },
    Metric { name: "SLOTS_ACTIVE", of: |it, _| it.active.into() },
    Metric { name: "SLOTS_AVAILABLE", of: |it, _| it.free_places.into() },
];

/// What the results are apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    Queue,
    Channel,
}

struct Request {
    instance_id: String,
    queues: Vec<String>,
    /// Chats are among the channels that are asked for.
    chats: bool,
    groupings: Vec<Grouping>,
    metrics: Vec<Metric>,
    /// By what the results are sorted, and whether the greatest goes first.
    sort: (Metric, bool),
    paging: Paging,
}

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let request = read(call)?;
    let mut queues: Vec<QueueEntry> = Vec::new();
    for named in &request.queues {
        let queue = wire.centre.describe_queue(&request.instance_id, named)?;
        if !queues.contains(&queue) {
            queues.push(queue);
        }
    }
    let now_ms = wire.centre.now_ms();
    let groups: Vec<Vec<QueueEntry>> = match request.groupings.contains(&Grouping::Queue) {
        _ if !request.chats => Vec::new(),
        true => queues.into_iter().map(|queue| vec![queue]).collect(),
        false => vec![queues],
    };
    let mut results: Vec<(i64, Value)> = Vec::new();
    for group in groups {
        let ids: Vec<&str> = group.iter().map(|queue| queue.id.as_str()).collect();
        let figures = wire.centre.queue_figures(&request.instance_id, &ids)?;
        let (by, descending) = request.sort;
        let value = (by.of)(&figures, now_ms);
        results.push((if descending { -value } else { value }, result(&request, &group, &figures, now_ms)));
    }
    results.sort_by_key(|(rank, _)| *rank);
    let total = results.len();
    let (page, next) = request.paging.cut(results)?;
    let page: Vec<Value> = page.into_iter().map(|(_, result)| result).collect();
    Ok(answer::ok(answer::structure([
        ("MetricResults", Some(json!(page))),
        ("DataSnapshotTime", Some(answer::epoch_seconds(now_ms))),
        ("ApproximateTotalCount", Some(json!(total))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}

fn result(request: &Request, group: &[QueueEntry], figures: &QueueFigures, now_ms: i64) -> Value {
    let groupings = &request.groupings;
    let queue = group.first().filter(|_| groupings.contains(&Grouping::Queue));
    let dimensions = answer::structure([
        ("Queue", queue.map(|queue| json!({"Id": queue.id, "Arn": queue.arn}))),
        ("Channel", groupings.contains(&Grouping::Channel).then(|| json!("CHAT"))),
    ]);
    let grouped = !groupings.is_empty();
    let collections: Vec<Value> = request.metrics.iter().map(|it| collection(*it, figures, now_ms, grouped)).collect();
    json!({"Dimensions": dimensions, "Collections": collections})
}

fn collection(metric: Metric, figures: &QueueFigures, now_ms: i64, grouped: bool) -> Value {
    let value = (metric.of)(figures, now_ms);
    let value = if metric.name == OLDEST && grouped { value / 1_000 } else { value };
    json!({"Metric": {"Name": metric.name, "Unit": unit(metric)}, "Value": value})
}

fn unit(metric: Metric) -> &'static str {
    if metric.name == OLDEST { "SECONDS" } else { "COUNT" }
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let filters = members.required_structure("Filters");
    let channels = [("VOICE", false), ("CHAT", true), ("TASK", false), ("EMAIL", false)];
    let channels = filters.as_ref().map(|it| it.list_of_words("Channels", &(0..=4), &channels)).unwrap_or_default();
    let groupings = [("QUEUE", Grouping::Queue), ("CHANNEL", Grouping::Channel)];
    members.require("CurrentMetrics");
    let sort = members.list_of_structures("SortCriteria", &(0..=1));
    let request = Request {
        instance_id: call.label("InstanceId", &INSTANCE_ID, &faults),
        queues: filters.as_ref().map(|it| it.list_of_texts("Queues", &(1..=100), &ANY)).unwrap_or_default(),
        chats: channels.is_empty() || channels.contains(&true),
        groupings: members.list_of_words("Groupings", &(0..=2), &groupings),
        metrics: members.list_of_structures("CurrentMetrics", &ANY).iter().filter_map(metric).collect(),
        sort: sort.first().map_or((METRICS[0], true), sorted),
        paging: Paging::read("GetCurrentMetricData", &members, 100),
    };
    faults.check()?;
    let unsupported = |name: &str| {
        let message = format!("Filters.{name} is not supported by Relevo");
        Err(AwsError::new(Kind::InvalidParameter, message))
    };
    for name in ["RoutingProfiles", "RoutingStepExpressions", "AgentStatuses", "Subtypes", "ValidationTestTypes"] {
        if filters.as_ref().is_some_and(|it| it.value(name).is_some()) {
            return unsupported(name);
        }
    }
    if request.queues.is_empty() || request.metrics.is_empty() {
        let missing = if request.queues.is_empty() { "Filters.Queues" } else { "CurrentMetrics" };
        return Err(AwsError::new(Kind::InvalidParameter, format!("{missing} must have at least one member")));
    }
    Ok(request)
}

/// One metric; nothing where a fault was noted.
fn metric(it: &Members<'_>) -> Option<Metric> {
    if it.value("MetricId").is_some() {
        it.faults().constraint(&it.path_of("MetricId"), "Relevo supports metrics by Name alone");
    }
    let metric = it.required_word("Name", &METRICS.map(|metric| (metric.name, metric)))?;
    let given = it.word("Unit", &["SECONDS", "COUNT", "PERCENT"].map(|unit| (unit, unit)));
    if given.is_some_and(|given| given != unit(metric)) {
        it.faults().constraint(&it.path_of("Unit"), &format!("Member must be {} for this metric", unit(metric)));
    }
    Some(metric)
}

fn sorted(it: &Members<'_>) -> (Metric, bool) {
    // The service does not sort by slots.
    let by: Vec<(&str, Metric)> =
        METRICS.iter().filter(|it| !it.name.starts_with("SLOTS")).map(|it| (it.name, *it)).collect();
    let by = it.word("SortByMetric", &by).unwrap_or(METRICS[0]);
    (by, it.word("SortOrder", &[("ASCENDING", false), ("DESCENDING", true)]).unwrap_or(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_in_seconds_where_results_are_grouped() {
        let figures =
            QueueFigures { online: 5, staffed: 3, queued: 2, oldest_enqueued_ms: Some(1_000), ..Default::default() };
        let value = |name: &str, grouped| {
            let metric = METRICS.into_iter().find(|metric| metric.name == name).unwrap();
            collection(metric, &figures, 25_113, grouped)["Value"].as_i64().unwrap()
        };
        assert_eq!((value(OLDEST, false), value(OLDEST, true)), (24_113, 24));
        assert_eq!((value("CONTACTS_IN_QUEUE", true), value("AGENTS_NON_PRODUCTIVE", true)), (2, 2));
        assert_eq!(collection(METRICS[10], &QueueFigures::default(), 5, false)["Value"], 0);
    }
}
