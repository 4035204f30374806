//! `DescribeContact`: `GET /contacts/{InstanceId}/{ContactId}`.

use axum::response::Response;
use relevo_connect::api::{
    ContactAgent, ContactDescription,
    metrics::{ChatMetrics, ParticipantMetrics},
};
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
        ("AgentInfo", contact.agent.as_ref().map(agent)),
        ("InitiationTimestamp", Some(answer::epoch_seconds(contact.initiation_ms))),
        ("LastUpdateTimestamp", Some(answer::epoch_seconds(contact.last_update_ms))),
        ("DisconnectTimestamp", contact.disconnect_ms.map(answer::epoch_seconds)),
        ("DisconnectReason", contact.disconnect_reason.map(Value::from)),
        ("CustomerId", contact.customer_id.map(Value::from)),
        ("CustomerEndpoint", line.map(|line| endpoint(&line.customer))),
        ("SystemEndpoint", line.map(|line| endpoint(&line.system))),
        ("ContactAssociationId", Some(json!(contact.association_id))),
        ("Tags", (!contact.tags.is_empty()).then(|| json!(contact.tags))),
        ("ConnectedToSystemTimestamp", contact.connected_ms.map(answer::epoch_seconds)),
        ("QueuePriority", Some(json!(contact.routing.0))),
        ("QueueTimeAdjustmentSeconds", Some(json!(contact.routing.1))),
        ("ChatMetrics", contact.chat_metrics.as_ref().map(chat_metrics)),
        ("Attributes", Some(json!(contact.attributes))),
        ("SegmentAttributes", Some(segment_attributes)),
    ])
}

fn agent(agent: &ContactAgent) -> Value {
    let work = agent.after_contact_work;
    answer::structure([
        ("Id", Some(json!(agent.id))),
        ("ConnectedToAgentTimestamp", agent.connected_ms.map(answer::epoch_seconds)),
        ("AfterContactWorkStartTimestamp", work.map(|(start_ms, _)| answer::epoch_seconds(start_ms))),
        ("AfterContactWorkEndTimestamp", work.map(|(_, end_ms)| answer::epoch_seconds(end_ms))),
        ("AfterContactWorkDuration", work.map(|(start_ms, end_ms)| json!((end_ms - start_ms) / 1000))),
    ])
}

fn chat_metrics(metrics: &ChatMetrics) -> Value {
    let contact = &metrics.contact;
    let contact = answer::structure([
        // Neither several people nor a supervisor who barges in are to be had here.
        ("MultiParty", Some(json!(false))),
        ("TotalMessages", Some(json!(contact.total_messages))),
        ("TotalBotMessages", Some(json!(contact.total_bot_messages))),
        ("TotalBotMessageLengthInChars", Some(json!(contact.total_bot_message_length))),
        ("ConversationCloseTimeInMillis", contact.conversation_close_time_ms.map(Value::from)),
        ("ConversationTurnCount", Some(json!(contact.conversation_turns))),
        ("AgentFirstResponseTimestamp", contact.agent_first_response_ms.map(answer::epoch_seconds)),
        ("AgentFirstResponseTimeInMillis", contact.agent_first_response_time_ms.map(Value::from)),
    ]);
    answer::structure([
        ("ChatContactMetrics", Some(contact)),
        ("AgentMetrics", metrics.agent.as_ref().map(|agent| participant_metrics("AGENT", agent))),
        ("CustomerMetrics", metrics.customer.as_ref().map(|customer| participant_metrics("CUSTOMER", customer))),
    ])
}

fn participant_metrics(kind: &str, metrics: &ParticipantMetrics) -> Value {
    answer::structure([
        ("ParticipantId", Some(json!(metrics.participant_id))),
        ("ParticipantType", Some(json!(kind))),
        ("ConversationAbandon", metrics.conversation_abandon.map(Value::from)),
        ("MessagesSent", Some(json!(metrics.messages_sent))),
        ("NumResponses", Some(json!(metrics.responses))),
        ("MessageLengthInChars", Some(json!(metrics.message_length))),
        ("TotalResponseTimeInMillis", Some(json!(metrics.total_response_time_ms))),
        ("MaxResponseTimeInMillis", metrics.max_response_time_ms.map(Value::from)),
        ("LastMessageTimestamp", metrics.last_message_ms.map(answer::epoch_seconds)),
    ])
}
