//! `ListRoutingProfiles`: `GET /routing-profiles-summary/{InstanceId}`.

use axum::response::Response;
use relevo_connect::directory::ROUTING_PROFILE;
use serde_json::json;

use super::listing;
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, paging) = listing(call, "ListRoutingProfiles", 1000)?;
    let (id, arn) = wire.centre.routing_profile(&instance_id)?;
    let region = wire.centre.config().region.clone();
    let profile = json!({ "Id": id, "Arn": arn, "Name": ROUTING_PROFILE, "LastModifiedRegion": region });
    let (page, next) = paging.cut(vec![profile])?;
    Ok(answer::ok(answer::structure([
        ("RoutingProfileSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}
