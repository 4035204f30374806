//! The operations of `connect` (API version 2017-08-08), one file each.

pub(crate) mod create_participant;
pub(crate) mod describe_contact;
pub(crate) mod get_contact_attributes;
pub(crate) mod start_chat_contact;
pub(crate) mod start_contact_streaming;
pub(crate) mod stop_contact;
pub(crate) mod stop_contact_streaming;
pub(crate) mod update_contact_attributes;

use crate::{
    call::Call,
    error::AwsError,
    input::{Bounds, Faults},
};

/// Lengths of the service model, in characters.
const INSTANCE_ID: Bounds = 1..=100;
const CONTACT_ID: Bounds = 1..=256;
const CLIENT_TOKEN: Bounds = 0..=500;
const STREAMING_ENDPOINT_ARN: Bounds = 1..=350;
const ATTRIBUTE_NAME: Bounds = 1..=32_767;
const ATTRIBUTE_VALUE: Bounds = 0..=32_767;

/// The labels of a path that names an instance and a contact.
fn labels(call: &Call, contact_label: &'static str) -> Result<(String, String), AwsError> {
    let faults = Faults::default();
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let contact_id = call.label(contact_label, &CONTACT_ID, &faults);
    faults.check()?;
    Ok((instance_id, contact_id))
}
