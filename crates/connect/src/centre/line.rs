//! Chats over lines: `StartOutboundChatContact` and `SendChatIntegrationEvent`.
//!
//! There is one chat of a line at a time, found by its two ends and its subtype. No phone is at the other end: what the customer
//! would read there is in the transcript and the stream.

use std::sync::Arc;

use super::{inner::Inner, keys};
use crate::{
    api::{
        Attributes, StartChatContact,
        line::{ChatEvent, Integrated, IntegrationEvent},
    },
    error::{Error, ErrorKind},
};

/// "The token is valid for 7 days after creation" (model of `StartOutboundChatContact`).
const TOKEN_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// The segment attribute that says over what a chat goes.
const SUBTYPE: &str = "connect:Subtype";
const SMS: &str = "connect:SMS";

impl Inner {
    /// The contact's id; the same for the same client token.
    pub(super) async fn start_outbound_chat(self: &Arc<Self>, request: StartChatContact) -> Result<String, Error> {
        self.check_instance(&request.instance_id)?;
        let inner = self.clone();
        let work = tokio::spawn(async move { inner.outbound_once(request).await });
        work.await.map_err(Error::internal)?
    }

    async fn outbound_once(self: &Arc<Self>, request: StartChatContact) -> Result<String, Error> {
        let line = request.line.clone().ok_or_else(|| Error::internal("an outbound chat without a line"))?;
        let subtype = request.segment_attributes.get(SUBTYPE).map_or(SMS, String::as_str);
        let line_key = keys::line(&line, subtype)?;
        let _alone = match self.shard(keys::LINES) {
            Some(shard) => Some(shard.lock().await),
            None => None,
        };
        let token_key = request.client_token.as_deref().filter(|token| !token.is_empty()).map(keys::outbound);
        if let Some(contact_id) = self.outbound_with(token_key.as_deref()).await? {
            // The first time may have been cut off before the line stood.
            self.reach(&contact_id).await?;
            return Ok(contact_id);
        }
        if self.on_line(&line_key).await?.is_some() {
            let message = "There is a chat between these endpoints that is going on.";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let keys = token_key.into_iter().chain([line_key]).collect();
        let contact_id = self.start_new(request, keys).await?.contact_id;
        self.reach(&contact_id).await?;
        Ok(contact_id)
    }

    /// The contact that this token has started, while the token is good.
    async fn outbound_with(&self, token_key: Option<&str>) -> Result<Option<String>, Error> {
        let Some(key) = token_key else { return Ok(None) };
        let Some(contact_id) = keys::get::<String>(&*self.ports.store, key).await? else { return Ok(None) };
        let created_ms = self.with_contact(&contact_id, |contact| contact.created_ms).await?;
        Ok((self.now_ms() - created_ms < TOKEN_MS).then_some(contact_id))
    }

    /// The chat of this line that is going on.
    async fn on_line(&self, line_key: &str) -> Result<Option<String>, Error> {
        let contact_id = keys::get::<String>(&*self.ports.store, line_key).await?;
        Ok(contact_id.filter(|contact_id| self.slot(contact_id).is_some()))
    }

    /// The customer of a line is there. A contact that is over by now is none the worse for it.
    async fn reach(self: &Arc<Self>, contact_id: &str) -> Result<(), Error> {
        let reached = self.apply(contact_id, |contact, context, fx| {
            contact.reach(&context.here, fx);
            Ok(())
        });
        match reached.await {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    pub(super) async fn integrate(self: &Arc<Self>, event: IntegrationEvent) -> Result<Integrated, Error> {
        let inner = self.clone();
        let work = tokio::spawn(async move { inner.integrate_once(event).await });
        work.await.map_err(Error::internal)?
    }

    async fn integrate_once(self: &Arc<Self>, event: IntegrationEvent) -> Result<Integrated, Error> {
        let subtype = event.subtype.clone().unwrap_or_else(|| SMS.to_owned());
        let key = keys::line(&event.line, &subtype)?;
        let _alone = match self.shard(keys::LINES) {
            Some(shard) => Some(shard.lock().await),
            None => None,
        };
        if let Some(contact_id) = self.on_line(&key).await? {
            let happened = event.event.clone();
            let done = self
                .apply(&contact_id, move |contact, context, fx| {
                    contact.integrate(happened, context.log, &context.here, fx)
                })
                .await;
            match done {
                Ok(()) => return Ok(Integrated { contact_id: Some(contact_id), is_new: false }),
                // It has ended on the way here.
                Err(_) if self.slot(&contact_id).is_none() => {}
                Err(error) => return Err(error),
            }
        }
        let ChatEvent::Message(message) = event.event else {
            return Ok(Integrated { contact_id: None, is_new: false });
        };
        let session = event.new_session;
        let config = self.config();
        let flow = config.flow(&event.line.system).or_else(|| config.flows.first());
        let flow = flow.ok_or_else(|| Error::new(ErrorKind::NotFound, "There is no flow for DestinationId."))?;
        let request = StartChatContact {
            instance_id: config.instance_id.clone(),
            contact_flow_id: flow.id.clone(),
            attributes: session.attributes,
            display_name: session.display_name.unwrap_or_else(|| event.line.customer.clone()),
            initial_message: Some((message.content_type, message.content.unwrap_or_default())),
            supported_messaging_content_types: session.supported_messaging_content_types,
            segment_attributes: Attributes::from([(SUBTYPE.to_owned(), subtype)]),
            line: Some(event.line),
            streaming_endpoint_arn: session.streaming_endpoint_arn,
            ..StartChatContact::default()
        };
        let contact_id = self.start_new(request, vec![key]).await?.contact_id;
        self.reach(&contact_id).await?;
        Ok(Integrated { contact_id: Some(contact_id), is_new: true })
    }
}
