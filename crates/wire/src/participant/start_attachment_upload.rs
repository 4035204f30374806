//! `StartAttachmentUpload`: `POST /participant/start-attachment-upload`.

use axum::response::Response;
use relevo_connect::attachment::{AttachmentUpload, StartAttachmentUpload};
use serde_json::json;

use super::{NEEDED_CLIENT_TOKEN, attachment_content::url};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let AttachmentUpload { attachment_id, access, expected } =
        wire.centre.start_attachment_upload(&token, read(call)?).await?;
    Ok(answer::ok(json!({
        "AttachmentId": attachment_id,
        "UploadMetadata": {
            "Url": url(wire, call, &access),
            "UrlExpiry": answer::iso_8601(access.expires_ms),
            "HeadersToInclude": {
                "Content-Type": expected.content_type,
                "Content-Length": expected.size_bytes.to_string(),
            },
        },
    })))
}

fn read(call: &Call) -> Result<StartAttachmentUpload, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.require("AttachmentSizeInBytes");
    let upload = StartAttachmentUpload {
        content_type: members.required_text("ContentType", &(1..=255)),
        size_bytes: members.integer("AttachmentSizeInBytes", &(1..=u64::from(u32::MAX))).unwrap_or_default().into(),
        name: members.required_text("AttachmentName", &(1..=256)),
        client_token: members.required_text("ClientToken", &NEEDED_CLIENT_TOKEN),
    };
    faults.check()?;
    Ok(upload)
}
