//! What participants say and signal: `SendMessage` and `SendEvent`.

use super::{Contact, Effect, Effects, Here, Record, Speaker, receipts::Said};
use crate::{
    api::{Send, Sent},
    centre::Config,
    error::{Error, ErrorKind},
    item::{ItemType, Role, event as event_type},
    transcript::Log,
};

impl Contact {
    /// `SendMessage`: once for each `ClientToken`.
    pub(crate) fn send_message(
        &mut self,
        participant_id: &str,
        message: Send,
        log: &Log,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<Sent, Error> {
        let by = self.acting(participant_id)?.clone();
        if let Some(sent) = message.client_token.as_deref().and_then(|t| log.said_with(participant_id, t)) {
            return Ok(sent);
        }
        let content = message.content.unwrap_or_default();
        self.check_message(&message.content_type, &content, here.config)?;
        let record = Record {
            r#type: ItemType::Message,
            content_type: &message.content_type,
            content: Some(content.clone()),
            by: Speaker::from(&by),
            client_token: message.client_token,
        };
        if self.processes(&message.content_type) {
            let sent = self.hold(record, here, fx);
            self.spoke(&by, here, fx);
            return Ok(sent);
        }
        let sent = self.record(record, here, fx);
        self.spoke(&by, here, fx);
        if by.role == Role::Customer {
            self.heard_customer(&message.content_type, &content, here, fx);
        }
        Ok(sent)
    }

    /// `SendEvent`: typing, receipts, and the old acknowledgement of a connection. None of them is in the transcript.
    pub(crate) fn send_event(
        &mut self,
        participant_id: &str,
        event: &Send,
        log: &Log,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<Sent, Error> {
        let by = self.acting(participant_id)?.clone();
        if let Some(sent) = event.client_token.as_deref().and_then(|t| log.signalled_with(participant_id, t)) {
            return Ok(sent);
        }
        let record = Record {
            r#type: ItemType::Event,
            content_type: &event.content_type,
            content: event.content.clone(),
            by: Speaker::from(&by),
            client_token: None,
        };
        let item = self.item(&record, here.now_ms, here);
        let sent = Sent::from(&item);
        match event.content_type.as_str() {
            event_type::TYPING => {
                for (topic_arn, notification) in self.notifications(&item, here) {
                    fx.push(Effect::PublishOnce { topic_arn, notification });
                }
                fx.push(Effect::ToOthers { from: by.id, item: item.into() });
            }
            event_type::DELIVERED => self.receipt(&by.id, Said::Delivered, event, log, here, fx)?,
            event_type::READ => self.receipt(&by.id, Said::Read, event, log, here, fx)?,
            event_type::CONNECTION_ACKNOWLEDGED => self.connect(&by.id, here, fx),
            other => {
                return Err(Error::new(
                    ErrorKind::InvalidParameter,
                    format!("\"{}\" is no event a participant can send.", head(other)),
                ));
            }
        }
        if let Some(client_token) = &event.client_token {
            let (by, client_token) = (participant_id.to_owned(), client_token.clone());
            fx.push(Effect::Signalled { by, client_token, sent: sent.clone() });
        }
        Ok(sent)
    }
}

impl Contact {
    /// The rules of a message's content type and size.
    pub(super) fn check_message(&self, content_type: &str, content: &str, config: &Config) -> Result<(), Error> {
        if content_type != "text/plain" && self.longest_on_its_line().is_some() {
            // Model of `SendMessage.ContentType`: SMS and WhatsApp take plain text alone, whatever the chat says.
            let message =
                format!("A chat over SMS or WhatsApp takes text/plain alone, not \"{}\".", head(content_type));
            return Err(Error::new(ErrorKind::InvalidParameter, message));
        }
        if content_type != "text/plain" && !self.profile.content_types.iter().any(|t| t == content_type) {
            return Err(Error::new(
                ErrorKind::InvalidParameter,
                format!("The contact does not support the content type \"{}\".", head(content_type)),
            ));
        }
        if content.is_empty() {
            return Err(Error::new(ErrorKind::InvalidParameter, "Content must not be empty."));
        }
        let limit = config.message_limit_bytes.get();
        if content.len() > limit {
            return Err(Error::new(
                ErrorKind::InvalidParameter,
                format!("Content has {} bytes of UTF-8; the limit is {limit}.", content.len()),
            ));
        }
        match self.longest_on_its_line() {
            Some(limit) if content.chars().count() > limit => Err(Error::new(
                ErrorKind::InvalidParameter,
                format!("Content has {} characters; the limit of this channel is {limit}.", content.chars().count()),
            )),
            _ => Ok(()),
        }
    }
}

/// As much of a client's word as an error message repeats.
fn head(word: &str) -> String {
    word.chars().take(100).collect()
}
