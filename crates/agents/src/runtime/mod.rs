//! The runtime: drives runs over the ports, one request at a time per session, and speaks in Bedrock's shapes.
//!
//! [`Runtime::invoke`] is `InvokeAgent` without HTTP.

mod api;
mod asked;
mod chunks;
pub mod contract;
mod driver;
mod error;
mod files;
mod inline;
mod service;
mod session;
mod store;
mod stored;
mod trace;
mod validate;
mod work;

use std::collections::BTreeMap;

use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    definition::knowledge::RetrievalConfiguration,
    knowledge::Citation,
    run::{Line, PromptCreation},
};

pub use api::{ApiInvocationInput, ApiRequestBody, ApiResult, PropertyParameters};
pub use error::{AgentError, AgentErrorKind};
pub use files::{FileError, FileReader, InputFile, PlainFiles};
pub use inline::{InlineAgents, PortsError, PortsOf};
pub use service::{AgentSummary, Limits, Ports, Runtime};
pub use store::{Kept, MemoryRuns, RunStore, RunStoreError, Settled};

/// `InvokeAgent`, without HTTP. Field names are AWS's.
#[derive(Debug, Clone, Default)]
pub struct InvokeAgent {
    /// 2..100 of `[0-9a-zA-Z._:-]`.
    pub session_id: String,
    /// What the customer says; ignored when results are given.
    pub input_text: Option<String>,
    /// Whether traces come.
    pub enable_trace: bool,
    /// Ends the session after this turn.
    pub end_session: bool,
    /// `streamingConfigurations.streamFinalResponse`.
    pub stream_final_response: bool,
    /// `sessionState`.
    pub session_state: SessionState,
    /// `promptCreationConfigurations`, for this turn.
    pub prompt_creation: PromptCreation,
    /// The caller's own name for this turn; not on AWS's wire. The turn is stored after each of its steps, and asked again
    /// under the same name it goes on where it was; when it is complete, its answer is given again. Both the customer's
    /// words and the results of functions that belong to the turn come under this one name.
    pub turn_id: Option<String>,
}

/// `sessionState`. Unknown members are ignored.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionState {
    /// Last for the session.
    pub session_attributes: BTreeMap<String, String>,
    /// Last for the turn.
    pub prompt_session_attributes: BTreeMap<String, String>,
    /// Which return of control the results answer.
    pub invocation_id: Option<String>,
    /// 1..5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub return_control_invocation_results: Vec<InvocationResult>,
    /// What was said before, elsewhere. Only a session that begins takes it.
    #[serde(skip)]
    pub conversation_history: Vec<Line>,
    /// What the customer sent with the text; at most 5 with 10 MB together.
    #[serde(skip)]
    pub files: Vec<InputFile>,
    /// How knowledge bases are asked in this turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub knowledge_base_configurations: Vec<KnowledgeBaseConfiguration>,
}

/// `knowledgeBaseConfigurations[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnowledgeBaseConfiguration {
    /// Of which.
    pub knowledge_base_id: String,
    /// How.
    pub retrieval_configuration: RetrievalConfiguration,
}

/// One member of `returnControlInvocationResults` (a union).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvocationResult {
    /// The result of a function.
    FunctionResult(FunctionResult),
    /// The result of an operation of an API schema.
    ApiResult(ApiResult),
}

/// `functionResult`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionResult {
    /// The action group.
    pub action_group: String,
    /// The collaborator's id, as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// `CONFIRM` or `DENY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_state: Option<String>,
    /// `FAILURE` or `REPROMPT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_state: Option<String>,
    /// By content type (`TEXT`), `{"body": "…"}`.
    #[serde(default)]
    pub response_body: BTreeMap<String, Value>,
}

/// One event of the answer's stream, as the JSON payload that goes on the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum AgentEvent {
    /// `chunk`: UTF-8 text bytes.
    Chunk(Vec<u8>),
    /// `chunk` with `attribution.citations`: text bytes in which parts begin that stand on knowledge bases. Spans count in the
    /// whole answer.
    CitedChunk(Vec<u8>, Vec<Citation>),
    /// `returnControl`.
    ReturnControl(ReturnControl),
    /// What was said so far, in short, as a model wrote it down: for who takes over. Comes in turns with a name
    /// ([`InvokeAgent::turn_id`]), and so never on AWS's wire.
    Summary(String),
    /// `trace`: the whole `TracePart` as JSON, exactly one member in each union.
    Trace(Value),
}

/// `returnControl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnControl {
    /// To be sent back with the results.
    pub invocation_id: String,
    /// 1..5.
    pub invocation_inputs: Vec<InvocationInput>,
}

/// One member of `invocationInputs` (a union).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InvocationInput {
    /// A function.
    FunctionInvocationInput(FunctionInvocationInput),
    /// An operation of an API schema.
    ApiInvocationInput(ApiInvocationInput),
}

/// `functionInvocationInput`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionInvocationInput {
    /// The action group.
    pub action_group: String,
    /// `RESULT`, `USER_CONFIRMATION` or `USER_CONFIRMATION_AND_RESULT`.
    pub action_invocation_type: String,
    /// The id of the agent that calls.
    pub agent_id: String,
    /// The collaborator's name; absent for the supervisor itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub collaborator_name: Option<String>,
    /// The function.
    pub function: String,
    /// All values are strings.
    pub parameters: Vec<FunctionParameter>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionParameter {
    /// Its name.
    pub name: String,
    /// Its declared type.
    pub r#type: String,
    /// Its value, as text.
    pub value: String,
}

/// The answer: events as they come; an error ends it.
pub type AgentStream = BoxStream<'static, Result<AgentEvent, AgentError>>;
