//! `promptOverrideConfiguration`: an agent's own prompts, in Bedrock's shape and with its variables.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `promptOverrideConfiguration`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PromptOverrideConfiguration {
    /// At most one of each type.
    pub prompt_configurations: Vec<PromptConfiguration>,
}

/// `promptConfigurations[]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PromptConfiguration {
    /// Which prompt.
    pub prompt_type: PromptType,
    /// `OVERRIDDEN`: `basePromptTemplate` takes the place of ours.
    #[serde(default)]
    pub prompt_creation_mode: CreationMode,
    /// Whether the step is done.
    #[serde(default)]
    pub prompt_state: PromptState,
    /// The system prompt: a text, or Bedrock's JSON, of which `system` is taken; the messages are the history. Variables
    /// stand between dollar signs ([`VARIABLES`]).
    pub base_prompt_template: Option<String>,
    /// The model of this prompt, where it is another than the agent's.
    pub foundation_model: Option<String>,
    /// Only `DEFAULT`: nothing of ours calls a parser.
    #[serde(default)]
    pub parser_mode: ParserMode,
}

/// `promptType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromptType {
    /// What an agent thinks with.
    Orchestration,
    /// What a router decides with.
    RoutingClassifier,
    /// There is no such step.
    PreProcessing,
    /// There is no such step.
    PostProcessing,
    /// There is no such step: passages go to the agent itself.
    KnowledgeBaseResponseGeneration,
}

/// `promptCreationMode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreationMode {
    /// Our prompt.
    #[default]
    Default,
    /// The definition's.
    Overridden,
}

/// `promptState`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromptState {
    /// It is done.
    #[default]
    Enabled,
    /// It is not; steps that there are cannot be left out.
    Disabled,
}

/// `parserMode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParserMode {
    /// Ours.
    #[default]
    Default,
}

/// What may stand between dollar signs. Bedrock's, of which those that hold the conversation or the tools are empty, since both
/// go to the model by themselves; and `language` and `summary`.
pub const VARIABLES: &[&str] = &[
    "instruction",
    "agent_collaborators",
    "prompt_session_attributes",
    "ask_user_missing_information",
    "reachable_agents",
    "last_user_request",
    "last_most_specialized_agent",
    "language",
    "summary",
    "question",
    "conversation_history",
    "agent_scratchpad",
    "thinking",
    "tools",
    "tools_for_routing",
    "knowledge_base_guideline",
    "knowledge_base_additional_guideline",
    "knowledge_bases_for_routing",
    "code_interpreter_guideline",
    "code_interpreter_files",
    "respond_to_user_guideline",
    "memory_guideline",
    "memory_content",
    "memory_action_guideline",
    "multi_agent_payload_reference_guideline",
];

impl PromptConfiguration {
    /// The template of the system prompt, if it is the definition's own.
    pub(crate) fn template(&self) -> Option<String> {
        let text =
            self.base_prompt_template.as_deref().filter(|_| self.prompt_creation_mode == CreationMode::Overridden)?;
        let parsed = serde_json::from_str::<Value>(text).ok();
        let system = parsed.as_ref().and_then(|value| value.get("system")).and_then(Value::as_str);
        Some(system.unwrap_or(text).to_owned())
    }
}

/// The variables of a template, in their order.
pub(crate) fn variables(template: &str) -> Vec<&str> {
    let mut parts = template.split('$').skip(1);
    let mut names = Vec::new();
    while let Some(part) = parts.next() {
        let is_name = !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if is_name && parts.clone().next().is_some() {
            names.push(part);
            // What stands behind the closing sign begins no variable.
            parts.next();
        }
    }
    names
}

/// Puts values in the place of variables; what is none stays as it is.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        let variable = after.split_once('$').and_then(|(name, behind)| value(name).map(|text| (text, behind)));
        if let Some((text, behind)) = variable {
            filled.push_str(&text);
            rest = behind;
        } else {
            filled.push('$');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_and_filled_and_prices_stay() {
        let template = "$instruction$ costs $5 or $ 6; $agent_collaborators$ $nonsense$ $";
        assert_eq!(variables(template), ["instruction", "agent_collaborators", "nonsense"]);
        let value = |name: &str| match name {
            "instruction" => Some("It $5$".to_owned()),
            "agent_collaborators" => Some("a".to_owned()),
            _ => None,
        };
        assert_eq!(fill(template, value), "It $5$ costs $5 or $ 6; a $nonsense$ $");
        assert_eq!(fill("", value), "");
    }
}
