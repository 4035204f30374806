//! A call of a function, and what comes of it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;

/// One call of a function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The action group.
    pub action_group: String,
    /// The function; for an operation of an API schema `METHOD /path`.
    pub function: String,
    /// What was given. Parameters that were not given are absent.
    pub arguments: Arguments,
    /// Last for the session.
    pub session_attributes: BTreeMap<String, String>,
    /// The same for the same call in the same turn, also when the turn is run again after a failure or a crash: what it
    /// changes must change once.
    pub idempotency_key: String,
    /// Who calls.
    pub caller: Caller,
}

/// Who calls a function, as a Lambda function of an action group is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The agent's name.
    pub agent_name: String,
    /// The agent's id.
    pub agent_id: String,
    /// Its session: collaborators have one of their own.
    pub session_id: String,
    /// What the agent was asked.
    pub input_text: String,
    /// Last for the turn.
    pub prompt_session_attributes: BTreeMap<String, String>,
}

/// Arguments in the order in which the model gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments(Vec<Argument>);

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The parameter.
    pub name: String,
    /// Its declared type, in the words of JSON schema.
    pub r#type: String,
    /// The value as text, of that type: a list or a structure is JSON.
    pub value: String,
}

impl Argument {
    /// The value in its declared type. A text that is none of that type (a number too long for JSON) stays one.
    pub fn json(&self) -> Value {
        let text = || Value::from(self.value.as_str());
        if self.r#type == "string" { text() } else { serde_json::from_str(&self.value).unwrap_or_else(|_| text()) }
    }
}

impl Arguments {
    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|argument| argument.name == name).map(|argument| argument.value.as_str())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Argument> {
        self.0.iter()
    }
}

impl FromIterator<Argument> for Arguments {
    fn from_iter<I: IntoIterator<Item = Argument>>(arguments: I) -> Self {
        Self(arguments.into_iter().collect())
    }
}

/// What came of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolOutput {
    /// For the model; mostly JSON.
    pub text: String,
    /// The call was refused: the model reads the text as an error and may find another way.
    pub error: bool,
    /// Added to the session's attributes.
    pub session_attributes: BTreeMap<String, String>,
    /// Added to the turn's attributes.
    pub prompt_session_attributes: BTreeMap<String, String>,
}

impl ToolOutput {
    /// An answer that refuses the call, in words for the model.
    pub fn refused(text: impl Into<String>) -> Self {
        Self { text: text.into(), error: true, ..Self::default() }
    }
}

impl From<String> for ToolOutput {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for ToolOutput {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Why a function gave no result. The model is told only that it failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    /// Nobody here executes this function.
    #[error("nobody executes {action_group}.{function}")]
    Unknown {
        /// The action group.
        action_group: String,
        /// The function.
        function: String,
    },
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// It was not reached, or too busy: the same call may do later. For the log.
    #[error("{0}")]
    Passing(String),
    /// Anything else; for the log.
    #[error("{0}")]
    Failed(String),
    /// The function says that the turn must not go on (a Lambda function's `FAILURE`). For the log.
    #[error("{0}")]
    Fatal(String),
}

/// Executes functions.
#[async_trait]
pub trait Tools: Send + Sync {
    /// Executes one function.
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError>;
}
