//! `TagContact`: `POST /contact/tags`.

use axum::response::Response;
use relevo_connect::api::Attributes;

use super::{CONTACT_ID, INSTANCE_ID, check_tag_key, tags};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

struct Request {
    instance_id: String,
    contact_id: String,
    tags: Attributes,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Request { instance_id, contact_id, tags } = read(call)?;
    wire.centre.tag_contact(&instance_id, &contact_id, tags).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.require("Tags");
    let request = Request {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        contact_id: members.required_text("ContactId", &CONTACT_ID),
        tags: tags(&members, "Tags", 6),
    };
    for key in request.tags.keys() {
        check_tag_key("tags.key", key, &faults);
    }
    faults.check()?;
    Ok(request)
}
