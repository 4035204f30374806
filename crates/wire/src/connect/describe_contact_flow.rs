//! `DescribeContactFlow`: `GET /contact-flows/{InstanceId}/{ContactFlowId}`.

use axum::response::Response;
use relevo_connect::directory::sha256;
use serde_json::json;

use super::{
    FLOW_ID,
    list_contact_flows::{state, status},
    two_labels,
};
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, flow_id) = two_labels(call, "ContactFlowId", &FLOW_ID)?;
    let flow = wire.centre.describe_contact_flow(&instance_id, &flow_id).await?;
    let summary = &flow.summary;
    let flow = answer::structure([
        ("Arn", Some(json!(summary.arn))),
        ("Id", Some(json!(summary.id))),
        ("Name", Some(json!(summary.name))),
        ("Type", Some(json!(summary.kind.as_str()))),
        ("State", Some(json!(state(summary)))),
        ("Status", Some(json!(status(summary)))),
        ("Description", summary.description.as_ref().map(|text| json!(text))),
        ("FlowContentSha256", Some(json!(sha256(&flow.content)))),
        ("Content", Some(json!(flow.content))),
        ("Tags", (!flow.tags.is_empty()).then(|| json!(flow.tags))),
        ("LastModifiedTime", flow.modified_ms.map(answer::epoch_seconds)),
        ("LastModifiedRegion", Some(json!(wire.centre.config().region))),
    ]);
    Ok(answer::ok(json!({ "ContactFlow": flow })))
}
