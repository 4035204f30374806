//! Models: what an agent thinks with.

pub mod adapter;
pub mod chain;
pub mod offline;
mod speech;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Log, definition::agent::Parameter};

pub use speech::Speech;

/// A message of an agent's history, in the shape of Converse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who.
    pub role: Role,
    /// What.
    pub content: Vec<Content>,
}

/// Converse's roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The customer, the supervisor above, or a tool's result.
    User,
    /// The model.
    Assistant,
}

/// One block of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    /// Text.
    Text(String),
    /// The model calls a tool.
    ToolUse(ToolUse),
    /// A tool's answer; every call has one in the very next user message.
    ToolResult(ToolResult),
}

/// A tool call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolUse {
    /// Unique in the run.
    pub tool_use_id: String,
    /// The tool's name, see [`ToolSpec`].
    pub name: String,
    /// The arguments: a JSON object.
    pub input: Value,
}

/// A tool's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolResult {
    /// The call's id.
    pub tool_use_id: String,
    /// The text; never empty.
    pub text: String,
    /// The call failed.
    pub error: bool,
}

/// What a tool is, beside its name and schema: the offline model reads it instead of guessing from the name.
#[derive(Debug, Clone)]
pub enum ToolKind {
    /// A function of an action group.
    Function {
        /// The action group.
        action_group: String,
        /// The function.
        function: String,
        /// Its parameters.
        parameters: Vec<(String, Parameter)>,
    },
    /// A knowledge base: one argument, `query`. The result is `{"passages": [{"source", "section", "page", "text"}]}`.
    KnowledgeBase {
        /// Its id.
        knowledge_base_id: String,
    },
    /// `AMAZON.UserInput`: one argument, `question`.
    AskUser,
    /// `AgentCommunication__sendMessage`: arguments `recipient`, `content`.
    SendMessage {
        /// Whom it can be sent to: name and collaborator instruction.
        recipients: Vec<Candidate>,
    },
}

/// A tool the model may call.
#[derive(Debug, Clone)]
pub struct ToolSpec {
    /// `{actionGroup}__{function}`, `KnowledgeBase__{id}`, `user__askuser`, `AgentCommunication__sendMessage`; at most 64 characters.
    pub name: String,
    /// For the model.
    pub description: String,
    /// JSON schema of the arguments.
    pub input_schema: Value,
    /// What it is.
    pub kind: ToolKind,
}

/// An agent that a request can be routed to.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The collaborator's name.
    pub name: String,
    /// When to use it.
    pub instruction: String,
    /// The functions of the collaborator and of its own collaborators, so that examples can be found by name.
    pub functions: Vec<String>,
    /// What is in the knowledge bases of the collaborator and of its own collaborators.
    pub knowledge: Vec<String>,
}

/// What the model is asked for.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// Say something or call tools.
    Orchestrate {
        /// What can be called.
        tools: Vec<ToolSpec>,
    },
    /// Say which collaborator the last message is for (`SUPERVISOR_ROUTER`).
    Route {
        /// Whom.
        candidates: Vec<Candidate>,
        /// Who had the last one.
        previous: Option<String>,
    },
    /// Say in short what was said, as plain text. The request's last message has the same in words.
    Summarize {
        /// The summary of what was said before.
        before: Option<String>,
        /// Who said what.
        said: Vec<(Role, String)>,
    },
}

/// A call of a model.
#[derive(Debug, Clone)]
pub struct ModelRequest {
    /// The agent that thinks.
    pub agent_name: String,
    /// `foundationModel`.
    pub model_id: Option<String>,
    /// The system prompt.
    pub system: String,
    /// The history; the last is the user's.
    pub messages: Log<Message>,
    /// For what.
    pub purpose: Purpose,
    /// The customer's language, where the caller knows it (`language` in the prompt session attributes or session attributes).
    pub language: Option<String>,
}

/// The last message, where the answer before it broke off: the model goes on with it.
pub const BROKE_OFF: &str = "Your answer broke off here, and the customer has read it up to this point. Write what is still \
missing from it and nothing else: repeat nothing, and do not begin anew.";

impl ModelRequest {
    /// Whether the model is to go on with an answer that broke off.
    pub fn goes_on(&self) -> bool {
        let last = self.messages.last().and_then(|message| message.content.last());
        matches!(last, Some(Content::Text(text)) if text == BROKE_OFF)
    }
}

/// What the model answers.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelReply {
    /// What it says or calls.
    pub outcome: Outcome,
    /// Tokens in and out, where the model counts.
    pub usage: Usage,
    /// Which model it was, as its provider names it; none: the one that [`Model::model_id`] told.
    pub model: Option<String>,
}

/// What a model says.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Text and tool calls, to [`Purpose::Orchestrate`]; text alone, to [`Purpose::Summarize`].
    Content(Vec<Content>),
    /// A route, to [`Purpose::Route`].
    Route(Route),
}

/// A routing decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// This collaborator.
    Agent(String),
    /// The one that had the last message.
    KeepPrevious,
    /// None, or several.
    Undecidable,
}

/// Tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// In.
    pub input_tokens: u32,
    /// Out.
    pub output_tokens: u32,
}

impl Usage {
    /// In and out.
    pub fn total(self) -> u64 {
        u64::from(self.input_tokens) + u64::from(self.output_tokens)
    }
}

/// Why a model did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ModelError {
    /// Too many requests.
    #[error("throttled: {0}")]
    Throttled(String),
    /// No answer in time.
    #[error("timed out")]
    TimedOut,
    /// The model is well, but cannot answer this request: it is too long, or was refused, or the answer was cut.
    #[error("{0}")]
    Refused(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// A model.
#[async_trait]
pub trait Model: Send + Sync {
    /// Answers one request.
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError>;

    /// The same, and says the answer's text as it comes; a model that does not stream says nothing before its answer. Once
    /// something was said it may be read: see [`Speech::again`].
    async fn speak(&self, request: ModelRequest, speech: &Speech) -> Result<ModelReply, ModelError> {
        let _ = speech;
        self.answer(request).await
    }

    /// Which model would be asked now, as its provider names it. For traces.
    fn model_id(&self, request: &ModelRequest) -> Option<String> {
        request.model_id.clone()
    }
}
