//! `StopContact`: `POST /contact/stop`.

use axum::response::Response;

use super::{CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

struct Request {
    instance_id: String,
    contact_id: String,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Request { instance_id, contact_id } = read(call)?;
    wire.centre.stop_contact(&instance_id, &contact_id).await?;
    Ok(answer::empty())
}

/// `DisconnectReason` is for voice, task and email contacts; for chat it is read and has no effect.
fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let request = Request {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        contact_id: members.required_text("ContactId", &CONTACT_ID),
    };
    if let Some(reason) = members.structure("DisconnectReason") {
        reason.text("Code", &(0..=u64::MAX));
    }
    faults.check()?;
    Ok(request)
}
