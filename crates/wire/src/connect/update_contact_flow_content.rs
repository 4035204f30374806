//! `UpdateContactFlowContent`: `POST /contact-flows/{InstanceId}/{ContactFlowId}/content`.

use axum::response::Response;

use super::{ANY, FLOW_ID, two_labels};
use crate::{
    Wire, answer,
    call::Call,
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, flow_id) = two_labels(call, "ContactFlowId", &FLOW_ID)?;
    let content = content(call)?;
    wire.centre.update_contact_flow_content(&instance_id, &flow_id, content).await?;
    Ok(answer::empty())
}

fn content(call: &Call) -> Result<String, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let content = Members::of(&body, &faults).required_text("Content", &ANY);
    faults.check()?;
    Ok(content)
}
