//! `StartOutboundChatContact`: `PUT /contact/outbound-chat`.

use axum::response::Response;
use relevo_connect::api::{StartChatContact, line::Line};
use serde_json::json;

use super::{
    ATTRIBUTE_NAME, ATTRIBUTE_VALUE, CLIENT_TOKEN, CONTACT_ID, FLOW_ID, INSTANCE_ID, line_subtype, segment_attributes,
};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    TelephoneNumber,
    PhoneNumberArn,
    Other,
}

const ENDPOINTS: [(&str, Endpoint); 5] = [
    ("TELEPHONE_NUMBER", Endpoint::TelephoneNumber),
    ("VOIP", Endpoint::Other),
    ("CONTACT_FLOW", Endpoint::Other),
    ("CONNECT_PHONENUMBER_ARN", Endpoint::PhoneNumberArn),
    ("EMAIL_ADDRESS", Endpoint::Other),
];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let contact_id = wire.centre.start_outbound_chat(read(call)?).await?;
    Ok(answer::ok(json!({ "ContactId": contact_id })))
}

fn read(call: &Call) -> Result<StartChatContact, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let (source, destination) = (endpoint(&members, "SourceEndpoint"), endpoint(&members, "DestinationEndpoint"));
    members.require("SegmentAttributes");
    let details = members.structure("ParticipantDetails");
    let name = details.map(|it| it.required_text("DisplayName", &(1..=256)));
    let mut request = StartChatContact {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        contact_flow_id: members.required_text("ContactFlowId", &FLOW_ID),
        attributes: members.texts("Attributes", &ATTRIBUTE_NAME, &ATTRIBUTE_VALUE),
        display_name: name.unwrap_or_else(|| destination.1.clone()),
        client_token: members.text("ClientToken", &CLIENT_TOKEN),
        chat_duration_in_minutes: members.integer("ChatDurationInMinutes", &(60..=10_080)),
        supported_messaging_content_types: members.list_of_texts(
            "SupportedMessagingContentTypes",
            &(0..=u64::MAX),
            &(1..=100),
        ),
        segment_attributes: segment_attributes(&members),
        related_contact_id: members.text("RelatedContactId", &CONTACT_ID),
        initial_system_message: members
            .structure("InitialSystemMessage")
            .map(|it| (it.required_text("ContentType", &(1..=100)), it.required_text("Content", &(1..=16_384)))),
        line: Some(Line { customer: destination.1.clone(), system: source.1 }),
        ..StartChatContact::default()
    };
    faults.check()?;
    let invalid = |message: &str| Err(AwsError::new(Kind::InvalidRequest, message));
    if members.value("InitialTemplatedSystemMessage").is_some() {
        return invalid("InitialTemplatedSystemMessage is not supported by Relevo: it has no message templates");
    }
    if source.0 != Some(Endpoint::PhoneNumberArn) || destination.0 != Some(Endpoint::TelephoneNumber) {
        return invalid("SourceEndpoint must be a CONNECT_PHONENUMBER_ARN, DestinationEndpoint a TELEPHONE_NUMBER");
    }
    if !is_phone_number_arn(&request) || !is_e164(&destination.1) {
        return invalid(
            "SourceEndpoint.Address must be a phone number's ARN, DestinationEndpoint.Address in E.164 format",
        );
    }
    let subtype = request.segment_attributes.get_mut("connect:Subtype");
    match subtype.and_then(|written| line_subtype(written).map(|known| known.clone_into(written))) {
        Some(()) => Ok(request),
        None => invalid("SegmentAttributes must have connect:Subtype, connect:SMS or connect:WhatsApp"),
    }
}

/// An endpoint's type and address.
fn endpoint(members: &Members<'_>, name: &str) -> (Option<Endpoint>, String) {
    let Some(it) = members.required_structure(name) else { return (None, String::new()) };
    (it.word("Type", &ENDPOINTS), it.text("Address", &(0..=256)).unwrap_or_default())
}

/// `arn:aws:connect:…:phone-number/…`, or one of End User Messaging.
fn is_phone_number_arn(request: &StartChatContact) -> bool {
    request.line.as_ref().is_some_and(|line| line.system.starts_with("arn:") && line.system.contains(":phone-number/"))
}

/// `+34600000000`.
fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0')
}
