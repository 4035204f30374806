//! `UntagContact`: `DELETE /contact/tags/{InstanceId}/{ContactId}`.

use axum::response::Response;

use super::{check_tag_key, labels};
use crate::{
    Wire, answer,
    call::{Call, InQuery},
    error::AwsError,
    input::{Faults, Members},
};

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let keys = read(call)?;
    wire.centre.untag_contact(&instance_id, &contact_id, keys).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<Vec<String>, AwsError> {
    let query = call.query_members(&[("TagKeys", "TagKeys", InQuery::List)])?;
    let faults = Faults::default();
    let members = Members::of(&query, &faults);
    members.require("TagKeys");
    let keys = members.list_of_texts("TagKeys", &(1..=6), &(1..=128));
    for key in &keys {
        check_tag_key("tagKeys.member", key, &faults);
    }
    faults.check()?;
    Ok(keys)
}
