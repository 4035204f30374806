//! `ListQueues`: `GET /queues-summary/{InstanceId}`.

use axum::response::Response;
use relevo_connect::directory::QueueEntry;
use serde_json::{Value, json};

use super::INSTANCE_ID;
use crate::{
    Wire, answer,
    call::{Call, InQuery},
    error::AwsError,
    input::{Faults, Members},
    paging::{self, Paging},
};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let [token, size] = paging::IN_QUERY;
    let query = call.query_members(&[token, size, ("queueTypes", "QueueTypes", InQuery::List)])?;
    let faults = Faults::default();
    let members = Members::of(&query, &faults);
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let of_agents = members.list_of_words("QueueTypes", &(0..=2), &[("STANDARD", false), ("AGENT", true)]);
    let paging = Paging::read("ListQueues", &members, 1000);
    faults.check()?;

    let mut queues = wire.centre.list_queues(&instance_id)?;
    queues.retain(|queue| of_agents.is_empty() || of_agents.contains(&queue.of_agent));
    let (page, next) = paging.cut(queues)?;
    let region = wire.centre.config().region.clone();
    let page: Vec<Value> = page.iter().map(|queue| summary(queue, &region)).collect();
    Ok(answer::ok(answer::structure([
        ("QueueSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}

fn summary(queue: &QueueEntry, region: &str) -> Value {
    answer::structure([
        ("Id", Some(json!(queue.id))),
        ("Arn", Some(json!(queue.arn))),
        ("Name", queue.name.as_ref().map(|name| json!(name))),
        ("QueueType", Some(json!(if queue.of_agent { "AGENT" } else { "STANDARD" }))),
        ("LastModifiedRegion", Some(json!(region))),
    ])
}
