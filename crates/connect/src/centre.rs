//! The contact centre as one value: every operation, on its ports.

mod attachments;
mod config;
mod contacts;
mod desk;
mod directory;
mod flow_book;
mod flows;
mod hours;
mod hours_file;
mod inner;
mod invoke;
mod keys;
mod line;
mod live;
mod open;
mod outbox;
mod participants;
mod queue;
mod routing;
mod timers;
mod tokens;
mod updates;

use std::sync::{Arc, atomic::Ordering};

use secrecy::SecretString;
use tokio::sync::{broadcast, mpsc};

use self::inner::Inner;
pub(crate) use self::invoke::RETRIES;
pub use self::{
    config::{Config, FlowEntry, MessageLimit, QueueConfig},
    hours::{HoursOfOperation, Opening, Override},
};
use crate::{
    api::{
        Attributes, Connection, ContactDescription, ContactInspection, ContactRecord, ContactSummary, CreateConnection,
        CreateParticipant, CreatedParticipant, DeskContact, GetTranscript, Send, Sent, StartChatContact, StartedChat,
        Transcript,
        line::{Integrated, IntegrationEvent},
    },
    attachment::{
        AttachmentAccess, AttachmentUpload, Content, Expected, GetAttachment, SignedAccess, StartAttachmentUpload,
    },
    desk::{AgentSettings, AgentView, Outcome, TransferTo},
    error::Error,
    item::{Item, Role},
    observe::Observation,
    ports::{Clock, Files, Functions, Ids, Store, Stream},
    view::View,
};

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
    /// The content of attachments.
    pub files: Arc<dyn Files>,
}

/// The contact centre. Cheap to clone; all clones are the same centre.
#[derive(Clone)]
pub struct Centre {
    inner: Arc<Inner>,
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
        Ok(Self { inner: open::open(config, ports).await? })
    }
    /// The centre's configuration now, with the flows that were published since it was opened.
    pub fn config(&self) -> Arc<Config> {
        self.inner.config()
    }
    /// `StartChatContact`.
    pub async fn start_chat_contact(&self, request: StartChatContact) -> Result<StartedChat, Error> {
        self.inner.start_chat_contact(request).await
    }
    /// `StartOutboundChatContact`, of a request that has a line: the contact's id.
    pub async fn start_outbound_chat(&self, request: StartChatContact) -> Result<String, Error> {
        self.inner.start_outbound_chat(request).await
    }
    /// `SendChatIntegrationEvent`.
    pub async fn integrate(&self, event: IntegrationEvent) -> Result<Integrated, Error> {
        self.inner.integrate(event).await
    }
    /// `CreateParticipant`.
    pub async fn create_participant(&self, request: CreateParticipant) -> Result<CreatedParticipant, Error> {
        self.inner.create_participant(request).await
    }
    /// `StartContactStreaming`: the streaming id.
    pub async fn start_contact_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        topic_arn: &str,
        client_token: &str,
    ) -> Result<String, Error> {
        self.inner.start_contact_streaming(instance_id, contact_id, topic_arn, client_token).await
    }
    /// `StopContactStreaming`.
    pub async fn stop_contact_streaming(
        &self,
        instance_id: &str,
        contact_id: &str,
        streaming_id: &str,
    ) -> Result<(), Error> {
        self.inner.stop_contact_streaming(instance_id, contact_id, streaming_id).await
    }
    /// `UpdateContactAttributes`.
    pub async fn update_contact_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
        attributes: Attributes,
    ) -> Result<(), Error> {
        self.inner.update_contact_attributes(instance_id, initial_contact_id, attributes).await
    }
    /// `GetContactAttributes`.
    pub async fn get_contact_attributes(
        &self,
        instance_id: &str,
        initial_contact_id: &str,
    ) -> Result<Attributes, Error> {
        self.inner.get_contact_attributes(instance_id, initial_contact_id).await
    }
    /// `DescribeContact`.
    pub async fn describe_contact(&self, instance_id: &str, contact_id: &str) -> Result<ContactDescription, Error> {
        self.inner.describe_contact(instance_id, contact_id).await
    }
    /// `SearchContacts`: every stored contact, going on or over, in no order that says anything.
    pub async fn describe_contacts(&self, instance_id: &str) -> Result<Vec<ContactDescription>, Error> {
        self.inner.describe_contacts(instance_id).await
    }
    /// `StopContact`.
    pub async fn stop_contact(&self, instance_id: &str, contact_id: &str) -> Result<(), Error> {
        self.inner.stop_contact(instance_id, contact_id).await
    }
    /// `CreateParticipantConnection`, with the participant token.
    pub async fn create_participant_connection(
        &self,
        participant_token: &SecretString,
        request: CreateConnection,
    ) -> Result<Connection, Error> {
        self.inner.create_participant_connection(participant_token, request).await
    }
    /// Whether a connection token is good now.
    ///
    /// # Errors
    /// `AccessDenied`: it is not.
    pub fn check_connection(&self, connection_token: &SecretString) -> Result<(), Error> {
        self.inner.check_connection(connection_token)
    }
    /// `SendMessage`, with the connection token.
    pub async fn send_message(&self, connection_token: &SecretString, message: Send) -> Result<Sent, Error> {
        self.inner.send_message(connection_token, message).await
    }
    /// `SendEvent`, with the connection token.
    pub async fn send_event(&self, connection_token: &SecretString, event: Send) -> Result<Sent, Error> {
        self.inner.send_event(connection_token, event).await
    }
    /// `GetTranscript`, with the connection token.
    pub async fn get_transcript(
        &self,
        connection_token: &SecretString,
        request: GetTranscript,
    ) -> Result<Transcript, Error> {
        self.inner.get_transcript(connection_token, request).await
    }
    /// `DescribeView`, with the connection token.
    pub async fn describe_view(&self, connection_token: &SecretString, view_token: &str) -> Result<View, Error> {
        self.inner.describe_view(connection_token, view_token).await
    }
    /// `DisconnectParticipant`, with the connection token. The customer's or the agent's ends the contact; the bot's lets the flow go on.
    pub async fn disconnect_participant(&self, connection_token: &SecretString) -> Result<(), Error> {
        self.inner.disconnect_participant(connection_token).await
    }
    /// `StartAttachmentUpload`, with the connection token.
    pub async fn start_attachment_upload(
        &self,
        connection_token: &SecretString,
        request: StartAttachmentUpload,
    ) -> Result<AttachmentUpload, Error> {
        self.inner.start_attachment_upload(connection_token, request).await
    }
    /// What the content of a signed upload must be.
    pub async fn expected_upload(&self, access: &SignedAccess) -> Result<Expected, Error> {
        self.inner.expected_upload(access).await
    }
    /// The content of a signed upload; it may come again until it is completed.
    pub async fn upload(&self, access: SignedAccess, content: Vec<u8>) -> Result<(), Error> {
        self.inner.upload(access, content).await
    }
    /// `CompleteAttachmentUpload`, with the connection token.
    pub async fn complete_attachment_upload(
        &self,
        connection_token: &SecretString,
        attachment_id: String,
        client_token: String,
    ) -> Result<(), Error> {
        self.inner.complete_attachment_upload(connection_token, attachment_id, client_token).await
    }
    /// `GetAttachment`, with the connection token.
    pub async fn get_attachment(
        &self,
        connection_token: &SecretString,
        request: &GetAttachment,
    ) -> Result<AttachmentAccess, Error> {
        self.inner.get_attachment(connection_token, request).await
    }
    /// The content that a signed download opens.
    pub async fn download(&self, access: &SignedAccess) -> Result<Content, Error> {
        self.inner.download(access).await
    }
    /// Whether the secret of a websocket URL is good now (so that the wire can refuse the upgrade with 403).
    pub async fn check_websocket(&self, secret: &SecretString) -> Result<(), Error> {
        self.inner.check_websocket(secret).await
    }
    /// Takes up a websocket: marks the participant as connected and hands over what it may see from now on.
    /// Two sockets a participant are fine; a closed socket does not end the chat.
    pub async fn open_websocket(&self, secret: &SecretString) -> Result<Subscription, Error> {
        self.inner.open_websocket(secret).await
    }
    /// Contacts queued and active.
    pub async fn desk_contacts(&self) -> Vec<DeskContact> {
        self.inner.desk_contacts().await
    }
    /// A person takes a queued contact.
    pub async fn desk_accept(&self, contact_id: &str, display_name: &str) -> Result<CreatedParticipant, Error> {
        self.inner.desk_accept(contact_id, display_name).await
    }
    /// An agent does not want the contact that it is offered.
    pub async fn desk_reject(&self, contact_id: &str, agent: &str) -> Result<(), Error> {
        self.inner.desk_reject(contact_id, agent).await
    }
    /// The agent who has the contact passes it on, with a note for the next one.
    pub async fn desk_transfer(&self, contact_id: &str, to: TransferTo, note: String) -> Result<(), Error> {
        self.inner.desk_transfer(contact_id, to, note).await
    }
    /// The agent ends the contact and says how it came out, both or neither.
    pub async fn desk_end(&self, contact_id: &str, outcome: Option<Outcome>) -> Result<(), Error> {
        self.inner.desk_end(contact_id, outcome).await
    }
    /// How a contact that an agent had came out; also when it is over.
    pub async fn desk_outcome(&self, contact_id: &str, outcome: Outcome) -> Result<(), Error> {
        self.inner.desk_outcome(contact_id, outcome).await
    }
    /// The agent's work after a contact is done, without an outcome.
    pub async fn desk_close(&self, contact_id: &str) -> Result<(), Error> {
        self.inner.desk_close(contact_id).await
    }
    /// The agents that have ever signed in, by name.
    pub fn agents(&self) -> Vec<AgentView> {
        self.inner.agents()
    }
    /// An agent signs in, or changes its status. From the first one on, agents count as staffed by their status.
    pub async fn set_agent(&self, name: &str, settings: AgentSettings) -> Result<(), Error> {
        self.inner.set_agent(name, settings).await
    }
    /// Every stored contact, going on or over, newest first; with what was said where that is asked for.
    pub async fn records(&self, with_items: bool) -> Result<Vec<ContactRecord>, Error> {
        self.inner.records(with_items).await
    }
    /// The contact that a participant's or connection's token belongs to.
    pub fn contact_of(&self, token: &SecretString) -> Option<String> {
        self.inner.contact_of(token)
    }
    /// What the participant is that a token belongs to.
    pub async fn role_of(&self, token: &SecretString) -> Option<Role> {
        self.inner.role_of(token).await
    }
    /// The contacts that are going on, newest first.
    pub async fn contacts(&self) -> Vec<ContactSummary> {
        self.inner.contacts().await
    }
    /// One contact from the inside.
    pub async fn inspect(&self, contact_id: &str) -> Result<ContactInspection, Error> {
        self.inner.inspect(contact_id).await
    }
    /// Watches every contact.
    pub fn observe(&self) -> broadcast::Receiver<Observation> {
        self.inner.observers()
    }

    /// The whole transcript of a contact, also of one that is over: for the inspector, not for participants.
    pub async fn transcript(&self, contact_id: &str) -> Result<Vec<Item>, Error> {
        self.inner.transcript(contact_id).await
    }

    /// How many chats may be going on at once from now on, waiting ones included; one more is refused with
    /// `LimitExceeded`. Without this there is no limit.
    pub fn limit_chats(&self, most: usize) {
        self.inner.most_chats.store(most, Ordering::Relaxed);
    }

    /// How many agents are staffed from now on, until the first one signs in; they serve every queue.
    pub fn set_staffed_agents(&self, staffed: u32) {
        self.inner.queue.set_staffed(staffed);
    }
}
