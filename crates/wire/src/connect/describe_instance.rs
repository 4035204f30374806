//! `DescribeInstance`: `GET /instance/{InstanceId}`.

use axum::response::Response;
use serde_json::{Value, json};

use super::INSTANCE_ID;
use crate::{Wire, answer, call::Call, error::AwsError, input::Faults};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let faults = Faults::default();
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    faults.check()?;
    wire.centre.check_instance(&instance_id)?;
    Ok(answer::ok(json!({ "Instance": instance(wire) })))
}

/// The one instance, as it is listed and described. There are no calls here.
pub(super) fn instance(wire: &Wire) -> Value {
    let config = wire.centre.config();
    json!({
        "Id": config.instance_id,
        "Arn": config.instance_arn(),
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": "relevo",
        "InstanceStatus": "ACTIVE",
        "InboundCallsEnabled": false,
        "OutboundCallsEnabled": false,
    })
}
