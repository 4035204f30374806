//! `ListUsers`: `GET /users-summary/{InstanceId}`.

use axum::response::Response;
use serde_json::{Value, json};

use super::{describe_user::username, listing};
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, paging) = listing(call, "ListUsers", 1000)?;
    let (page, next) = paging.cut(wire.centre.list_users(&instance_id)?)?;
    let region = wire.centre.config().region.clone();
    let summary = |user: &relevo_connect::directory::UserEntry| {
        json!({
            "Id": user.id,
            "Arn": user.arn,
            "Username": username(&user.view.agent.name),
            "LastModifiedTime": answer::epoch_seconds(user.view.agent.since_ms),
            "LastModifiedRegion": region,
        })
    };
    let page: Vec<Value> = page.iter().map(summary).collect();
    Ok(answer::ok(answer::structure([
        ("UserSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}
