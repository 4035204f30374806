//! `TransferContact`: `POST /contact/transfer`.

use axum::response::Response;

use super::{ANY, CLIENT_TOKEN, CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = read(call)?;
    wire.centre.transfer_contact(&instance_id, &contact_id).await?;
    Ok(answer::empty())
}

/// Instance and contact; where it should go is looked at alone.
fn read(call: &Call) -> Result<(String, String), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let request = (members.required_text("InstanceId", &INSTANCE_ID), members.required_text("ContactId", &CONTACT_ID));
    members.required_text("ContactFlowId", &(0..=500));
    members.text("ClientToken", &CLIENT_TOKEN);
    let (queue, user) = (members.text("QueueId", &ANY), members.text("UserId", &(1..=256)));
    faults.check()?;
    if queue.is_some() == user.is_some() {
        return Err(AwsError::new(Kind::InvalidRequest, "One of QueueId and UserId must be there, and not both"));
    }
    Ok(request)
}
