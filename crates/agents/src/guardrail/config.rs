//! `guardrail:` in `bot.yaml`: the names and shapes of Bedrock's `CreateGuardrail`, as far as words and patterns can keep them.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

pub use super::pii::Pii;
use crate::definition::offline::ByLanguage;

/// Which text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The customer's.
    Input,
    /// The answer.
    Output,
}

/// `guardrail:`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuardrailConfig {
    /// What the customer reads instead of an answer, by language; absent: words of our own.
    #[serde(default)]
    pub blocked_input_messaging: ByLanguage,
    /// What the customer reads instead of a blocked answer, by language; absent: words of our own.
    #[serde(default)]
    pub blocked_outputs_messaging: ByLanguage,
    /// What is not talked about.
    #[serde(default)]
    pub topic_policy_config: TopicPolicy,
    /// Words that block.
    #[serde(default)]
    pub word_policy_config: WordPolicy,
    /// What is masked, or blocks.
    #[serde(default)]
    pub sensitive_information_policy_config: SensitiveInformationPolicy,
    /// Attempts to talk the agents out of their instructions.
    #[serde(default)]
    pub content_policy_config: ContentPolicy,
}

/// `topicPolicyConfig`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TopicPolicy {
    /// The topics.
    pub topics_config: Vec<Topic>,
}

/// A denied topic: found by the telling words of its examples.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// For people, and for Bedrock: words and patterns cannot follow a definition.
    pub definition: Option<String>,
    /// What is said on it, in any of the bot's languages; at least one. Bedrock takes five.
    pub examples: Vec<String>,
    /// `DENY`.
    #[serde(default)]
    pub r#type: TopicType,
}

/// `type` of a topic.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TopicType {
    /// It blocks.
    #[default]
    Deny,
}

/// `wordPolicyConfig`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WordPolicy {
    /// The words.
    pub words_config: Vec<Word>,
}

/// A word or a phrase, whole, in any case.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Word {
    /// 1..100 characters.
    pub text: Phrase,
}

/// A phrase as it is looked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Phrase(Regex);

/// `sensitiveInformationPolicyConfig`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SensitiveInformationPolicy {
    /// Kinds that are known.
    #[serde(default)]
    pub pii_entities_config: Vec<PiiEntity>,
    /// The definition's own.
    #[serde(default)]
    pub regexes_config: Vec<RegexEntity>,
}

/// `piiEntitiesConfig[]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PiiEntity {
    /// Bedrock's kinds that have a pattern, and `CL_RUT`, `BR_CPF`, `BR_CNPJ`, `ES_DNI`.
    pub r#type: Pii,
    /// What happens.
    pub action: Action,
    /// Whether the customer's words are looked at.
    #[serde(default = "yes")]
    pub input_enabled: bool,
    /// Whether the answer is.
    #[serde(default = "yes")]
    pub output_enabled: bool,
}

/// `regexesConfig[]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegexEntity {
    /// Stands in braces where it was masked.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// In the syntax of the `regex` crate: no look-around, no references back.
    pub pattern: Pattern,
    /// What happens.
    pub action: Action,
    /// Whether the customer's words are looked at.
    #[serde(default = "yes")]
    pub input_enabled: bool,
    /// Whether the answer is.
    #[serde(default = "yes")]
    pub output_enabled: bool,
}

/// What happens to what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// The text goes no further.
    Block,
    /// Its name in braces takes its place.
    Anonymize,
}

/// A regular expression that has been read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

/// `contentPolicyConfig`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContentPolicy {
    /// The filters.
    pub filters_config: Vec<ContentFilter>,
}

/// `filtersConfig[]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContentFilter {
    /// Only prompt attacks have patterns; the others need a model.
    pub r#type: ContentFilterType,
    /// Any but `NONE` looks for them: patterns have no strength.
    #[serde(default)]
    pub input_strength: Strength,
}

/// `type` of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContentFilterType {
    /// "Ignore your instructions".
    PromptAttack,
}

/// `inputStrength`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Strength {
    /// Not looked for.
    None,
    /// Looked for.
    Low,
    /// Looked for.
    Medium,
    /// Looked for.
    #[default]
    High,
}

impl GuardrailConfig {
    pub(super) fn messages(&self, side: Side) -> &BTreeMap<String, String> {
        match side {
            Side::Input => &self.blocked_input_messaging,
            Side::Output => &self.blocked_outputs_messaging,
        }
    }

    pub(super) fn looks_for_attacks(&self) -> bool {
        let filters = &self.content_policy_config.filters_config;
        filters.iter().any(|filter| filter.input_strength != Strength::None)
    }
}

impl PiiEntity {
    pub(super) fn on(&self, side: Side) -> bool {
        if side == Side::Input { self.input_enabled } else { self.output_enabled }
    }
}

impl RegexEntity {
    pub(super) fn on(&self, side: Side) -> bool {
        if side == Side::Input { self.input_enabled } else { self.output_enabled }
    }
}

impl Word {
    /// The word as it stands in a text.
    pub(super) fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.text.0.find(text).map(|found| found.as_str())
    }
}

impl Pattern {
    pub(super) fn regex(&self) -> &Regex {
        &self.0
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let regex = Regex::new(&text).map_err(|error| {
            let reason = error.to_string();
            format!(
                "`{text}` is not a regular expression: {}",
                reason.lines().last().unwrap_or_default().trim_start_matches("error: ")
            )
        })?;
        if regex.is_match("") {
            return Err(format!("`{text}` also matches an empty text"));
        }
        Ok(Self(regex))
    }
}

impl TryFrom<String> for Phrase {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let words: Vec<String> = text.split_whitespace().map(regex::escape).collect();
        if words.is_empty() {
            return Err("a word must not be empty".into());
        }
        // A word may begin or end with a sign, which has no border of a word.
        let pattern = format!(r"(?:^|\b|\W){}(?:$|\b|\W)", words.join(r"\s+"));
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (first, last) = (edge(text.trim().chars().next()), edge(text.trim().chars().next_back()));
        let pattern = if first && last { format!(r"\b{}\b", words.join(r"\s+")) } else { pattern };
        let regex = RegexBuilder::new(&pattern).case_insensitive(true).build();
        regex.map(Self).map_err(|error| format!("`{text}` cannot be looked for: {error}"))
    }
}

fn yes() -> bool {
    true
}
