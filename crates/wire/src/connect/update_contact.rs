//! `UpdateContact`: `POST /contacts/{InstanceId}/{ContactId}`.

use std::collections::BTreeMap;

use axum::response::Response;
use relevo_connect::api::contacts::{Reference, ReferenceKind, UpdateContact};

use super::{labels, segment_attributes};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

/// The types of references that a client may set.
pub(super) const REFERENCES: [(&str, ReferenceKind); 5] = [
    ("URL", ReferenceKind::Url),
    ("NUMBER", ReferenceKind::Number),
    ("STRING", ReferenceKind::String),
    ("DATE", ReferenceKind::Date),
    ("EMAIL", ReferenceKind::Email),
];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let update = read(call)?;
    wire.centre.update_contact(&instance_id, &contact_id, update).await?;
    Ok(answer::empty())
}

fn read(call: &Call) -> Result<UpdateContact, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let update = UpdateContact {
        name: members.text("Name", &(0..=1024)),
        description: members.text("Description", &(0..=4096)),
        references: references(&members),
        segment_attributes: segment_attributes(&members),
    };
    faults.check()?;
    for name in ["QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients"] {
        if members.value(name).is_some() {
            return Err(AwsError::new(Kind::InvalidRequest, format!("{name} cannot be updated of a chat")));
        }
    }
    if !["Name", "Description", "References", "SegmentAttributes"].iter().any(|name| members.value(name).is_some()) {
        return Err(AwsError::new(Kind::InvalidRequest, "At least one field to be updated must be present"));
    }
    Ok(update)
}

fn references(members: &Members<'_>) -> BTreeMap<String, Reference> {
    let mut references = BTreeMap::new();
    for (name, it) in members.structures("References") {
        members.faults().length(&format!("{}.key", members.path_of("References")), &name, &(1..=4096));
        let value = it.text("Value", &(0..=4096)).unwrap_or_default();
        if let Some(kind) = it.required_word("Type", &REFERENCES) {
            references.insert(name, Reference { kind, value });
        }
    }
    references
}
