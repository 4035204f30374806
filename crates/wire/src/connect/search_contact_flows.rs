//! `SearchContactFlows`: `POST /search-contact-flows`. What is found comes without its content.

use axum::response::Response;
use relevo_connect::directory::FlowSummary;
use serde_json::{Value, json};

use super::{
    list_contact_flows::{state, status},
    search::{self, Search, Words},
};
use crate::{Wire, answer, call::Call, error::AwsError};

const WORDS: [Words; 3] = [
    (
        "TypeCondition",
        &[
            "CONTACT_FLOW",
            "CUSTOMER_QUEUE",
            "CUSTOMER_HOLD",
            "CUSTOMER_WHISPER",
            "AGENT_HOLD",
            "AGENT_WHISPER",
            "OUTBOUND_WHISPER",
            "AGENT_TRANSFER",
            "QUEUE_TRANSFER",
            "CAMPAIGN",
        ],
    ),
    ("StateCondition", &["ACTIVE", "ARCHIVED"]),
    ("StatusCondition", &["PUBLISHED", "SAVED"]),
];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Search { instance_id, criterion, paging } = search::read(call, "SearchContactFlows", 100, &WORDS)?;
    let mut flows = wire.centre.list_contact_flows(&instance_id).await?;
    flows.retain(|flow| {
        let tell = |what: &str| match what {
            "name" => Some(flow.name.as_str()),
            "description" => flow.description.as_deref(),
            "resourceID" => Some(flow.id.as_str()),
            "TypeCondition" => Some(flow.kind.as_str()),
            "StateCondition" => Some(state(flow)),
            "StatusCondition" => Some(status(flow)),
            _ => None,
        };
        criterion.as_ref().is_none_or(|criterion| criterion.holds(&tell))
    });
    let total = flows.len();
    let (page, next) = paging.cut(flows)?;
    let page: Vec<Value> = page.iter().map(found).collect();
    Ok(answer::ok(answer::structure([
        ("ContactFlows", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
        ("ApproximateTotalCount", Some(json!(total))),
    ])))
}

fn found(flow: &FlowSummary) -> Value {
    answer::structure([
        ("Arn", Some(json!(flow.arn))),
        ("Id", Some(json!(flow.id))),
        ("Name", Some(json!(flow.name))),
        ("Type", Some(json!(flow.kind.as_str()))),
        ("State", Some(json!(state(flow)))),
        ("Status", Some(json!(status(flow)))),
        ("Description", flow.description.as_ref().map(|text| json!(text))),
    ])
}
