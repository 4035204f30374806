//! Receipts: a recipient says that a message has reached it, or that it was read.
//!
//! Connect has them between two: with more participants they are a conflict (documentation of `SendEvent`). The sender hears of
//! each on its sockets, and the transcript keeps them with the message (`Item.MessageMetadata`). No topic hears of them: the
//! documented payload of a stream has none.

use serde_json::{Value, json};

use super::{Contact, Effect, Effects, Here};
use crate::{
    api::Send,
    error::{Error, ErrorKind},
    item::{ItemType, MessageMetadata, Receipt, iso_time},
    transcript::Log,
};

/// What is said of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Delivered,
    Read,
}

impl Said {
    fn member(self) -> &'static str {
        match self {
            Self::Delivered => "DeliveredTimestamp",
            Self::Read => "ReadTimestamp",
        }
    }

    fn of(self, receipt: &mut Receipt) -> &mut Option<String> {
        match self {
            Self::Delivered => &mut receipt.delivered_timestamp,
            Self::Read => &mut receipt.read_timestamp,
        }
    }
}

impl Contact {
    /// Takes a receipt. One for a message of one's own, or of the flow, has no effect; what was said before is not said again.
    pub(super) fn receipt(
        &mut self,
        recipient: &str,
        said: Said,
        event: &Send,
        log: &Log,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<(), Error> {
        let message_id = message_id(event)?;
        if self.participants.iter().filter(|p| p.is_joined()).count() > 2 {
            return Err(Error::new(
                ErrorKind::Conflict,
                "Message receipts are not supported when there are more than two active participants in the chat.",
            ));
        }
        let entry = log
            .find(&message_id)
            .filter(|entry| entry.item.r#type != ItemType::Event && entry.item.is_for(recipient))
            .ok_or_else(|| Error::new(ErrorKind::InvalidParameter, "The receipt names no message of this contact."))?;
        let Some(sender) = entry.item.participant_id.clone().filter(|sender| sender != recipient) else {
            return Ok(());
        };
        let mut entry = entry.clone();
        let metadata = entry.item.message_metadata.get_or_insert_with(|| MessageMetadata {
            message_id: message_id.clone(),
            receipts: Vec::new(),
            message_processing_status: None,
        });
        let time = iso_time(here.now_ms);
        let known = metadata.receipts.iter_mut().find(|receipt| receipt.recipient_participant_id == recipient);
        match known.map(|receipt| said.of(receipt)) {
            Some(Some(_)) => return Ok(()),
            Some(first) => *first = Some(time.clone()),
            None => {
                let recipient_participant_id = recipient.to_owned();
                let mut receipt = Receipt { delivered_timestamp: None, read_timestamp: None, recipient_participant_id };
                *said.of(&mut receipt) = Some(time.clone());
                metadata.receipts.push(receipt);
            }
        }
        let frame = json!({
            "Type": "MESSAGEMETADATA",
            "MessageMetadata": {
                "MessageId": message_id,
                "Receipts": [{said.member(): time, "RecipientParticipantId": recipient}],
            },
            "InitialContactId": self.id,
            "ContactId": self.id,
        });
        self.note_in_scan(&entry);
        fx.push(Effect::Note(entry.into()));
        fx.push(Effect::To { participant: sender, json: frame.to_string() });
        Ok(())
    }
}

fn message_id(event: &Send) -> Result<String, Error> {
    let content: Option<Value> = event.content.as_deref().and_then(|content| serde_json::from_str(content).ok());
    let id = content.as_ref().and_then(|content| content.get("messageId")).and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| Error::new(ErrorKind::InvalidParameter, "A receipt's Content must be {\"messageId\":\"…\"}."))
}
