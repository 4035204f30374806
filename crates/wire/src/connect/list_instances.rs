//! `ListInstances`: `GET /instance`.

use axum::response::Response;
use serde_json::json;

use super::describe_instance::instance;
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
    paging::{self, Paging},
};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (query, faults) = (call.query_members(&paging::IN_QUERY)?, Faults::default());
    let paging = Paging::read("ListInstances", &Members::of(&query, &faults), 10);
    faults.check()?;
    let (page, next) = paging.cut(vec![instance(wire)])?;
    Ok(answer::ok(answer::structure([
        ("InstanceSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}
