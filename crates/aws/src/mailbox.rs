//! [`Mailbox`] over the stream's own topic: what `start-bot` has for `chat-bot` goes the way of every message, with its
//! retries.

use async_trait::async_trait;
use aws_sdk_sns::{Client, types::MessageAttributeValue};
use relevo_bot::ports::{Mailbox, MailboxError};

use crate::{clients::Clients, fault::Fault};

/// The attributes that a subscription's filter goes by, as Connect sets them on a customer's message. The item is one.
const ATTRIBUTES: [(&str, &str); 3] =
    [("ParticipantRole", "CUSTOMER"), ("Type", "MESSAGE"), ("MessageVisibility", "ALL")];

/// The topic that contacts are streamed to.
#[derive(Debug, Clone)]
pub struct SnsMailbox {
    client: Client,
    topic_arn: String,
}

impl SnsMailbox {
    /// Over this topic.
    pub fn new(clients: &Clients, topic_arn: impl Into<String>) -> Self {
        Self { client: clients.sns.clone(), topic_arn: topic_arn.into() }
    }
}

#[async_trait]
impl Mailbox for SnsMailbox {
    async fn deliver_later(&self, message: &str) -> Result<(), MailboxError> {
        let mut call = self.client.publish().topic_arn(&self.topic_arn).message(message);
        for (name, value) in ATTRIBUTES {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            call = call.message_attributes(name, value.map_err(|_| MailboxError("attribute".into()))?);
        }
        call.send().await.map_err(|error| MailboxError(Fault::of(&error).to_string()))?;
        Ok(())
    }
}
