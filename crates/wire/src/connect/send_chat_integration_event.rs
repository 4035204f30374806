//! `SendChatIntegrationEvent`: `POST /chat-integration-event`.
//!
//! AWS lets its own End User Messaging alone call it; here it is how a test plays the customer's phone.

use axum::response::Response;
use relevo_connect::api::{
    Send,
    line::{ChatEvent, IntegrationEvent, Line, NewSession},
};
use serde_json::{Value, json};

use super::{ATTRIBUTE_NAME, ATTRIBUTE_VALUE, STREAMING_ENDPOINT_ARN, line_subtype};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Disconnect,
    Message,
    Event,
}

const TYPES: [(&str, Type); 3] = [("DISCONNECT", Type::Disconnect), ("MESSAGE", Type::Message), ("EVENT", Type::Event)];

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let done = wire.centre.integrate(read(call)?).await?;
    Ok(answer::ok(answer::structure([
        ("InitialContactId", done.contact_id.map(Value::from)),
        ("NewChatCreated", Some(json!(done.is_new))),
    ])))
}

fn read(call: &Call) -> Result<IntegrationEvent, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let line = Line {
        customer: members.required_text("SourceId", &(1..=255)),
        system: members.required_text("DestinationId", &(1..=255)),
    };
    let written = members.text("Subtype", &(1..=100));
    let new_session = members.structure("NewSessionDetails").map(|it| new_session(&it)).unwrap_or_default();
    let event = members.required_structure("Event").map(|it| {
        let kind = it.required_word("Type", &TYPES);
        (kind, it.text("ContentType", &(1..=100)), it.text("Content", &(1..=16_384)))
    });
    faults.check()?;
    let invalid = |message: &str| Err(AwsError::new(Kind::InvalidRequest, message));
    let subtype = written.as_deref().and_then(line_subtype).map(str::to_owned);
    if written.is_some() && subtype.is_none() {
        return invalid("Subtype must be connect:SMS or connect:WhatsApp");
    }
    let event = match event {
        Some((Some(Type::Disconnect), None, None)) => ChatEvent::Disconnect,
        Some((Some(Type::Disconnect), ..)) => return invalid("An Event of Type DISCONNECT has no content"),
        Some((Some(Type::Message), Some(content_type), content @ Some(_))) => {
            ChatEvent::Message(Send { content_type, content, client_token: None })
        }
        Some((Some(Type::Message), ..)) => {
            return invalid("An Event of Type MESSAGE must have ContentType and Content");
        }
        Some((Some(Type::Event), Some(content_type), content)) => {
            ChatEvent::Event(Send { content_type, content, client_token: None })
        }
        _ => return invalid("An Event of Type EVENT must have ContentType"),
    };
    Ok(IntegrationEvent { line, subtype, event, new_session })
}

fn new_session(members: &Members<'_>) -> NewSession {
    let (details, stream) = (members.structure("ParticipantDetails"), members.structure("StreamingConfiguration"));
    NewSession {
        supported_messaging_content_types: members.list_of_texts(
            "SupportedMessagingContentTypes",
            &(0..=u64::MAX),
            &(1..=100),
        ),
        display_name: details.map(|it| it.required_text("DisplayName", &(1..=256))),
        attributes: members.texts("Attributes", &ATTRIBUTE_NAME, &ATTRIBUTE_VALUE),
        streaming_endpoint_arn: stream.map(|it| it.required_text("StreamingEndpointArn", &STREAMING_ENDPOINT_ARN)),
    }
}
