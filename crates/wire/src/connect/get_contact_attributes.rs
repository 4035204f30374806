//! `GetContactAttributes`: `GET /contact/attributes/{InstanceId}/{InitialContactId}`.

use axum::response::Response;
use serde_json::json;

use super::labels;
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, initial_contact_id) = labels(call, "InitialContactId")?;
    let attributes = wire.centre.get_contact_attributes(&instance_id, &initial_contact_id).await?;
    Ok(answer::ok(json!({ "Attributes": attributes })))
}
