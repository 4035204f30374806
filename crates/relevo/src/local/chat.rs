//! The bot's chat service on this machine: the contact centre, in process.

use std::collections::BTreeMap;

use async_trait::async_trait;
use relevo_bot::ports::{Chat, ChatError, Connection, Participant, Token};
use relevo_connect::{
    Centre, Error, ErrorKind,
    api::{CreateConnection, CreateParticipant, GetTranscript, Send},
    item::{Role, event},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// The contact centre as the bot's chat service.
pub(super) struct LocalChat(pub Centre);

fn secret(token: &Token) -> SecretString {
    SecretString::from(token.expose().to_owned())
}

/// The messages of the centre name fields and limits, never content, so they may go to the log.
fn refusal(error: Error) -> ChatError {
    match error.kind {
        ErrorKind::AccessDenied => ChatError::AccessDenied,
        ErrorKind::NotFound | ErrorKind::ContactNotFound | ErrorKind::ContactFlowNotPublished => ChatError::NotFound,
        ErrorKind::Conflict | ErrorKind::DuplicateResource | ErrorKind::ServiceQuotaExceeded => ChatError::Conflict,
        ErrorKind::Throttling | ErrorKind::LimitExceeded => ChatError::Throttled,
        ErrorKind::InvalidParameter | ErrorKind::InvalidRequest | ErrorKind::InvalidContactFlow => {
            ChatError::Invalid(error.message)
        }
        ErrorKind::Internal => ChatError::Unavailable(error.cause.unwrap_or(error.message)),
    }
}

#[async_trait]
impl Chat for LocalChat {
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError> {
        let request = CreateParticipant {
            instance_id: instance_id.to_owned(),
            contact_id: contact_id.to_owned(),
            client_token: Some(client_token.to_owned()),
            role: Role::CustomBot,
            display_name: display_name.to_owned(),
        };
        let created = self.0.create_participant(request).await.map_err(refusal)?;
        Ok(Participant {
            participant_id: created.participant_id,
            participant_token: Token::new(created.participant_token.expose_secret()),
        })
    }

    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError> {
        let request = CreateConnection { websocket: false, credentials: true, connect_participant: true };
        let connection =
            self.0.create_participant_connection(&secret(participant_token), request).await.map_err(refusal)?;
        let (token, expiry_ms) =
            connection.credentials.ok_or_else(|| ChatError::Unavailable("no credentials in the answer".into()))?;
        Ok(Connection { connection_token: Token::new(token.expose_secret()), expiry_ms })
    }

    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError> {
        self.0.start_contact_streaming(instance_id, contact_id, topic_arn, client_token).await.map_err(refusal)
    }

    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError> {
        self.0.stop_contact_streaming(instance_id, contact_id, streaming_id).await.map_err(refusal)
    }

    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError> {
        let message = Send {
            content_type: content_type.to_owned(),
            content: Some(content.to_owned()),
            client_token: Some(client_token.to_owned()),
        };
        match self.0.send_message(&secret(connection_token), message).await {
            Ok(_) => Ok(()),
            // The service names a too long content like any other invalid one.
            Err(error)
                if error.kind == ErrorKind::InvalidParameter
                    && content.len() > self.0.config().message_limit_bytes.get() =>
            {
                Err(ChatError::TooLong)
            }
            Err(error) => Err(refusal(error)),
        }
    }

    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError> {
        let typing = Send { content_type: event::TYPING.to_owned(), content: None, client_token: None };
        self.0.send_event(&secret(connection_token), typing).await.map(drop).map_err(refusal)
    }

    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        self.0.update_contact_attributes(instance_id, initial_contact_id, attributes.clone()).await.map_err(refusal)
    }

    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError> {
        let newest = GetTranscript { max_results: Some(100), ascending: true, ..GetTranscript::default() };
        let page = self.0.get_transcript(&secret(connection_token), newest).await.map_err(refusal)?;
        page.items
            .iter()
            .map(|item| serde_json::to_value(item).map_err(|error| ChatError::Unavailable(error.to_string())))
            .collect()
    }

    async fn disconnect(&self, connection_token: &Token, _client_token: &str) -> Result<(), ChatError> {
        self.0.disconnect_participant(&secret(connection_token)).await.map_err(refusal)
    }
}
