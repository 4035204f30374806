//! `StartContactMediaProcessing`: `POST /contact/start-contact-media-processing`.

use axum::response::Response;
use relevo_connect::api::MediaProcessing;

use super::{ANY, CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id, processing) = read(call)?;
    wire.centre.start_contact_media_processing(&instance_id, &contact_id, processing).await?;
    Ok(answer::empty())
}

/// Instance, contact and processor. The model requires none of them, and there is nothing to do without one.
fn read(call: &Call) -> Result<(String, String, MediaProcessing), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let modes = [("DELIVER_UNPROCESSED_MESSAGE", true), ("DO_NOT_DELIVER_UNPROCESSED_MESSAGE", false)];
    let request = (
        members.required_text("InstanceId", &INSTANCE_ID),
        members.required_text("ContactId", &CONTACT_ID),
        MediaProcessing {
            processor_arn: members.required_text("ProcessorArn", &ANY),
            // What is processed may have to be: unprocessed it goes to nobody, unless that is asked for.
            deliver_unprocessed: members.word("FailureMode", &modes).unwrap_or(false),
        },
    );
    faults.check()?;
    Ok(request)
}
