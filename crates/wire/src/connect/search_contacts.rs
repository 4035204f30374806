//! `SearchContacts`: `POST /search-contacts`.

use std::cmp::Reverse;

use axum::response::Response;
use relevo_connect::api::{Attributes, ContactAgent, ContactDescription};
use serde_json::{Value, json};

use super::{ANY, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
    paging::Paging,
};

/// A time of a contact, in ms.
type Time = fn(&ContactDescription) -> Option<i64>;

const TIMES: [(&str, Time); 5] = [
    ("INITIATION_TIMESTAMP", |it| Some(it.initiation_ms)),
    ("SCHEDULED_TIMESTAMP", |_| None),
    ("CONNECTED_TO_AGENT_TIMESTAMP", |it| it.agent.as_ref().and_then(|agent| agent.connected_ms)),
    ("DISCONNECT_TIMESTAMP", |it| it.disconnect_ms),
    ("ENQUEUE_TIMESTAMP", |it| it.queue.as_ref().map(|(_, at_ms)| *at_ms)),
];

/// How several things that are looked for go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    All,
    Any,
    Exact,
    None,
}

const MATCHES: [(&str, Match); 4] =
    [("MATCH_ALL", Match::All), ("MATCH_ANY", Match::Any), ("MATCH_EXACT", Match::Exact), ("MATCH_NONE", Match::None)];

/// One thing that must hold of a contact.
enum Criterion {
    Queue(Vec<String>),
    Agent(Vec<String>),
    Name(Vec<String>, Match),
    /// Keys with their values.
    Attributes(Vec<(String, Vec<String>)>, Match),
    Segment(Vec<(String, Vec<String>)>, Match),
    /// Channels or ways to begin among which a chat's is not.
    Nothing,
}

struct Request {
    instance_id: String,
    time: Time,
    from_ms: i64,
    to_ms: i64,
    criteria: Vec<Criterion>,
    sort: Time,
    descending: bool,
    paging: Paging,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let request = read(call)?;
    let mut found = wire.centre.describe_contacts(&request.instance_id).await?;
    found.retain(|contact| {
        let within = (request.time)(contact).is_some_and(|at_ms| (request.from_ms..=request.to_ms).contains(&at_ms));
        within && request.criteria.iter().all(|criterion| holds(criterion, contact))
    });
    if request.descending {
        found.sort_by_cached_key(|contact| (Reverse((request.sort)(contact)), contact.id.clone()));
    } else {
        found.sort_by_cached_key(|contact| ((request.sort)(contact), contact.id.clone()));
    }
    let total = found.len();
    let (page, next) = request.paging.cut(found)?;
    let page: Vec<Value> = page.into_iter().map(summary).collect();
    Ok(answer::ok(answer::structure([
        ("Contacts", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
        ("TotalCount", Some(json!(total))),
    ])))
}

fn holds(criterion: &Criterion, contact: &ContactDescription) -> bool {
    match criterion {
        Criterion::Queue(ids) => contact.queue.as_ref().is_some_and(|(queue, _)| ids.iter().any(|id| is(id, queue))),
        Criterion::Agent(ids) => contact.agent.as_ref().is_some_and(|agent| ids.iter().any(|id| is(id, &agent.id))),
        Criterion::Name(texts, how) => {
            let name = contact.name.as_deref().unwrap_or_default().to_lowercase();
            matches(texts, *how, |text| match how {
                Match::Exact => name == text.to_lowercase(),
                _ => name.contains(&text.to_lowercase()),
            })
        }
        Criterion::Attributes(wanted, how) => have(wanted, *how, &contact.attributes),
        Criterion::Segment(wanted, how) => have(wanted, *how, &contact.segment_attributes),
        Criterion::Nothing => false,
    }
}

/// By its id, or the end of its ARN.
fn is(named: &str, id: &str) -> bool {
    named.rsplit('/').next() == Some(id)
}

fn have(wanted: &[(String, Vec<String>)], how: Match, attributes: &Attributes) -> bool {
    matches(wanted, how, |(key, values)| attributes.get(key).is_some_and(|value| values.contains(value)))
}

fn matches<T>(wanted: &[T], how: Match, found: impl Fn(&T) -> bool) -> bool {
    match how {
        Match::All | Match::Exact => wanted.iter().all(found),
        Match::Any => wanted.is_empty() || wanted.iter().any(found),
        Match::None => !wanted.iter().any(found),
    }
}

fn summary(contact: ContactDescription) -> Value {
    let queue = |(id, at_ms): (String, i64)| json!({"Id": id, "EnqueueTimestamp": answer::epoch_seconds(at_ms)});
    let agent = |agent: ContactAgent| {
        let connected = agent.connected_ms.map(answer::epoch_seconds);
        answer::structure([("Id", Some(json!(agent.id))), ("ConnectedToAgentTimestamp", connected)])
    };
    let segment: Value =
        contact.segment_attributes.into_iter().map(|(name, value)| (name, json!({ "ValueString": value }))).collect();
    answer::structure([
        ("Arn", Some(json!(contact.arn))),
        ("Id", Some(json!(contact.id))),
        ("InitiationMethod", Some(json!(contact.initiation_method))),
        ("Channel", Some(json!("CHAT"))),
        ("QueueInfo", contact.queue.map(queue)),
        ("AgentInfo", contact.agent.map(agent)),
        ("InitiationTimestamp", Some(answer::epoch_seconds(contact.initiation_ms))),
        ("DisconnectTimestamp", contact.disconnect_ms.map(answer::epoch_seconds)),
        ("SegmentAttributes", Some(segment)),
        ("Name", contact.name.map(Value::from)),
        ("Tags", (!contact.tags.is_empty()).then(|| json!(contact.tags))),
    ])
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let range = members.required_structure("TimeRange");
    let time = range.as_ref().and_then(|it| it.required_word("Type", &TIMES));
    let moment = |name: &str| {
        let range = range.as_ref()?;
        range.require(name);
        range.time(name)
    };
    let sort = members.structure("Sort");
    let by = sort.as_ref().and_then(|it| it.required_word("FieldName", &SORTED));
    let order = sort.as_ref().and_then(|it| it.required_word("Order", &[("ASCENDING", false), ("DESCENDING", true)]));
    let criteria = members.structure("SearchCriteria");
    let request = Request {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        time: time.unwrap_or(TIMES[0].1),
        from_ms: moment("StartTime").unwrap_or_default(),
        to_ms: moment("EndTime").unwrap_or_default(),
        criteria: criteria.as_ref().map(read_criteria).unwrap_or_default(),
        sort: by.unwrap_or(TIMES[0].1),
        descending: order.unwrap_or(true),
        paging: Paging::read("SearchContacts", &members, 100),
    };
    faults.check()?;
    let others = [
        "AgentHierarchyGroups",
        "ContactAnalysis",
        "RoutingCriteria",
        "AdditionalTimeRange",
        "ActiveRegions",
        "ContactTags",
        "AiAgents",
    ];
    for name in others {
        if criteria.as_ref().is_some_and(|it| it.value(name).is_some()) {
            let message = format!("SearchCriteria.{name} is not supported by Relevo");
            return Err(AwsError::new(Kind::InvalidParameter, message));
        }
    }
    if request.from_ms > request.to_ms {
        let message = "TimeRange.StartTime must not be after TimeRange.EndTime";
        return Err(AwsError::new(Kind::InvalidParameter, message));
    }
    Ok(request)
}

/// Times, and what is the same for every chat.
const SORTED: [(&str, Time); 7] = [
    TIMES[0],
    TIMES[1],
    TIMES[2],
    TIMES[3],
    ("INITIATION_METHOD", |_| None),
    ("CHANNEL", |_| None),
    ("EXPIRY_TIMESTAMP", |_| None),
];

fn read_criteria(it: &Members<'_>) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    let ids = |name: &str| it.list_of_texts(name, &(0..=100), &ANY);
    let (queues, agents) = (ids("QueueIds"), ids("AgentIds"));
    criteria.extend((!queues.is_empty()).then_some(Criterion::Queue(queues)));
    criteria.extend((!agents.is_empty()).then_some(Criterion::Agent(agents)));
    let channels = it.list_of_words("Channels", &ANY, &CHANNELS);
    let methods = it.list_of_words("InitiationMethods", &ANY, &METHODS);
    if [channels, methods].iter().any(|words| !words.is_empty() && !words.contains(&true)) {
        criteria.push(Criterion::Nothing);
    }
    if let Some(name) = it.structure("Name") {
        name.require("SearchText");
        let texts = name.list_of_texts("SearchText", &(0..=100), &(0..=128));
        criteria.push(Criterion::Name(texts, name.required_word("MatchType", &MATCHES).unwrap_or(Match::All)));
    }
    let attributes = |name: &str| {
        let of = it.structure(name)?;
        of.require("Criteria");
        let wanted = of.list_of_structures("Criteria", &(0..=15));
        let pair = |one: &Members<'_>| {
            one.require("Values");
            (one.required_text("Key", &(1..=100)), one.list_of_texts("Values", &(0..=20), &ANY))
        };
        Some((wanted.iter().map(pair).collect(), of.word("MatchType", &MATCHES).unwrap_or(Match::All)))
    };
    criteria.extend(attributes("SearchableContactAttributes").map(|(wanted, how)| Criterion::Attributes(wanted, how)));
    criteria.extend(attributes("SearchableSegmentAttributes").map(|(wanted, how)| Criterion::Segment(wanted, how)));
    criteria
}

/// Whether a chat is of this channel.
const CHANNELS: [(&str, bool); 4] = [("VOICE", false), ("CHAT", true), ("TASK", false), ("EMAIL", false)];

/// Whether a chat began this way.
const METHODS: [(&str, bool); 12] = [
    ("INBOUND", false),
    ("OUTBOUND", false),
    ("TRANSFER", false),
    ("QUEUE_TRANSFER", false),
    ("CALLBACK", false),
    ("API", true),
    ("DISCONNECT", false),
    ("MONITOR", false),
    ("EXTERNAL_OUTBOUND", false),
    ("WEBRTC_API", false),
    ("AGENT_REPLY", false),
    ("FLOW", false),
];
