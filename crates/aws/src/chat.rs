//! [`Chat`] over Connect and its participant service: one attempt a call.

mod too_long;

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_connect::types::{ChatStreamingConfiguration, ParticipantDetailsToAdd, ParticipantRole};
use aws_sdk_connectparticipant::types::{
    self as participant, ChatItemType, ConnectionType, Item, ScanDirection, SortKey,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use relevo_bot::ports::{Chat, ChatError, Connection, Participant, Token};
use serde_json::{Value, json};

use crate::{
    clients::Clients,
    fault::{Class, Fault},
};

/// The typing indicator's content type.
const TYPING: &str = "application/vnd.amazonaws.connect.event.typing";

/// The chat service of AWS.
#[derive(Debug, Clone)]
pub struct ConnectChat {
    connect: aws_sdk_connect::Client,
    participant: aws_sdk_connectparticipant::Client,
}

impl ConnectChat {
    /// Over these clients.
    pub fn new(clients: &Clients) -> Self {
        Self { connect: clients.connect.clone(), participant: clients.participant.clone() }
    }
}

fn chat_error(fault: &Fault) -> ChatError {
    match fault.class() {
        Class::Denied => ChatError::AccessDenied,
        Class::NotFound => ChatError::NotFound,
        Class::Conflict => ChatError::Conflict,
        Class::Throttled => ChatError::Throttled,
        Class::Invalid => ChatError::Invalid(fault.to_string()),
        Class::Passing => ChatError::Unavailable(fault.to_string()),
    }
}

// By value for `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn failed<E: ProvideErrorMetadata>(error: SdkError<E, HttpResponse>) -> ChatError {
    chat_error(&Fault::of(&error))
}

/// An answer that lacks what the service's model requires of it.
fn incomplete(what: &str) -> ChatError {
    ChatError::Unavailable(format!("answer without {what}"))
}

/// The item as the stream shows it. Absent fields are null, which the bot reads as absent.
fn streamed(item: &Item) -> Value {
    let attachments: Vec<Value> =
        item.attachments().iter().map(|it| json!({"AttachmentId": it.attachment_id()})).collect();
    json!({
        "Id": item.id(),
        "AbsoluteTime": item.absolute_time(),
        "Type": item.r#type().map(ChatItemType::as_str),
        "ContentType": item.content_type(),
        "Content": item.content(),
        "ParticipantId": item.participant_id(),
        "ParticipantRole": item.participant_role().map(participant::ParticipantRole::as_str),
        "Attachments": attachments,
        "ContactId": item.contact_id(),
        "RelatedContactId": item.related_contact_id(),
    })
}

#[async_trait]
impl Chat for ConnectChat {
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError> {
        let details = ParticipantDetailsToAdd::builder()
            .participant_role(ParticipantRole::CustomBot)
            .display_name(display_name)
            .build();
        let call = self.connect.create_participant().instance_id(instance_id).contact_id(contact_id);
        let call = call.participant_details(details).client_token(client_token);
        let answer = call.send().await.map_err(failed)?;
        let token = answer.participant_credentials().and_then(|it| it.participant_token());
        let token = token.ok_or_else(|| incomplete("a participant token"))?;
        Ok(Participant {
            participant_token: Token::new(token),
            participant_id: answer.participant_id.unwrap_or_default(),
        })
    }

    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError> {
        let call = self.participant.create_participant_connection().participant_token(participant_token.expose());
        let call = call.r#type(ConnectionType::ConnectionCredentials).connect_participant(true);
        let answer = call.send().await.map_err(failed)?;
        let credentials = answer.connection_credentials().ok_or_else(|| incomplete("credentials"))?;
        let token = credentials.connection_token().ok_or_else(|| incomplete("a connection token"))?;
        let expiry = credentials.expiry().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let expiry = expiry.ok_or_else(|| incomplete("a readable expiry"))?;
        Ok(Connection { connection_token: Token::new(token), expiry_ms: expiry.as_millisecond() })
    }

    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError> {
        let streaming = ChatStreamingConfiguration::builder().streaming_endpoint_arn(topic_arn).build();
        let streaming = streaming.map_err(|_| ChatError::Invalid("topic".into()))?;
        let call = self.connect.start_contact_streaming().instance_id(instance_id).contact_id(contact_id);
        let call = call.chat_streaming_configuration(streaming).client_token(client_token);
        let answer = call.send().await.map_err(failed)?;
        if answer.streaming_id.is_empty() { Err(incomplete("a streaming id")) } else { Ok(answer.streaming_id) }
    }

    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError> {
        let call = self.connect.stop_contact_streaming().instance_id(instance_id).contact_id(contact_id);
        call.streaming_id(streaming_id).send().await.map_err(failed)?;
        Ok(())
    }

    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError> {
        let call = self.participant.send_message().connection_token(connection_token.expose());
        let call = call.content_type(content_type).content(content).client_token(client_token);
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let message = error.as_service_error().and_then(ProvideErrorMetadata::message);
                if too_long::is(&Fault::of(&error), message.unwrap_or_default(), content) {
                    return Err(ChatError::TooLong);
                }
                Err(failed(error))
            }
        }
    }

    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError> {
        let call = self.participant.send_event().connection_token(connection_token.expose()).content_type(TYPING);
        call.send().await.map_err(failed)?;
        Ok(())
    }

    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        let call = self.connect.update_contact_attributes().instance_id(instance_id);
        let attributes = attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        call.initial_contact_id(initial_contact_id).set_attributes(Some(attributes)).send().await.map_err(failed)?;
        Ok(())
    }

    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError> {
        let call = self.participant.get_transcript().connection_token(connection_token.expose()).max_results(100);
        let call = call.scan_direction(ScanDirection::Backward).sort_order(SortKey::Ascending);
        let answer = call.send().await.map_err(failed)?;
        Ok(answer.transcript().iter().map(streamed).collect())
    }

    async fn disconnect(&self, connection_token: &Token, client_token: &str) -> Result<(), ChatError> {
        let call = self.participant.disconnect_participant().connection_token(connection_token.expose());
        call.client_token(client_token).send().await.map_err(failed)?;
        Ok(())
    }
}
