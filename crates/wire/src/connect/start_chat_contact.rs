//! `StartChatContact`: `PUT /contact/chat`.
//!
//! `ConnectionTypes` is a shorthand of the service for an operation that exists by itself; it is composed of it here too.

use axum::response::Response;
use relevo_connect::{
    ErrorKind,
    api::{CreateConnection, StartChatContact, StartedChat},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{
    ATTRIBUTE_NAME, ATTRIBUTE_VALUE, CLIENT_TOKEN, CONTACT_ID, INSTANCE_ID, STREAMING_ENDPOINT_ARN, segment_attributes,
};
use crate::{
    Wire, answer,
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
    participant,
};

struct Request {
    chat: StartChatContact,
    connection: Option<CreateConnection>,
}

#[derive(Clone, Copy, PartialEq)]
enum ConnectionType {
    Websocket,
    Credentials,
    Other,
}

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let request = read(call)?;
    let started = wire.centre.start_chat_contact(request.chat).await?;
    let connection = match request.connection {
        Some(connection) => {
            match wire.centre.create_participant_connection(&started.participant_token, connection).await {
                Ok(connection) => Some(connection),
                // The same client token gives the same contact also when it is over, and nobody connects to that.
                Err(error) if error.kind == ErrorKind::AccessDenied => None,
                Err(error) => return Err(error.into()),
            }
        }
        None => None,
    };

    let StartedChat { contact_id, participant_id, participant_token, continued_from, streaming_id } = started;
    let (websocket, credentials) = match connection {
        Some(connection) => participant::create_participant_connection::members(&connection, &wire.options),
        None => (None, None),
    };
    Ok(answer::ok(answer::structure([
        ("ContactId", Some(json!(contact_id))),
        ("ParticipantId", Some(json!(participant_id))),
        ("ParticipantToken", Some(json!(participant_token.expose_secret()))),
        ("ContinuedFromContactId", continued_from.map(|id| json!(id))),
        ("Websocket", websocket),
        ("ConnectionCredentials", credentials),
        ("StreamingId", streaming_id.map(|id| json!(id))),
    ])))
}

fn read(call: &Call) -> Result<Request, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let details = members.required_structure("ParticipantDetails");
    let persistent = members.structure("PersistentChat").filter(|it| it.names().next().is_some());
    let chat = StartChatContact {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        contact_flow_id: members.required_text("ContactFlowId", &(1..=500)),
        attributes: members.texts("Attributes", &ATTRIBUTE_NAME, &ATTRIBUTE_VALUE),
        display_name: details.map(|it| it.required_text("DisplayName", &(1..=256))).unwrap_or_default(),
        initial_message: members
            .structure("InitialMessage")
            .map(|it| (it.required_text("ContentType", &(1..=100)), it.required_text("Content", &(1..=16_384)))),
        client_token: members.text("ClientToken", &CLIENT_TOKEN).filter(|token| !token.is_empty()),
        chat_duration_in_minutes: members.integer("ChatDurationInMinutes", &(60..=10_080)),
        supported_messaging_content_types: members.list_of_texts(
            "SupportedMessagingContentTypes",
            &(0..=u64::MAX),
            &(1..=100),
        ),
        segment_attributes: segment_attributes(&members),
        related_contact_id: members.text("RelatedContactId", &CONTACT_ID),
        customer_id: members.text("CustomerId", &(1..=128)),
        persistent: persistent.as_ref().map(|it| {
            // Here a chat is one contact, so that the whole past session ends where its last segment does.
            it.required_word("RehydrationType", &[("ENTIRE_PAST_SESSION", ()), ("FROM_SEGMENT", ())]);
            it.required_text("SourceContactId", &CONTACT_ID)
        }),
        streaming_endpoint_arn: members
            .structure("ChatStreamingConfiguration")
            .map(|it| it.required_text("StreamingEndpointArn", &STREAMING_ENDPOINT_ARN)),
        agent_leaves_first: !members.list_of_words("DisconnectOnCustomerExit", &(1..=1), &[("AGENT", ())]).is_empty(),
        ..StartChatContact::default()
    };
    let connection_types = members.list_of_words(
        "ConnectionTypes",
        &(1..=2),
        &[
            ("WEBSOCKET", ConnectionType::Websocket),
            ("CONNECTION_CREDENTIALS", ConnectionType::Credentials),
            ("AUTHENTICATION_SESSION", ConnectionType::Other),
            ("WEBRTC_CONNECTION", ConnectionType::Other),
        ],
    );
    if let Some(configuration) = members.structure("ParticipantConfiguration") {
        configuration.word("ResponseMode", &[("INCREMENTAL", ()), ("COMPLETE", ())]);
    }
    faults.check()?;

    if chat.persistent.is_some() && chat.related_contact_id.is_some() {
        let message = "RelatedContactId and PersistentChat exclude each other";
        return Err(AwsError::new(Kind::InvalidRequest, message));
    }
    let websocket = connection_types.contains(&ConnectionType::Websocket);
    let credentials = connection_types.contains(&ConnectionType::Credentials);
    let connection =
        (websocket || credentials).then_some(CreateConnection { websocket, credentials, connect_participant: false });
    Ok(Request { chat, connection })
}
