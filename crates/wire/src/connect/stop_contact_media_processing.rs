//! `StopContactMediaProcessing`: `POST /contact/stop-contact-media-processing`.

use axum::response::Response;

use super::{CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = read(call)?;
    wire.centre.stop_contact_media_processing(&instance_id, &contact_id).await?;
    Ok(answer::empty())
}

/// Instance and contact. The model requires neither, and there is nothing to do without them.
fn read(call: &Call) -> Result<(String, String), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let request = (members.required_text("InstanceId", &INSTANCE_ID), members.required_text("ContactId", &CONTACT_ID));
    faults.check()?;
    Ok(request)
}
