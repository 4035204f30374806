//! `ListLambdaFunctions`: `GET /instance/{InstanceId}/lambda-functions`.

use axum::response::Response;
use serde_json::json;

use super::listing;
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, paging) = listing(call, "ListLambdaFunctions", 25)?;
    let (page, next) = paging.cut(wire.centre.list_functions(&instance_id)?)?;
    Ok(answer::ok(answer::structure([
        ("LambdaFunctions", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}
