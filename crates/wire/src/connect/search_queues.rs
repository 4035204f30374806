//! `SearchQueues`: `POST /search-queues`.

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    describe_queue::described,
    search::{self, Search},
};
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let words = [("QueueTypeCondition", &["STANDARD"][..])];
    let Search { instance_id, criterion, paging } = search::read(call, "SearchQueues", 500, &words)?;
    let mut queues = wire.centre.list_queues(&instance_id)?;
    // The agents' queues have no names, and are not found.
    queues.retain(|queue| !queue.of_agent);
    queues.retain(|queue| {
        let tell = |what: &str| match what {
            "name" => queue.name.as_deref(),
            "resourceID" => Some(queue.id.as_str()),
            "QueueTypeCondition" => Some("STANDARD"),
            _ => None,
        };
        criterion.as_ref().is_none_or(|criterion| criterion.holds(&tell))
    });
    let total = queues.len();
    let (page, next) = paging.cut(queues)?;
    let region = wire.centre.config().region.clone();
    let page: Vec<Value> = page.into_iter().map(|queue| described(queue, &region)).collect();
    Ok(answer::ok(answer::structure([
        ("Queues", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
        ("ApproximateTotalCount", Some(json!(total))),
    ])))
}
