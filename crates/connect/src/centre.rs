//! The contact centre as one value: every operation, on its ports.

use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::{broadcast, mpsc};

use crate::{
    api::{
        Attributes, Connection, ContactDescription, ContactInspection, CreateConnection, CreateParticipant,
        CreatedParticipant, DeskContact, GetTranscript, Send, Sent, StartChatContact, StartedChat, Transcript,
    },
    error::Error,
    flow::Flow,
    observe::Observation,
    ports::{Clock, Functions, Ids, Store, Stream},
};

/// What the centre is: one instance, its flows, its queue.
#[derive(Debug, Clone)]
pub struct Config {
    /// The instance's id (a UUID).
    pub instance_id: String,
    /// 12 digits.
    pub account_id: String,
    /// `us-east-1`.
    pub region: String,
    /// Flows by id, with their name.
    pub flows: Vec<FlowEntry>,
    /// The one queue: id and name.
    pub queue: QueueConfig,
    /// How many bytes of UTF-8 a message may have: 16,384, or less to try a bot against the older limit.
    pub message_limit_bytes: usize,
}

/// A published flow.
#[derive(Debug, Clone)]
pub struct FlowEntry {
    /// The flow's id.
    pub id: String,
    /// The flow's name.
    pub name: String,
    /// The flow.
    pub flow: Arc<Flow>,
}

/// The queue.
#[derive(Debug, Clone)]
pub struct QueueConfig {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many agents are staffed (the desk's open windows are not counted in this first version).
    pub staffed_agents: u32,
    /// How many contacts it takes; more go to `QueueAtCapacity`.
    pub capacity: Option<u32>,
}

/// The outside world.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and tokens.
    pub ids: Arc<dyn Ids>,
    /// The disk.
    pub store: Arc<dyn Store>,
    /// Functions of flows.
    pub functions: Arc<dyn Functions>,
    /// Topics.
    pub stream: Arc<dyn Stream>,
}

/// The contact centre. Cheap to clone; all clones are the same centre.
#[derive(Clone)]
pub struct Centre {
    _inner: Arc<Config>,
}

/// A websocket's subscription: every item its participant may see, in transcript order, as the JSON text of the item
/// (or of a `MESSAGEMETADATA` receipt). The channel closes when the chat is over for this participant.
pub struct Subscription {
    /// The items.
    pub items: mpsc::UnboundedReceiver<String>,
}

impl Centre {
    /// Opens the centre on its store: contacts that were open go on where they stood.
    pub async fn open(config: Config, ports: Ports) -> Result<Self, Error> {
        todo!()
    }
    /// The centre's configuration.
    pub fn config(&self) -> &Config {
        todo!()
    }
    /// `StartChatContact`.
    pub async fn start_chat_contact(&self, request: StartChatContact) -> Result<StartedChat, Error> {
        todo!()
    }
    /// `CreateParticipant`.
    pub async fn create_participant(&self, request: CreateParticipant) -> Result<CreatedParticipant, Error> {
        todo!()
    }
    /// `StartContactStreaming`: the streaming id.
    pub async fn start_contact_streaming(&self, instance_id: &str, contact_id: &str, topic_arn: &str, client_token: &str) -> Result<String, Error> {
        todo!()
    }
    /// `StopContactStreaming`.
    pub async fn stop_contact_streaming(&self, instance_id: &str, contact_id: &str, streaming_id: &str) -> Result<(), Error> {
        todo!()
    }
    /// `UpdateContactAttributes`.
    pub async fn update_contact_attributes(&self, instance_id: &str, initial_contact_id: &str, attributes: Attributes) -> Result<(), Error> {
        todo!()
    }
    /// `GetContactAttributes`.
    pub async fn get_contact_attributes(&self, instance_id: &str, initial_contact_id: &str) -> Result<Attributes, Error> {
        todo!()
    }
    /// `DescribeContact`.
    pub async fn describe_contact(&self, instance_id: &str, contact_id: &str) -> Result<ContactDescription, Error> {
        todo!()
    }
    /// `StopContact`.
    pub async fn stop_contact(&self, instance_id: &str, contact_id: &str) -> Result<(), Error> {
        todo!()
    }
    /// `CreateParticipantConnection`, with the participant token.
    pub async fn create_participant_connection(&self, participant_token: &SecretString, request: CreateConnection) -> Result<Connection, Error> {
        todo!()
    }
    /// `SendMessage`, with the connection token.
    pub async fn send_message(&self, connection_token: &SecretString, message: Send) -> Result<Sent, Error> {
        todo!()
    }
    /// `SendEvent`, with the connection token.
    pub async fn send_event(&self, connection_token: &SecretString, event: Send) -> Result<Sent, Error> {
        todo!()
    }
    /// `GetTranscript`, with the connection token.
    pub async fn get_transcript(&self, connection_token: &SecretString, request: GetTranscript) -> Result<Transcript, Error> {
        todo!()
    }
    /// `DisconnectParticipant`, with the connection token. The customer's or the agent's ends the contact; the bot's lets the flow go on.
    pub async fn disconnect_participant(&self, connection_token: &SecretString) -> Result<(), Error> {
        todo!()
    }
    /// Whether the secret of a websocket URL is good now (so that the wire can refuse the upgrade with 403).
    pub async fn check_websocket(&self, secret: &SecretString) -> Result<(), Error> {
        todo!()
    }
    /// Takes up a websocket: marks the participant as connected and hands over what it may see from now on.
    /// Two sockets a participant are fine; a closed socket does not end the chat.
    pub async fn open_websocket(&self, secret: &SecretString) -> Result<Subscription, Error> {
        todo!()
    }
    /// Contacts queued and active.
    pub async fn desk_contacts(&self) -> Vec<DeskContact> {
        todo!()
    }
    /// A person takes a queued contact.
    pub async fn desk_accept(&self, contact_id: &str, display_name: &str) -> Result<CreatedParticipant, Error> {
        todo!()
    }
    /// One contact from the inside.
    pub async fn inspect(&self, contact_id: &str) -> Result<ContactInspection, Error> {
        todo!()
    }
    /// Watches every contact.
    pub fn observe(&self) -> broadcast::Receiver<Observation> {
        todo!()
    }
}
