//! `DescribeView`: `GET /participant/views/{ViewToken}`.

use axum::response::Response;
use relevo_connect::view::View;
use serde_json::json;

use crate::{Wire, answer, call::Call, error::AwsError, input::Faults};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let faults = Faults::default();
    let view_token = call.label("ViewToken", &(1..=1000), &faults);
    faults.check()?;
    let View { id, arn, name, version, actions } = wire.centre.describe_view(&token, &view_token).await?;
    let view = answer::structure([
        ("Id", Some(json!(id))),
        ("Arn", Some(json!(arn))),
        ("Name", Some(json!(name))),
        ("Version", version.map(|version| json!(version))),
        ("Content", Some(json!({ "Actions": actions }))),
    ]);
    Ok(answer::ok(json!({ "View": view })))
}
