//! The requests and answers of the contact centre's operations, without HTTP. Field names are AWS's, in Rust's case.

pub mod contacts;
pub mod flows;
pub mod line;
pub mod metrics;

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    desk::{Offer, Outcome, Passed, Transfer},
    item::{Item, ProcessingStatus, Role},
};

/// Contact attributes: keys alphanumeric, `-`, `_`; 32,768 bytes of UTF-8 in all.
pub type Attributes = BTreeMap<String, String>;

/// Connect's `StartChatContact`.
#[derive(Debug, Clone, Default)]
pub struct StartChatContact {
    /// The instance's id.
    pub instance_id: String,
    /// Id or ARN of the flow.
    pub contact_flow_id: String,
    /// First attributes.
    pub attributes: Attributes,
    /// The customer's name, 1..256 characters.
    pub display_name: String,
    /// Content type and content.
    pub initial_message: Option<(String, String)>,
    /// The same token gives the same contact.
    pub client_token: Option<String>,
    /// 60..10080; default 25 hours.
    pub chat_duration_in_minutes: Option<u32>,
    /// Default `text/plain` alone.
    pub supported_messaging_content_types: Vec<String>,
    /// Segment attributes with a string value, such as `connect:Subtype`.
    pub segment_attributes: Attributes,
    /// Kept and described; not together with `persistent`.
    pub related_contact_id: Option<String>,
    /// Kept and described.
    pub customer_id: Option<String>,
    /// `PersistentChat`: the contact whose chat goes on. Here a chat is one contact, so that both ways to rehydrate
    /// begin at the same one.
    pub persistent: Option<String>,
    /// `DisconnectOnCustomerExit` names the agent: when the customer ends the chat, the agent leaves, and the customer
    /// stays for the disconnect flow.
    pub agent_leaves_first: bool,
    /// `ChatStreamingConfiguration`: the topic that hears what comes after the chat's initial message.
    pub streaming_endpoint_arn: Option<String>,
    /// Of `StartOutboundChatContact` and `SendChatIntegrationEvent`: where the customer is.
    pub line: Option<line::Line>,
    /// Of `StartOutboundChatContact`: content type and content of what the centre says first.
    pub initial_system_message: Option<(String, String)>,
}

/// The answer to [`StartChatContact`].
#[derive(Debug, Clone)]
pub struct StartedChat {
    /// The contact.
    pub contact_id: String,
    /// The customer's participant.
    pub participant_id: String,
    /// For `CreateParticipantConnection`.
    pub participant_token: SecretString,
    /// The contact whose chat goes on in this one.
    pub continued_from: Option<String>,
    /// The stream that was begun with it.
    pub streaming_id: Option<String>,
}

/// Connect's `CreateParticipant`; only `CUSTOM_BOT` is valid for chat.
#[derive(Debug, Clone)]
pub struct CreateParticipant {
    /// The instance's id.
    pub instance_id: String,
    /// The contact.
    pub contact_id: String,
    /// The same token gives the same participant.
    pub client_token: Option<String>,
    /// The role asked for.
    pub role: Role,
    /// The name shown.
    pub display_name: String,
}

/// The answer to [`CreateParticipant`] and to the desk's accept.
#[derive(Debug, Clone)]
pub struct CreatedParticipant {
    /// The participant.
    pub participant_id: String,
    /// For `CreateParticipantConnection`.
    pub participant_token: SecretString,
    /// When the token ends, in ms since the epoch.
    pub expiry_ms: i64,
}

/// Connectparticipant's `CreateParticipantConnection`, without the token.
#[derive(Debug, Clone, Copy, Default)]
pub struct CreateConnection {
    /// `WEBSOCKET` was asked for.
    pub websocket: bool,
    /// `CONNECTION_CREDENTIALS` was asked for.
    pub credentials: bool,
    /// `ConnectParticipant`.
    pub connect_participant: bool,
}

/// The answer to [`CreateConnection`].
#[derive(Debug, Clone)]
pub struct Connection {
    /// The secret in the websocket's URL, and when the URL ends; the wire makes the URL.
    pub websocket: Option<(SecretString, i64)>,
    /// The connection token, and when it ends (one day).
    pub credentials: Option<(SecretString, i64)>,
}

/// Connectparticipant's `SendMessage` and `SendEvent`.
#[derive(Debug, Clone)]
pub struct Send {
    /// The content type.
    pub content_type: String,
    /// Text, or an event's JSON; optional for events.
    pub content: Option<String>,
    /// The same token in the same contact and participant is said once.
    pub client_token: Option<String>,
}

/// The answer to [`Send`].
#[derive(Debug, Clone)]
pub struct Sent {
    /// The item's id.
    pub id: String,
    /// ISO-8601.
    pub absolute_time: String,
    /// Of a message that is not through its processor.
    pub processing: Option<ProcessingStatus>,
}

impl From<&Item> for Sent {
    fn from(item: &Item) -> Self {
        Self { id: item.id.clone(), absolute_time: item.absolute_time.clone(), processing: item.processing_status() }
    }
}

/// Connect's `StartContactMediaProcessing`, without the contact: the function that sees a message before anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaProcessing {
    /// The function.
    pub processor_arn: String,
    /// What it fails at is delivered as it was said.
    pub deliver_unprocessed: bool,
}

/// Connectparticipant's `GetTranscript`, without the token.
#[derive(Debug, Clone, Default)]
pub struct GetTranscript {
    /// Another contact of the same chain; absent: the token's own.
    pub contact_id: Option<String>,
    /// 0..100, default 10.
    pub max_results: Option<u32>,
    /// Where the last page ended.
    pub next_token: Option<String>,
    /// `Some(true)` = FORWARD. Default: backward without a start position, forward with one.
    pub forward: Option<bool>,
    /// `SortOrder`: ascending; default descending.
    pub ascending: bool,
    /// Where to begin; an empty object on the wire is none.
    pub start: Option<StartPosition>,
}

/// `StartPosition` of [`GetTranscript`].
#[derive(Debug, Clone)]
pub enum StartPosition {
    /// At this item.
    Id(String),
    /// At this time (ISO-8601).
    AbsoluteTime(String),
    /// This many from the end.
    MostRecent(u32),
}

/// The answer to [`GetTranscript`].
#[derive(Debug, Clone)]
pub struct Transcript {
    /// The first contact of the chain.
    pub initial_contact_id: String,
    /// The page.
    pub items: Vec<Item>,
    /// Where the next page begins.
    pub next_token: Option<String>,
}

/// Connect's `DescribeContact`.
#[derive(Debug, Clone)]
pub struct ContactDescription {
    /// Full ARN.
    pub arn: String,
    /// The contact.
    pub id: String,
    /// Only where it differs from the id.
    pub initial_contact_id: Option<String>,
    /// `API`.
    pub initiation_method: String,
    /// All times in ms since the epoch.
    pub initiation_ms: i64,
    /// The last change.
    pub last_update_ms: i64,
    /// The end.
    pub disconnect_ms: Option<i64>,
    /// Why it ended, in Connect's words: `CUSTOMER_DISCONNECT`, `AGENT_DISCONNECT`, `CONTACT_FLOW_DISCONNECT`, `API`, …
    pub disconnect_reason: Option<String>,
    /// Queue ARN's id and when it went in.
    pub queue: Option<(String, i64)>,
    /// The agent who has it, or had it last. Nobody while it waits again, and nobody who gave it back to a queue: at AWS
    /// that was another contact's.
    pub agent: Option<ContactAgent>,
    /// When the customer connected.
    pub connected_ms: Option<i64>,
    /// How the participants interact; not of the many that are searched.
    pub chat_metrics: Option<metrics::ChatMetrics>,
    /// Contact attributes.
    pub attributes: Attributes,
    /// Segment attributes.
    pub segment_attributes: Attributes,
    /// `UpdateContactData`'s name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The customer's id.
    pub customer_id: Option<String>,
    /// The related contact; of a persistent chat, the one it goes on from.
    pub related_contact_id: Option<String>,
    /// The first contact of those that went on from each other.
    pub association_id: String,
    /// Tags. AWS's own are not among them: the model's pattern for their keys forbids those.
    pub tags: Attributes,
    /// The two ends of its line, of a chat that has one.
    pub line: Option<line::Line>,
    /// How it is routed: priority, and how many seconds longer it seems to wait.
    pub routing: (i64, i64),
}

/// `AgentInfo` of [`ContactDescription`], all times in ms since the epoch. `AcceptedByAgentTimestamp` is of outbound
/// campaigns and `StateTransitions` of supervisors (administrator guide, "Data model for contact records"): a chat here
/// has neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactAgent {
    /// The agent's id.
    pub id: String,
    /// When it came into the chat; absent: it has not.
    pub connected_ms: Option<i64>,
    /// When its work after the contact began and was done; absent: there was none, or it goes on.
    pub after_contact_work: Option<(i64, i64)>,
}

/// A contact as the desk sees it.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeskContact {
    /// The contact.
    pub contact_id: String,
    /// `QUEUED` or `ACTIVE`.
    pub state: DeskState,
    /// The customer's name.
    pub customer_display_name: String,
    /// The queue's name.
    pub queue: String,
    /// The queue's id.
    pub queue_id: String,
    /// When it was queued, ms since the epoch.
    pub enqueued_at_ms: i64,
    /// How long it waited until now, or until it was accepted.
    pub waiting_ms: i64,
    /// Who accepted it.
    pub agent_display_name: Option<String>,
    /// To whom it is offered now.
    pub offer: Option<Offer>,
    /// Who was offered it and did not take it.
    pub passed: Vec<Passed>,
    /// The agent it was transferred to.
    pub meant_for: Option<String>,
    /// From whom to whom it went, oldest first.
    pub transfers: Vec<Transfer>,
    /// The language of the contact's data.
    pub language_code: Option<String>,
    /// Contact attributes.
    pub attributes: Attributes,
}

/// Where a contact stands at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeskState {
    /// Waits for a person.
    Queued,
    /// A person has it.
    Active,
}

/// One contact from the inside, for the inspector.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactInspection {
    /// The contact.
    pub contact_id: String,
    /// `FLOW`, `QUEUED`, `ACTIVE`, `ENDED`.
    pub state: String,
    /// Contact attributes.
    pub attributes: Attributes,
    /// The flow's name.
    pub flow: String,
    /// The flow's id.
    pub flow_id: String,
    /// The customer's name.
    pub customer_display_name: String,
    /// When it began, ms since the epoch.
    pub started_at_ms: i64,
    /// When it ended.
    pub ended_at_ms: Option<i64>,
    /// How the attributes became what they are, oldest first; of very many the latest.
    pub attribute_changes: Vec<AttributeChange>,
    /// From whom to whom people passed it on.
    pub transfers: Vec<Transfer>,
    /// How it came out, as its agent says.
    pub outcome: Option<Outcome>,
    /// Every action the flow came through, in order: identifier, type, and the branch taken out of it.
    pub path: Vec<PathStep>,
    /// Who is or was there.
    pub participants: Vec<ParticipantView>,
    /// Why it ended.
    pub disconnect_reason: Option<String>,
}

/// Attributes that were set together.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeChange {
    /// When, ms since the epoch.
    pub at_ms: i64,
    /// By whom.
    pub by: AttributeSource,
    /// What they were set to; a removed one is empty.
    pub set: Attributes,
}

/// Who sets attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttributeSource {
    /// `StartChatContact`.
    Start,
    /// The flow.
    Flow,
    /// `UpdateContactAttributes`: the bot, or who else calls it.
    Api,
}

/// One contact as it is stored, going on or over.
#[derive(Debug, Clone)]
pub struct ContactRecord {
    /// As the inspector shows it.
    pub inspection: ContactInspection,
    /// When it was queued for the last time, ms since the epoch.
    pub enqueued_ms: Option<i64>,
    /// When an agent accepted it for the last time.
    pub accepted_ms: Option<i64>,
    /// What was said, where it was asked for.
    pub items: Vec<Item>,
}

/// One step of a flow's path.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PathStep {
    /// The action.
    pub identifier: String,
    /// Its type.
    pub action_type: String,
    /// How it was left; absent while it is the current one.
    pub outcome: Option<String>,
    /// When it was entered.
    pub at_ms: i64,
}

/// A participant, without secrets.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantView {
    /// The participant.
    pub participant_id: String,
    /// Its role.
    pub role: Role,
    /// Its name.
    pub display_name: String,
    /// In the chat now.
    pub present: bool,
}

/// A contact that is going on, in a list.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactSummary {
    /// The contact.
    pub contact_id: String,
    /// `FLOW`, `QUEUED`, `ACTIVE`; `ENDED` for a moment at the end.
    pub state: String,
    /// When it began, ms since the epoch.
    pub started_at_ms: i64,
    /// The customer's name.
    pub customer_display_name: String,
}
