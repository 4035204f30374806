//! `ListContactFlows`: `GET /contact-flows-summary/{InstanceId}`.

use axum::response::Response;
use relevo_connect::{directory::FlowSummary, flow::FlowKind};
use serde_json::{Value, json};

use super::{FLOW_TYPES, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::{Call, InQuery},
    error::AwsError,
    input::{Faults, Members},
    paging::{self, Paging},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, kinds, paging) = read(call)?;
    let mut flows = wire.centre.list_contact_flows(&instance_id).await?;
    flows.retain(|flow| kinds.is_empty() || kinds.contains(&flow.kind));
    let (page, next) = paging.cut(flows)?;
    let page: Vec<Value> = page.iter().map(summary).collect();
    Ok(answer::ok(answer::structure([
        ("ContactFlowSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}

fn read(call: &Call) -> Result<(String, Vec<FlowKind>, Paging), AwsError> {
    let [token, size] = paging::IN_QUERY;
    let query = call.query_members(&[token, size, ("contactFlowTypes", "ContactFlowTypes", InQuery::List)])?;
    let faults = Faults::default();
    let members = Members::of(&query, &faults);
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let kinds = members.list_of_words("ContactFlowTypes", &(0..=10), &FLOW_TYPES);
    let paging = Paging::read("ListContactFlows", &members, 1000);
    faults.check()?;
    Ok((instance_id, kinds, paging))
}

fn summary(flow: &FlowSummary) -> Value {
    json!({
        "Id": flow.id,
        "Arn": flow.arn,
        "Name": flow.name,
        "ContactFlowType": flow.kind.as_str(),
        "ContactFlowState": state(flow),
        "ContactFlowStatus": status(flow),
    })
}

pub(super) fn state(flow: &FlowSummary) -> &'static str {
    if flow.archived { "ARCHIVED" } else { "ACTIVE" }
}

pub(super) fn status(flow: &FlowSummary) -> &'static str {
    if flow.published { "PUBLISHED" } else { "SAVED" }
}
