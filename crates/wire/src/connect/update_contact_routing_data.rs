//! `UpdateContactRoutingData`: `POST /contacts/{InstanceId}/{ContactId}/routing-data`.

use axum::response::Response;
use relevo_connect::api::contacts::RoutingData;

use super::labels;
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let data = read(call)?;
    wire.centre.update_contact_routing(&instance_id, &contact_id, data).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<RoutingData, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let priority = members.number("QueuePriority", 1..=i64::MAX);
    let seconds = members.number("QueueTimeAdjustmentSeconds", i64::from(i32::MIN)..=i64::from(i32::MAX));
    members.structure("RoutingCriteria");
    faults.check()?;
    if members.value("RoutingCriteria").is_some() {
        return Err(AwsError::new(Kind::InvalidParameter, "RoutingCriteria is not supported by Relevo"));
    }
    match (priority, seconds.and_then(|seconds| i32::try_from(seconds).ok())) {
        (Some(priority), None) => Ok(RoutingData::Priority(priority)),
        (None, Some(seconds)) => Ok(RoutingData::AgeSeconds(seconds)),
        _ => Err(AwsError::new(
            Kind::InvalidParameter,
            "One of QueuePriority and QueueTimeAdjustmentSeconds must be there, and not both",
        )),
    }
}
