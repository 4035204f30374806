//! Agents in the names and shapes of Bedrock's `InvokeInlineAgent` request.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

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
    /// Which collaborators it has and what each is for.
    #[serde(default)]
    pub collaborator_configurations: Vec<CollaboratorConfiguration>,
    /// The collaborators' own definitions; `collaboratorName` refers to `agentName`.
    #[serde(default)]
    pub collaborators: Vec<Agent>,
    /// 60..3600, default 600.
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
    /// `AMAZON.UserInput`: the agent may ask the customer.
    pub parent_action_group_signature: Option<ParentSignature>,
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

/// `functions[]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Function {
    /// Unique in its action group.
    pub name: String,
    /// 1..1200 characters.
    pub description: Option<String>,
    /// By name, in the order of the document: in it the offline model asks for them.
    #[serde(default)]
    pub parameters: IndexMap<String, Parameter>,
    /// Whether the customer is asked before it is done.
    #[serde(default)]
    pub require_confirmation: RequireConfirmation,
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
}
