//! `GetAttachment`: `POST /participant/attachment`.

use axum::response::Response;
use relevo_connect::attachment::{AttachmentAccess, GetAttachment};
use serde_json::json;

use super::{ATTACHMENT_ID, attachment_content::url};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let token = call.bearer()?;
    let AttachmentAccess { access, size_bytes } = wire.centre.get_attachment(&token, &read(call)?).await?;
    Ok(answer::ok(json!({
        "Url": url(wire, call, &access),
        "UrlExpiry": answer::iso_8601(access.expires_ms),
        "AttachmentSizeInBytes": size_bytes,
    })))
}

fn read(call: &Call) -> Result<GetAttachment, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let dispositions = [("INLINE", true), ("ATTACHMENT", false)];
    let request = GetAttachment {
        attachment_id: members.required_text("AttachmentId", &ATTACHMENT_ID),
        url_expiry_s: members.integer("UrlExpiryInSeconds", &(5..=300)),
        inline: members.word("UrlContentDisposition", &dispositions).unwrap_or(false),
    };
    faults.check()?;
    Ok(request)
}
