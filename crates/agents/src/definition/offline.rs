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
    /// How values are asked for together: a template over `missing`, the labels joined ("a, b and c").
    #[serde(default)]
    pub ask: ByLanguage,
    /// Said before a question that is asked again, because the reply had no such value.
    #[serde(default)]
    pub retry: ByLanguage,
    /// Said when a function failed.
    #[serde(default)]
    pub failed: ByLanguage,
    /// Said when the knowledge bases have nothing about a question; `clarify` follows.
    #[serde(default)]
    pub not_found: ByLanguage,
}

/// One function, for the offline model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfflineFunction {
    /// What a customer says who wants this.
    #[serde(default)]
    pub examples: ListByLanguage,
    /// What means this only right after another function was done, by that function's name ("it is two weeks late",
    /// "yes, please").
    #[serde(default)]
    pub after: BTreeMap<String, ListByLanguage>,
    /// How its values are asked for when several are missing; as `ask` of the whole, which it replaces.
    #[serde(default)]
    pub ask: ByLanguage,
    /// How the result is said: a template (minijinja) over `result` (the tool's JSON, or its text) and `parameters`.
    #[serde(default)]
    pub say: ByLanguage,
}

/// One parameter, for the offline model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfflineParameter {
    /// Regular expressions that find the value, the surest first; the first group, or the whole match. Neither patterns
    /// nor `values`: a free text (or a number, or yes and no, by the declared type).
    #[serde(default)]
    pub patterns: Vec<String>,
    /// The values it can have, each with the words for it by language (`large: {en: [large, big]}`). The value itself
    /// is found too.
    #[serde(default)]
    pub values: BTreeMap<String, ListByLanguage>,
    /// What it is called in a list of what is asked for ("the order number").
    #[serde(default)]
    pub label: ByLanguage,
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
