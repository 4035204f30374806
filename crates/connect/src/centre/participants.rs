//! The operations of the participant service, by token.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc;

use super::{Subscription, inner::Inner, live::Socket, tokens::Holder};
use crate::{
    api::{self, Connection, CreateConnection, GetTranscript, Sent, Transcript},
    contact::{access_denied, token::TokenKind},
    error::{Error, ErrorKind},
    item::Role,
    view::View,
};

impl Inner {
    pub(super) fn holder(&self, token: &SecretString, kind: TokenKind) -> Result<Holder, Error> {
        self.holder_of_any(token, &[kind]).ok_or_else(access_denied)
    }

    fn holder_of_any(&self, token: &SecretString, kinds: &[TokenKind]) -> Option<Holder> {
        self.tokens.find(token.expose_secret(), kinds, self.now_ms())
    }

    pub(super) fn contact_of(&self, token: &SecretString) -> Option<String> {
        let kinds = [TokenKind::Participant, TokenKind::Connection, TokenKind::Websocket];
        self.holder_of_any(token, &kinds).map(|holder| holder.contact_id)
    }

    pub(super) fn check_connection(&self, token: &SecretString) -> Result<(), Error> {
        self.holder(token, TokenKind::Connection).map(|_| ())
    }

    pub(super) async fn role_of(&self, token: &SecretString) -> Option<Role> {
        let holder = self.holder_of_any(token, &[TokenKind::Participant, TokenKind::Connection])?;
        let slot = self.slot(&holder.contact_id)?;
        let live = slot.lock().await;
        live.contact.participants.iter().find(|one| one.id == holder.participant_id).map(|one| one.role)
    }

    pub(super) async fn create_participant_connection(
        self: &Arc<Self>,
        participant_token: &SecretString,
        request: CreateConnection,
    ) -> Result<Connection, Error> {
        let Holder { contact_id, participant_id } = self.holder(participant_token, TokenKind::Participant)?;
        self.apply(&contact_id, move |contact, context, fx| {
            contact.create_connection(&participant_id, request, &context.here, fx)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn send_message(
        self: &Arc<Self>,
        connection_token: &SecretString,
        message: api::Send,
    ) -> Result<Sent, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        self.apply(&contact_id, move |contact, context, fx| {
            contact.send_message(&participant_id, message, context.log, &context.here, fx)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn send_event(
        self: &Arc<Self>,
        connection_token: &SecretString,
        event: api::Send,
    ) -> Result<Sent, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        self.apply(&contact_id, move |contact, context, fx| {
            contact.send_event(&participant_id, &event, context.log, &context.here, fx)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn get_transcript(
        &self,
        connection_token: &SecretString,
        request: GetTranscript,
    ) -> Result<Transcript, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        if request.contact_id.as_ref().is_some_and(|id| *id != contact_id) {
            return Err(Error::new(ErrorKind::InvalidParameter, "ContactId is not in this chat's chain of contacts."));
        }
        let slot = self.slot(&contact_id).ok_or_else(access_denied)?;
        let mut live = slot.lock().await;
        if live.contact.is_ended() {
            return Err(access_denied());
        }
        live.read_log(&*self.ports.store).await?;
        live.log.page(&contact_id, &participant_id, &request)
    }

    pub(super) async fn describe_view(&self, connection_token: &SecretString, view_token: &str) -> Result<View, Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        let slot = self.slot(&contact_id).ok_or_else(access_denied)?;
        let live = slot.lock().await;
        live.contact.describe_view(&participant_id, view_token, &self.config())
    }

    pub(super) async fn disconnect_participant(self: &Arc<Self>, connection_token: &SecretString) -> Result<(), Error> {
        let Holder { contact_id, participant_id } = self.holder(connection_token, TokenKind::Connection)?;
        self.apply(&contact_id, move |contact, context, fx| contact.disconnect(&participant_id, &context.here, fx))
            .await
            .map_err(denied_when_over(self, &contact_id))
    }

    pub(super) async fn check_websocket(&self, secret: &SecretString) -> Result<(), Error> {
        let Holder { contact_id, participant_id } = self.holder(secret, TokenKind::Websocket)?;
        let slot = self.slot(&contact_id).ok_or_else(access_denied)?;
        if slot.lock().await.sockets.is_full(&participant_id) {
            return Err(too_many_sockets());
        }
        Ok(())
    }

    pub(super) async fn open_websocket(self: &Arc<Self>, secret: &SecretString) -> Result<Subscription, Error> {
        let Holder { contact_id, participant_id } = self.holder(secret, TokenKind::Websocket)?;
        let (send, items) = mpsc::unbounded_channel();
        let socket = Socket { participant_id: participant_id.clone(), items: send };
        self.apply_with_socket(&contact_id, Some(socket), move |contact, context, fx| {
            if context.sockets.is_full(&participant_id) {
                return Err(too_many_sockets());
            }
            contact.websocket_opened(&participant_id, &context.here, fx)
        })
        .await
        .map_err(denied_when_over(self, &contact_id))?;
        Ok(Subscription { items })
    }
}

fn too_many_sockets() -> Error {
    Error::new(ErrorKind::LimitExceeded, "The participant already has five open websockets.")
}

/// A contact that ended while the request was on its way: its tokens open nothing any more.
pub(super) fn denied_when_over(inner: &Inner, contact_id: &str) -> impl FnOnce(Error) -> Error {
    let over = inner.slot(contact_id).is_none();
    move |error| if over && error.kind == ErrorKind::NotFound { access_denied() } else { error }
}
