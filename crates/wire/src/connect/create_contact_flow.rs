//! `CreateContactFlow`: `PUT /contact-flows/{InstanceId}`.

use axum::response::Response;
use relevo_connect::{api::flows::CreateContactFlow, directory::sha256};
use serde_json::json;

use super::{ANY, FLOW_TYPES, INSTANCE_ID, NAME, check_resource_tag_key};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let request = read(call)?;
    let digest = sha256(&request.content);
    let (id, arn) = wire.centre.create_contact_flow(request).await?;
    Ok(answer::ok(json!({ "ContactFlowId": id, "ContactFlowArn": arn, "FlowContentSha256": digest })))
}

fn read(call: &Call) -> Result<CreateContactFlow, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let name = members.required_text("Name", &NAME);
    let kind = members.required_word("Type", &FLOW_TYPES);
    let content = members.required_text("Content", &ANY);
    let description = members.text("Description", &ANY);
    let publish = members.word("Status", &[("PUBLISHED", true), ("SAVED", false)]).unwrap_or(true);
    let tags = super::tags(&members, "Tags", 50);
    for key in tags.keys() {
        check_resource_tag_key("tags.key", key, &faults);
    }
    faults.check()?;
    let kind = kind.ok_or_else(|| AwsError::internal("a type passed the check and is absent"))?;
    Ok(CreateContactFlow { instance_id, name, kind, description, content, publish, tags })
}
