//! `CompleteAttachmentUpload`: `POST /participant/complete-attachment-upload`.

use axum::response::Response;

use super::{ATTACHMENT_ID, NEEDED_CLIENT_TOKEN};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let (attachment_id, client_token) = read(call)?;
    wire.centre.complete_attachment_upload(&token, attachment_id, client_token).await?;
    Ok(answer::empty())
}

/// The list of ids has exactly one.
fn read(call: &Call) -> Result<(String, String), AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.require("AttachmentIds");
    let ids = members.list_of_texts("AttachmentIds", &(1..=1), &ATTACHMENT_ID);
    let client_token = members.required_text("ClientToken", &NEEDED_CLIENT_TOKEN);
    faults.check()?;
    Ok((ids.into_iter().next().unwrap_or_default(), client_token))
}
