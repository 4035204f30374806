//! `DescribeQueue`: `GET /queues/{InstanceId}/{QueueId}`.

use axum::response::Response;
use relevo_connect::directory::QueueEntry;
use serde_json::{Value, json};

use super::{NAME, two_labels};
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, queue_id) = two_labels(call, "QueueId", &NAME)?;
    let queue = wire.centre.describe_queue(&instance_id, &queue_id)?;
    Ok(answer::ok(json!({ "Queue": described(queue, &wire.centre.config().region) })))
}

/// A queue, as it is described and found.
pub(super) fn described(queue: QueueEntry, region: &str) -> Value {
    answer::structure([
        ("QueueId", Some(json!(queue.id))),
        ("QueueArn", Some(json!(queue.arn))),
        ("Name", queue.name.map(|name| json!(name))),
        ("HoursOfOperationId", queue.hours_id.map(|id| json!(id))),
        ("MaxContacts", queue.capacity.map(|capacity| json!(capacity))),
        ("Status", Some(json!("ENABLED"))),
        ("LastModifiedRegion", Some(json!(region))),
    ])
}
