//! `StopContactStreaming`: `POST /contact/stop-streaming`.

use axum::response::Response;

use super::{CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id, streaming_id) = read(call)?;
    wire.centre.stop_contact_streaming(&instance_id, &contact_id, &streaming_id).await?;
    Ok(answer::empty())
}

/// Instance, contact and streaming id.
fn read(call: &Call) -> Result<(String, String, String), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let request = (
        members.required_text("InstanceId", &INSTANCE_ID),
        members.required_text("ContactId", &CONTACT_ID),
        members.required_text("StreamingId", &(1..=100)),
    );
    faults.check()?;
    Ok(request)
}
