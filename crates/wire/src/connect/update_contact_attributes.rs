//! `UpdateContactAttributes`: `POST /contact/attributes`.

use axum::response::Response;
use relevo_connect::api::Attributes;

use super::{ATTRIBUTE_NAME, ATTRIBUTE_VALUE, CONTACT_ID, INSTANCE_ID};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

struct Request {
    instance_id: String,
    initial_contact_id: String,
    attributes: Attributes,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let Request { instance_id, initial_contact_id, attributes } = read(call)?;
    wire.centre.update_contact_attributes(&instance_id, &initial_contact_id, attributes).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    members.require("Attributes");
    let request = Request {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        initial_contact_id: members.required_text("InitialContactId", &CONTACT_ID),
        attributes: members.texts("Attributes", &ATTRIBUTE_NAME, &ATTRIBUTE_VALUE),
    };
    faults.check()?;
    Ok(request)
}
