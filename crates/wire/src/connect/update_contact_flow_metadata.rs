//! `UpdateContactFlowMetadata`: `POST /contact-flows/{InstanceId}/{ContactFlowId}/metadata`.

use axum::response::Response;
use relevo_connect::api::flows::UpdateContactFlow;

use super::{ANY, FLOW_ID, NAME, two_labels};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    wire.centre.update_contact_flow(read(call)?).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<UpdateContactFlow, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let (instance_id, flow_id) = two_labels(call, "ContactFlowId", &FLOW_ID)?;
    let request = UpdateContactFlow {
        instance_id,
        flow_id,
        name: members.text("Name", &NAME),
        description: members.text("Description", &ANY),
        archived: members.word("ContactFlowState", &[("ACTIVE", false), ("ARCHIVED", true)]),
    };
    faults.check()?;
    Ok(request)
}
