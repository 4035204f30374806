//! Return of control for operations of an API schema; and what both kinds of inputs and results have in common.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FunctionParameter, InvocationInput, InvocationResult};

/// `apiInvocationInput`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiInvocationInput {
    /// The action group.
    pub action_group: String,
    /// `RESULT`, `USER_CONFIRMATION` or `USER_CONFIRMATION_AND_RESULT`.
    pub action_invocation_type: String,
    /// The id of the agent that calls.
    pub agent_id: String,
    /// The collaborator's name; absent for the supervisor itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub collaborator_name: Option<String>,
    /// The path's template.
    pub api_path: String,
    /// In upper case.
    pub http_method: String,
    /// Of path, query and headers. All values are strings.
    pub parameters: Vec<FunctionParameter>,
    /// The body, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_body: Option<ApiRequestBody>,
}

/// `requestBody`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiRequestBody {
    /// By media type.
    pub content: BTreeMap<String, PropertyParameters>,
}

/// The members of a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PropertyParameters {
    /// All values are strings; a list or a structure is JSON.
    pub properties: Vec<FunctionParameter>,
}

/// `apiResult`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiResult {
    /// The action group.
    pub action_group: String,
    /// The collaborator's id, as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// The path's template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_path: Option<String>,
    /// In any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_method: Option<String>,
    /// What the API answered with; 400 and more is an error for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status_code: Option<u32>,
    /// `CONFIRM` or `DENY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_state: Option<String>,
    /// `FAILURE` or `REPROMPT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_state: Option<String>,
    /// By media type, `{"body": "…"}`.
    #[serde(default)]
    pub response_body: BTreeMap<String, Value>,
}

impl InvocationInput {
    /// `actionGroup`.
    pub fn action_group(&self) -> &str {
        match self {
            Self::FunctionInvocationInput(it) => &it.action_group,
            Self::ApiInvocationInput(it) => &it.action_group,
        }
    }

    /// `agentId`.
    pub fn agent_id(&self) -> &str {
        match self {
            Self::FunctionInvocationInput(it) => &it.agent_id,
            Self::ApiInvocationInput(it) => &it.agent_id,
        }
    }

    /// `actionInvocationType`.
    pub fn action_invocation_type(&self) -> &str {
        match self {
            Self::FunctionInvocationInput(it) => &it.action_invocation_type,
            Self::ApiInvocationInput(it) => &it.action_invocation_type,
        }
    }

    /// What is called: a function's name, or `METHOD /path`.
    pub fn called(&self) -> String {
        match self {
            Self::FunctionInvocationInput(it) => it.function.clone(),
            Self::ApiInvocationInput(it) => format!("{} {}", it.http_method, it.api_path),
        }
    }
}

impl InvocationResult {
    /// `actionGroup`.
    pub fn action_group(&self) -> &str {
        match self {
            Self::FunctionResult(it) => &it.action_group,
            Self::ApiResult(it) => &it.action_group,
        }
    }

    /// `confirmationState`.
    pub fn confirmation_state(&self) -> Option<&str> {
        match self {
            Self::FunctionResult(it) => it.confirmation_state.as_deref(),
            Self::ApiResult(it) => it.confirmation_state.as_deref(),
        }
    }

    /// `responseState`.
    pub fn response_state(&self) -> Option<&str> {
        match self {
            Self::FunctionResult(it) => it.response_state.as_deref(),
            Self::ApiResult(it) => it.response_state.as_deref(),
        }
    }

    /// What was called, as far as the result says it.
    pub fn called(&self) -> String {
        match self {
            Self::FunctionResult(it) => it.function.clone().unwrap_or_default(),
            Self::ApiResult(it) => {
                let parts = [it.http_method.as_deref(), it.api_path.as_deref()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// The text of the result: `TEXT` where it is given, else any body.
    pub fn body(&self) -> &str {
        let bodies = match self {
            Self::FunctionResult(it) => &it.response_body,
            Self::ApiResult(it) => &it.response_body,
        };
        let body = bodies.get("TEXT").or_else(|| bodies.values().next());
        body.and_then(|content| content.get("body")).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the model is to read it as an error.
    pub fn is_error(&self) -> bool {
        let status = match self {
            Self::FunctionResult(_) => None,
            Self::ApiResult(it) => it.http_status_code,
        };
        self.response_state() == Some("REPROMPT") || status.is_some_and(|status| status >= 400)
    }

    /// Whether it may be the result of this input: what it does not say fits.
    pub fn answers(&self, input: &InvocationInput) -> bool {
        let agent_id = match self {
            Self::FunctionResult(it) => it.agent_id.as_deref(),
            Self::ApiResult(it) => it.agent_id.as_deref(),
        };
        let fits = |given: Option<&str>, wanted: &str| given.is_none_or(|given| given.eq_ignore_ascii_case(wanted));
        let call = match (self, input) {
            (Self::FunctionResult(result), InvocationInput::FunctionInvocationInput(input)) => {
                result.function.as_ref().is_none_or(|function| *function == input.function)
            }
            (Self::ApiResult(result), InvocationInput::ApiInvocationInput(input)) => {
                result.api_path.as_ref().is_none_or(|path| *path == input.api_path)
                    && fits(result.http_method.as_deref(), &input.http_method)
            }
            _ => false,
        };
        call && self.action_group() == input.action_group() && agent_id.is_none_or(|id| id == input.agent_id())
    }
}
