//! The bot's ports, observed: what they are asked and how long it takes goes to the inspector, and nothing else changes.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use relevo_bot::{
    ports::{Chat, ChatError, Connection, Participant, Token},
    sessions::{Op, Outcome, Sessions, SessionsError},
};
use relevo_connect::Centre;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    calls::{Calls, Door},
    chat::LocalChat,
    gated::Gated,
};
use crate::disk::BotSessions;

const TYPING: &str = "application/vnd.amazonaws.connect.event.typing";

/// The chat service.
pub(super) struct ObservedChat {
    pub(super) chat: Gated<LocalChat>,
    pub(super) centre: Centre,
    pub(super) calls: Arc<Calls>,
}

/// The sessions.
pub(super) struct ObservedSessions {
    pub(super) sessions: BotSessions,
    pub(super) calls: Arc<Calls>,
}

impl ObservedChat {
    fn contact_of(&self, token: &Token) -> Option<String> {
        self.centre.contact_of(&SecretString::from(token.expose().to_owned()))
    }

    fn done<T>(
        &self,
        contact_id: Option<&str>,
        at_us: i64,
        operation: (&'static str, &'static str),
        request: Value,
        answer: &Result<T, ChatError>,
        shown: impl FnOnce(&T) -> Value,
    ) {
        let Some(contact_id) = contact_id else { return };
        let answer = answer.as_ref().map(shown).map_err(ToString::to_string);
        self.calls.done(contact_id, at_us, (Door::Bot, operation.0, operation.1), request, answer);
    }
}

#[async_trait]
impl Chat for ObservedChat {
    async fn create_participant(
        &self,
        instance_id: &str,
        contact_id: &str,
        display_name: &str,
        client_token: &str,
    ) -> Result<Participant, ChatError> {
        let at = Calls::begin();
        let answer = self.chat.create_participant(instance_id, contact_id, display_name, client_token).await;
        let request = json!({
            "InstanceId": instance_id, "ContactId": contact_id, "ClientToken": client_token,
            "ParticipantDetails": {"ParticipantRole": "CUSTOM_BOT", "DisplayName": display_name},
        });
        let shown = |it: &Participant| json!({"ParticipantId": it.participant_id, "ParticipantToken": ""});
        self.done(Some(contact_id), at, ("connect", "CreateParticipant"), request, &answer, shown);
        answer
    }

    async fn create_connection(&self, participant_token: &Token) -> Result<Connection, ChatError> {
        let at = Calls::begin();
        let contact = self.contact_of(participant_token);
        let answer = self.chat.create_connection(participant_token).await;
        let request = json!({"Type": ["CONNECTION_CREDENTIALS"], "ConnectParticipant": true});
        let shown = |_: &Connection| json!({"ConnectionCredentials": {"ConnectionToken": ""}});
        let operation = ("connectparticipant", "CreateParticipantConnection");
        self.done(contact.as_deref(), at, operation, request, &answer, shown);
        answer
    }

    async fn start_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, ChatError> {
        let at = Calls::begin();
        let answer = self.chat.start_streaming(instance_id, contact_id, topic_arn, client_token).await;
        let request = json!({
            "InstanceId": instance_id, "ContactId": contact_id, "ClientToken": client_token,
            "ChatStreamingConfiguration": {"StreamingEndpointArn": topic_arn},
        });
        let shown = |id: &String| json!({"StreamingId": id});
        self.done(Some(contact_id), at, ("connect", "StartContactStreaming"), request, &answer, shown);
        answer
    }

    async fn stop_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), ChatError> {
        let at = Calls::begin();
        let answer = self.chat.stop_streaming(instance_id, contact_id, streaming_id).await;
        let request = json!({"InstanceId": instance_id, "ContactId": contact_id, "StreamingId": streaming_id});
        self.done(Some(contact_id), at, ("connect", "StopContactStreaming"), request, &answer, nothing);
        answer
    }

    async fn send_message(
        &self,
        connection_token: &Token,
        content_type: &str,
        content: &str,
        client_token: &str,
    ) -> Result<(), ChatError> {
        let at = Calls::begin();
        let contact = self.contact_of(connection_token);
        let answer = self.chat.send_message(connection_token, content_type, content, client_token).await;
        let request = json!({"ContentType": content_type, "Content": content, "ClientToken": client_token});
        self.done(contact.as_deref(), at, ("connectparticipant", "SendMessage"), request, &answer, nothing);
        answer
    }

    async fn send_typing(&self, connection_token: &Token) -> Result<(), ChatError> {
        let at = Calls::begin();
        let contact = self.contact_of(connection_token);
        let answer = self.chat.send_typing(connection_token).await;
        let request = json!({"ContentType": TYPING});
        self.done(contact.as_deref(), at, ("connectparticipant", "SendEvent"), request, &answer, nothing);
        answer
    }

    async fn update_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), ChatError> {
        let at = Calls::begin();
        let answer = self.chat.update_attributes(instance_id, initial_contact_id, attributes).await;
        let request =
            json!({"InstanceId": instance_id, "InitialContactId": initial_contact_id, "Attributes": attributes});
        self.done(Some(initial_contact_id), at, ("connect", "UpdateContactAttributes"), request, &answer, nothing);
        answer
    }

    async fn transcript(&self, connection_token: &Token) -> Result<Vec<Value>, ChatError> {
        let at = Calls::begin();
        let contact = self.contact_of(connection_token);
        let answer = self.chat.transcript(connection_token).await;
        let request = json!({"MaxResults": 100, "SortOrder": "ASCENDING"});
        let shown = |items: &Vec<Value>| json!({"items": items.len()});
        self.done(contact.as_deref(), at, ("connectparticipant", "GetTranscript"), request, &answer, shown);
        answer
    }

    async fn disconnect(&self, connection_token: &Token, client_token: &str) -> Result<(), ChatError> {
        let at = Calls::begin();
        let contact = self.contact_of(connection_token);
        let answer = self.chat.disconnect(connection_token, client_token).await;
        let request = json!({"ClientToken": client_token});
        self.done(contact.as_deref(), at, ("connectparticipant", "DisconnectParticipant"), request, &answer, nothing);
        answer
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it shows an answer as those that have something to show")]
fn nothing((): &()) -> Value {
    json!({})
}

#[async_trait]
impl Sessions for ObservedSessions {
    async fn apply(&self, key: &str, op: Op) -> Result<Outcome, SessionsError> {
        let (at, name) = (Calls::begin(), name_of(&op));
        let answer = self.sessions.apply(key, op).await;
        if let Some(name) = name {
            let answer = answer.as_ref().map(|outcome| json!({"outcome": outcome_name(outcome)}));
            let answer = answer.map_err(ToString::to_string);
            self.calls.done(key, at, (Door::Session, "session", name), json!({}), answer);
        }
        answer
    }
}

/// What a turn's course shows; renewals and reads are not among it.
fn name_of(op: &Op) -> Option<&'static str> {
    Some(match op {
        Op::Reserve { .. } => "Reserve",
        Op::Open { .. } => "Open",
        Op::Deliver { .. } => "Claim",
        Op::Save { .. } => "Save",
        Op::Finish { .. } => "Finish",
        Op::Rest { .. } => "Rest",
        Op::Close { .. } | Op::Dismiss { .. } => "Close",
        Op::Read | Op::Abandon { .. } | Op::Renew { .. } | Op::Release { .. } | Op::StreamStopped { .. } => {
            return None;
        }
    })
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Unknown => "unknown",
        Outcome::Record(_) => "record",
        Outcome::Reserved(_) => "reserved",
        Outcome::AlreadyOpen(_) => "already open",
        Outcome::Turn(_) => "turn",
        Outcome::Waiting => "waiting",
        Outcome::Busy => "busy",
        Outcome::Duplicate => "duplicate",
        Outcome::Closed(_) => "closed",
        Outcome::Saved(_) => "saved",
        Outcome::Next(_) => "next turn",
        Outcome::Released => "released",
        Outcome::Lost => "lost",
    }
}
