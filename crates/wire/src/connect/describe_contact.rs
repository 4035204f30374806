//! `DescribeContact`: `GET /contacts/{InstanceId}/{ContactId}`.

use axum::response::Response;
use relevo_connect::api::ContactDescription;
use serde_json::{Value, json};

use super::labels;
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let contact = wire.centre.describe_contact(&instance_id, &contact_id).await?;
    Ok(answer::ok(json!({ "Contact": describe(contact) })))
}

fn describe(contact: ContactDescription) -> Value {
    let queue = contact
        .queue
        .map(|(id, enqueued_ms)| json!({ "Id": id, "EnqueueTimestamp": answer::epoch_seconds(enqueued_ms) }));
    let agent = contact.agent.map(
        |(id, connected_ms)| json!({ "Id": id, "ConnectedToAgentTimestamp": answer::epoch_seconds(connected_ms) }),
    );
    let segment_attributes: Value =
        contact.segment_attributes.into_iter().map(|(name, value)| (name, json!({ "ValueString": value }))).collect();
    let endpoint = |address: &String| {
        let kind = if address.starts_with("arn:") { "CONNECT_PHONENUMBER_ARN" } else { "TELEPHONE_NUMBER" };
        json!({ "Type": kind, "Address": address })
    };
    let line = contact.line.as_ref();
    answer::structure([
        ("Arn", Some(json!(contact.arn))),
        ("Id", Some(json!(contact.id))),
        ("InitialContactId", contact.initial_contact_id.map(Value::from)),
        ("RelatedContactId", contact.related_contact_id.map(Value::from)),
        ("InitiationMethod", Some(json!(contact.initiation_method))),
        ("Name", contact.name.map(Value::from)),
        ("Description", contact.description.map(Value::from)),
        ("Channel", Some(json!("CHAT"))),
        ("QueueInfo", queue),
        ("AgentInfo", agent),
        ("InitiationTimestamp", Some(answer::epoch_seconds(contact.initiation_ms))),
        ("LastUpdateTimestamp", Some(answer::epoch_seconds(contact.last_update_ms))),
        ("DisconnectTimestamp", contact.disconnect_ms.map(answer::epoch_seconds)),
        ("DisconnectReason", contact.disconnect_reason.map(Value::from)),
        ("CustomerId", contact.customer_id.map(Value::from)),
        ("CustomerEndpoint", line.map(|line| endpoint(&line.customer))),
        ("SystemEndpoint", line.map(|line| endpoint(&line.system))),
        ("ContactAssociationId", Some(json!(contact.association_id))),
        ("Tags", (!contact.tags.is_empty()).then(|| json!(contact.tags))),
        ("QueuePriority", Some(json!(contact.routing.0))),
        ("QueueTimeAdjustmentSeconds", Some(json!(contact.routing.1))),
        ("LanguageCode", contact.language_code.map(Value::from)),
        ("Attributes", Some(json!(contact.attributes))),
        ("SegmentAttributes", Some(segment_attributes)),
    ])
}
