//! Agents in the names and shapes of Bedrock's `InvokeInlineAgent` request.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{knowledge::KnowledgeBase, operation::Operation, prompts::PromptOverrideConfiguration};

/// An agent: the supervisor at the top, or a collaborator (Bedrock's `Collaborator`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Agent {
    /// Unique in the definition.
    pub agent_name: String,
    /// A model id or an inference profile of Bedrock; other providers ignore it.
    pub foundation_model: Option<String>,
    /// A guardrail of Bedrock, applied by its models.
    pub guardrail_configuration: Option<GuardrailConfiguration>,
    /// At least 40 characters.
    pub instruction: String,
    /// How collaborators are used.
    #[serde(default)]
    pub agent_collaboration: Collaboration,
    /// What the agent can do.
    #[serde(default)]
    pub action_groups: Vec<ActionGroup>,
    /// What the agent can look up.
    #[serde(default)]
    pub knowledge_bases: Vec<KnowledgeBase>,
    /// Which collaborators it has and what each is for.
    #[serde(default)]
    pub collaborator_configurations: Vec<CollaboratorConfiguration>,
    /// The collaborators' own definitions; `collaboratorName` refers to `agentName`.
    #[serde(default)]
    pub collaborators: Vec<Agent>,
    /// Prompts of its own.
    pub prompt_override_configuration: Option<PromptOverrideConfiguration>,
    /// 60..5400, default 600 (Bedrock takes 3600 of an inline agent).
    #[serde(rename = "idleSessionTTLInSeconds")]
    pub idle_session_ttl_in_seconds: Option<u32>,
}

/// `guardrailConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuardrailConfiguration {
    /// Its id or ARN.
    pub guardrail_identifier: String,
    /// A number, or `DRAFT`.
    pub guardrail_version: String,
}

/// `agentCollaboration`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Collaboration {
    /// Collaborators are asked through one send-message tool; the supervisor words the answer.
    Supervisor,
    /// One classification; the raw text goes to one collaborator, whose answer goes out unchanged. Undecided: as `SUPERVISOR`.
    SupervisorRouter,
    /// No collaborators.
    #[default]
    Disabled,
}

/// `collaboratorConfigurations[]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CollaboratorConfiguration {
    /// The `agentName` of one of `collaborators`.
    pub collaborator_name: String,
    /// When to use it, 1..4000 characters.
    pub collaborator_instruction: String,
    /// Whether it sees the conversation so far.
    #[serde(default)]
    pub relay_conversation_history: RelayConversationHistory,
}

/// `relayConversationHistory`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelayConversationHistory {
    /// It does.
    ToCollaborator,
    /// It does not.
    #[default]
    Disabled,
}

/// `actionGroups[]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActionGroup {
    /// Without `__`.
    pub action_group_name: String,
    /// 1..200 characters.
    pub description: Option<String>,
    /// Return control, a Lambda ARN, or absent: then `tools` has the executors.
    pub action_group_executor: Option<ActionGroupExecutor>,
    /// The functions.
    pub function_schema: Option<FunctionSchema>,
    /// The functions as operations of an API, in place of `function_schema`.
    pub api_schema: Option<ApiSchema>,
    /// What the API schema declares, and what a server offered. Filled when the bot is loaded.
    #[serde(skip)]
    pub operations: Vec<Function>,
    /// `AMAZON.UserInput`: the agent may ask the customer.
    pub parent_action_group_signature: Option<ParentSignature>,
}

impl ActionGroup {
    /// All its functions, of either schema.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.function_schema.iter().flat_map(|schema| &schema.functions).chain(&self.operations)
    }
}

/// `actionGroupExecutor`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ActionGroupExecutor {
    /// The caller executes it.
    CustomControl(CustomControl),
    /// A Lambda executes it.
    Lambda(String),
}

/// `customControl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomControl {
    /// Return of control.
    ReturnControl,
}

/// `parentActionGroupSignature`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParentSignature {
    /// The agent may ask the customer for what is missing.
    #[serde(rename = "AMAZON.UserInput")]
    UserInput,
}

/// `functionSchema`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FunctionSchema {
    /// The functions.
    pub functions: Vec<Function>,
}

/// `apiSchema`: an OpenAPI document, 3.0 or 3.1, as JSON or YAML.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ApiSchema {
    /// The document itself, as a text.
    Payload(String),
    /// A file below the bot's folder. Our own word: Bedrock has `s3` in its place.
    File(String),
}

/// `functions[]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Function {
    /// Unique in its action group. An operation of an API schema is called `METHOD /path`.
    pub name: String,
    /// 1..1200 characters.
    pub description: Option<String>,
    /// By name, in the order of the document: in it the offline model asks for them.
    #[serde(default)]
    pub parameters: IndexMap<String, Parameter>,
    /// Whether the customer is asked before it is done.
    #[serde(default)]
    pub require_confirmation: RequireConfirmation,
    /// Where its parameters go, when it is an operation of an API schema.
    #[serde(skip)]
    pub operation: Option<Operation>,
}

impl Function {
    /// Whether a definition means it by this name: an operation may also be called by its `operationId`.
    pub fn is_called(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let id = self.operation.as_ref().and_then(|operation| operation.id.as_deref());
        [self.name.as_str()].into_iter().chain(id)
    }
}

/// `requireConfirmation`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequireConfirmation {
    /// Ask first.
    Enabled,
    /// Just do it.
    #[default]
    Disabled,
}

/// `parameters{}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// 1..500 characters.
    pub description: Option<String>,
    /// The type; on the wire every value is a string.
    pub r#type: ParameterType,
    /// Whether the function can be called without it.
    #[serde(default)]
    pub required: bool,
    /// The whole JSON schema of its values, where more is known than the type; without references.
    #[serde(skip)]
    pub schema: Option<serde_json::Value>,
}

/// A parameter's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// Text.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// true or false.
    Boolean,
    /// A list.
    Array,
    /// A structure: in API schemas alone.
    #[serde(skip_deserializing)]
    Object,
}
