//! What the offline model needs to know beside the descriptions: examples, patterns, questions and wordings, by language.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A text by language (`es`, `en`).
pub type ByLanguage = BTreeMap<String, String>;
/// Several texts by language.
pub type ListByLanguage = BTreeMap<String, Vec<String>>;

/// `offline:`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Offline {
    /// By function name, unique over all action groups: what a customer says who wants this.
    #[serde(default)]
    pub functions: BTreeMap<String, OfflineFunction>,
    /// By parameter name: how to find it in a text, how to ask for it.
    #[serde(default)]
    pub parameters: BTreeMap<String, OfflineParameter>,
    /// What is said around the functions: thanks, greetings, when nothing was understood.
    #[serde(default)]
    pub smalltalk: Vec<Smalltalk>,
    /// When the model could not tell what is wanted: what the bot can do, as a question.
    #[serde(default)]
    pub clarify: ByLanguage,
}

/// One function, for the offline model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfflineFunction {
    /// What a customer says who wants this.
    #[serde(default)]
    pub examples: ListByLanguage,
    /// How the result is said: a template (minijinja) over `result` (the tool's JSON, or its text) and `parameters`.
    #[serde(default)]
    pub say: ByLanguage,
}

/// One parameter, for the offline model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfflineParameter {
    /// Regular expressions that find the value; the first group, or the whole match. Absent: a free text.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Characters removed from what was found, such as `. `.
    #[serde(default)]
    pub strip: String,
    /// How to ask for it.
    #[serde(default)]
    pub ask: ByLanguage,
    /// The value is taken from what the customer has told so far, never asked for (a description of the problem).
    #[serde(default)]
    pub from_conversation: bool,
}

/// A short exchange that needs no function.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Smalltalk {
    /// What the customer says.
    pub examples: ListByLanguage,
    /// What the bot answers.
    pub say: ByLanguage,
}
