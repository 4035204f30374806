//! Message streaming of a contact: its topics, and an item as the topic sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Contact, Here, Outgoing};
use crate::{
    error::{Error, ErrorKind},
    item::{Item, ItemType, event as event_type},
    stream::Notification,
};

/// At most this many topics a contact (model of `StartContactStreaming`).
const TOPICS: usize = 2;

/// One `StartContactStreaming`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Streaming {
    id: String,
    topic_arn: String,
    client_token: String,
    stopped: bool,
}

impl Contact {
    /// `StartContactStreaming`: once for each `ClientToken`.
    pub(crate) fn start_streaming(
        &mut self,
        topic_arn: &str,
        client_token: &str,
        here: &Here<'_>,
    ) -> Result<String, Error> {
        if let Some(same) = self.streams.iter().find(|s| !client_token.is_empty() && s.client_token == client_token) {
            return Ok(same.id.clone());
        }
        check_topic(topic_arn)?;
        let topics = self.topics();
        if topics.len() >= TOPICS && !topics.contains(&topic_arn) {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("The contact already streams to {TOPICS} topics; it cannot stream to more."),
            ));
        }
        let id = here.ids.uuid();
        self.streams.push(Streaming {
            id: id.clone(),
            topic_arn: topic_arn.to_owned(),
            client_token: client_token.to_owned(),
            stopped: false,
        });
        Ok(id)
    }

    /// `StopContactStreaming`; stopping again is done already.
    pub(crate) fn stop_streaming(&mut self, streaming_id: &str) -> Result<(), Error> {
        let stream = self.streams.iter_mut().find(|s| s.id == streaming_id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "The contact has no message streaming with this StreamingId.")
        })?;
        stream.stopped = true;
        Ok(())
    }

    /// The topics that receive what is said now, each once.
    fn topics(&self) -> Vec<&str> {
        let mut topics: Vec<&str> = Vec::new();
        for stream in self.streams.iter().filter(|s| !s.stopped) {
            if !topics.contains(&stream.topic_arn.as_str()) {
                topics.push(&stream.topic_arn);
            }
        }
        topics
    }

    pub(super) fn is_streaming(&self) -> bool {
        self.streams.iter().any(|s| !s.stopped)
    }

    pub(super) fn outgoing(&self, seq: u64, item: &Item, here: &Here<'_>) -> Vec<Outgoing> {
        self.notifications(item, here)
            .into_iter()
            .enumerate()
            .map(|(topic_number, (topic_arn, notification))| Outgoing { seq, topic_number, topic_arn, notification })
            .collect()
    }

    /// An item as each topic receives it.
    pub(super) fn notifications(&self, item: &Item, here: &Here<'_>) -> Vec<(String, Notification)> {
        let topics = self.topics();
        if topics.is_empty() {
            return Vec::new();
        }
        let notification = notification(item, &here.config.instance_id, &here.config.account_id);
        topics.into_iter().map(|topic| (topic.to_owned(), notification.clone())).collect()
    }
}

fn notification(item: &Item, instance_id: &str, account_id: &str) -> Notification {
    let mut message = serde_json::to_value(item).unwrap_or_default();
    if matches!(item.content_type.as_str(), event_type::CHAT_ENDED | event_type::JOINED)
        && let Value::Object(map) = &mut message
    {
        // Field reports: these two are streamed with InitialContactId alone.
        map.shift_remove("ContactId");
    }
    let kind = match item.r#type {
        ItemType::Message => "MESSAGE",
        ItemType::Event => "EVENT",
        ItemType::Attachment => "ATTACHMENT",
    };
    let mut attributes: BTreeMap<String, String> = [
        ("InitialContactId", item.initial_contact_id.as_str()),
        ("ContactId", item.contact_id.as_str()),
        ("MessageVisibility", "ALL"),
        ("Type", kind),
        ("AccountId", account_id),
        ("InstanceId", instance_id),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    // An attachment has none, and an attribute of a message cannot be empty.
    if !item.content_type.is_empty() {
        attributes.insert("ContentType".into(), item.content_type.clone());
    }
    if let Some(role) = item.participant_role {
        attributes.insert("ParticipantRole".into(), role.as_str().into());
    }
    Notification { message: message.to_string(), attributes }
}

/// The ARN of a topic that a contact can stream to.
pub(crate) fn check_topic(arn: &str) -> Result<(), Error> {
    let parts: Vec<&str> = arn.split(':').collect();
    let is_topic = matches!(parts.as_slice(), ["arn", _, "sns", _, _, name] if !name.is_empty());
    if !is_topic || arn.len() > 350 {
        return Err(Error::new(ErrorKind::InvalidParameter, "StreamingEndpointArn must be the ARN of an SNS topic."));
    }
    if arn.strip_suffix(".fifo").is_some() {
        return Err(Error::new(
            ErrorKind::InvalidParameter,
            "StreamingEndpointArn must be a Standard SNS topic; FIFO topics are not supported.",
        ));
    }
    Ok(())
}
