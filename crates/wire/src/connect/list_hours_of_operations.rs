//! `ListHoursOfOperations`: `GET /hours-of-operations-summary/{InstanceId}`.

use axum::response::Response;
use serde_json::{Value, json};

use super::listing;
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, paging) = listing(call, "ListHoursOfOperations", 1000)?;
    let (page, next) = paging.cut(wire.centre.list_hours(&instance_id)?)?;
    let config = wire.centre.config();
    let summary = |hours: &relevo_connect::centre::HoursOfOperation| {
        json!({
            "Id": hours.id,
            "Arn": config.arn("operating-hours", &hours.id),
            "Name": hours.name,
            "LastModifiedRegion": config.region,
        })
    };
    let page: Vec<Value> = page.iter().map(summary).collect();
    Ok(answer::ok(answer::structure([
        ("HoursOfOperationSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}
