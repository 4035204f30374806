//! The operations of `connect` (API version 2017-08-08), one file each.

pub(crate) mod create_contact_flow;
pub(crate) mod create_participant;
pub(crate) mod describe_contact;
pub(crate) mod describe_contact_flow;
pub(crate) mod describe_hours_of_operation;
pub(crate) mod describe_instance;
pub(crate) mod describe_queue;
pub(crate) mod describe_user;
pub(crate) mod get_contact_attributes;
pub(crate) mod get_current_metric_data;
pub(crate) mod list_contact_flows;
pub(crate) mod list_contact_references;
pub(crate) mod list_hours_of_operations;
pub(crate) mod list_instances;
pub(crate) mod list_lambda_functions;
pub(crate) mod list_queues;
pub(crate) mod list_routing_profiles;
pub(crate) mod list_users;
mod search;
pub(crate) mod search_contact_flows;
pub(crate) mod search_contacts;
pub(crate) mod search_queues;
pub(crate) mod send_chat_integration_event;
pub(crate) mod start_chat_contact;
pub(crate) mod start_contact_media_processing;
pub(crate) mod start_contact_streaming;
pub(crate) mod start_outbound_chat_contact;
pub(crate) mod stop_contact;
pub(crate) mod stop_contact_media_processing;
pub(crate) mod stop_contact_streaming;
pub(crate) mod tag_contact;
pub(crate) mod transfer_contact;
pub(crate) mod untag_contact;
pub(crate) mod update_contact;
pub(crate) mod update_contact_attributes;
pub(crate) mod update_contact_flow_content;
pub(crate) mod update_contact_flow_metadata;
pub(crate) mod update_contact_flow_name;
pub(crate) mod update_contact_routing_data;
pub(crate) mod update_participant_role_config;

use relevo_connect::{api::Attributes, flow::FlowKind};

use crate::{
    call::Call,
    error::AwsError,
    input::{Bounds, Faults, Members},
    paging::{self, Paging},
};

/// Lengths of the service model, in characters.
const INSTANCE_ID: Bounds = 1..=100;
const CONTACT_ID: Bounds = 1..=256;
const CLIENT_TOKEN: Bounds = 0..=500;
const STREAMING_ENDPOINT_ARN: Bounds = 1..=350;
const ATTRIBUTE_NAME: Bounds = 1..=32_767;
const ATTRIBUTE_VALUE: Bounds = 0..=32_767;

/// Any text of the service model that has no bounds.
const ANY: Bounds = 0..=u64::MAX;
const FLOW_ID: Bounds = 1..=500;
/// A name, a description and tags of what the API makes.
const NAME: Bounds = 1..=u64::MAX;

/// The types of flows that the service model knows.
const FLOW_TYPES: [(&str, FlowKind); 10] = [
    ("CONTACT_FLOW", FlowKind::Inbound),
    ("CUSTOMER_QUEUE", FlowKind::CustomerQueue),
    ("CUSTOMER_HOLD", FlowKind::CustomerHold),
    ("CUSTOMER_WHISPER", FlowKind::CustomerWhisper),
    ("AGENT_HOLD", FlowKind::AgentHold),
    ("AGENT_WHISPER", FlowKind::AgentWhisper),
    ("OUTBOUND_WHISPER", FlowKind::OutboundWhisper),
    ("AGENT_TRANSFER", FlowKind::AgentTransfer),
    ("QUEUE_TRANSFER", FlowKind::QueueTransfer),
    ("CAMPAIGN", FlowKind::Campaign),
];

/// A page of what an instance has: its id, and which page.
fn listing(call: &Call, operation: &'static str, most: u32) -> Result<(String, Paging), AwsError> {
    let (query, faults) = (call.query_members(&paging::IN_QUERY)?, Faults::default());
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let paging = Paging::read(operation, &Members::of(&query, &faults), most);
    faults.check()?;
    Ok((instance_id, paging))
}

/// The labels of a path that names an instance and something in it.
fn two_labels(call: &Call, label: &'static str, length: &Bounds) -> Result<(String, String), AwsError> {
    let faults = Faults::default();
    let instance_id = call.label("InstanceId", &INSTANCE_ID, &faults);
    let id = call.label(label, length, &faults);
    faults.check()?;
    Ok((instance_id, id))
}

/// The labels of a path that names an instance and a contact.
fn labels(call: &Call, contact_label: &'static str) -> Result<(String, String), AwsError> {
    two_labels(call, contact_label, &CONTACT_ID)
}

/// Tags: up to so many, keys of 1..128 characters, values of up to 256.
fn tags(members: &Members<'_>, name: &str, most: usize) -> Attributes {
    let tags = members.texts(name, &(1..=128), &(0..=256));
    if members.value(name).is_some() && !(1..=most).contains(&tags.len()) {
        members.faults().constraint(&members.path_of(name), &format!("Member must have from 1 to {most} entries"));
    }
    tags
}

/// Segment attributes: `{"connect:Subtype": {"ValueString": "connect:Guide"}}`. Other kinds of value are refused, so
/// that none is lost in silence.
fn segment_attributes(members: &Members<'_>) -> Attributes {
    let mut attributes = Attributes::new();
    for (name, value) in members.structures("SegmentAttributes") {
        let own = name.strip_prefix("connect:").unwrap_or(&name);
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if own.is_empty() || name.chars().count() > 128 || !own.chars().all(allowed) {
            let message = "Member must have keys of 1 to 128 characters: letters, digits, - and _";
            members.faults().constraint(&members.path_of("SegmentAttributes"), message);
        }
        match value.text("ValueString", &(0..=1024)) {
            Some(text) => {
                attributes.insert(name, text);
            }
            None if value.value("ValueString").is_none() => {
                value.faults().constraint(&value.path_of("ValueString"), "Relevo supports ValueString alone");
            }
            None => {}
        }
    }
    attributes
}

/// Over what a line goes, spelt as everywhere else: the model's own example has another spelling.
fn line_subtype(written: &str) -> Option<&'static str> {
    ["connect:SMS", "connect:WhatsApp"].into_iter().find(|known| known.eq_ignore_ascii_case(written))
}

/// The key of a tag of what an instance has: letters, digits and blanks of any script, a few signs, and none of AWS's own
/// (model of `TagKey`).
fn check_resource_tag_key(path: &str, key: &str, faults: &Faults) {
    let allowed = |c: char| c.is_alphanumeric() || c == ' ' || c == '\u{a0}' || "_.:/=+-@".contains(c);
    if key.starts_with("aws:") || !key.chars().all(allowed) {
        let pattern = r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$";
        faults.constraint(path, &format!("Member must satisfy regular expression pattern: {pattern}"));
    }
}

/// The key of a contact's tag: letters and a few signs, and none of AWS's own (model of `ContactTagKey`).
fn check_tag_key(path: &str, key: &str, faults: &Faults) {
    let allowed = |c: char| c.is_ascii_alphabetic() || ('+'..='=').contains(&c) || "._:/".contains(c);
    if key.starts_with("aws:") || !key.chars().all(allowed) {
        faults.constraint(path, "Member must satisfy regular expression pattern: ^(?!aws:)[a-zA-Z+-=._:/]+$");
    }
}
