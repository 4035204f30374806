//! The `conversation:` section of a bot definition: texts by language, hand-off policy, limits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{handlers::Handler, phrases::Phrases, texts::text};

/// A text by language: `{es: "…", en: "…"}`.
pub type Words = BTreeMap<String, String>;

/// How the bot talks and when it hands over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The bot's name in the chat, 1..256 characters.
    #[serde(default)]
    pub display_name: Name,
    /// What the bot says by itself.
    pub texts: Texts,
    /// When a person takes over.
    #[serde(default)]
    pub handoff: Handoff,
    /// Sizes and times.
    #[serde(default)]
    pub limits: Limits,
    /// How an answer goes out.
    #[serde(default)]
    pub streaming: Streaming,
    /// Whether Markdown goes out as such.
    #[serde(default)]
    pub format: Format,
    /// What the customer is asked before a function that requires confirmation, by function; `{parameter}` stands for its
    /// value. Without it: [`Texts::confirm`].
    #[serde(default)]
    pub confirmations: BTreeMap<String, Words>,
    /// Who executes the return-control functions that are no hand-offs: by function, or by `actionGroup.function`.
    #[serde(default)]
    pub handlers: BTreeMap<String, Handler>,
    /// Messages that end the chat, as a whole and nothing else, by language. None unless they stand here: a customer who
    /// writes "quit" may mean something.
    #[serde(default)]
    pub end_commands: Phrases,
    /// Functions that verify the customer: once one of them has answered without an error, a person who takes over
    /// reads that the customer is verified. An operation is `METHOD /path`.
    #[serde(default)]
    pub verified_by: Vec<String>,
}

impl Policy {
    /// A policy with these texts and the default for everything else.
    pub fn of_texts(texts: Texts) -> Self {
        Self {
            display_name: Name::default(),
            texts,
            handoff: Handoff::default(),
            limits: Limits::default(),
            streaming: Streaming::default(),
            format: Format::default(),
            confirmations: BTreeMap::new(),
            handlers: BTreeMap::new(),
            end_commands: Phrases::new(),
            verified_by: Vec::new(),
        }
    }
}

/// A name: one for all, or one by language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a name, or a map of names by language")]
pub enum Name {
    /// The same in every language.
    One(String),
    /// `{es: "Asistente", en: "Assistant"}`.
    ByLanguage(Words),
}

impl Name {
    const NONE: &str = "Bot";

    /// The name in the language, else in the default one (the first of `languages`), else any.
    pub fn text<'a>(&'a self, language: &str, languages: &[String]) -> &'a str {
        let name = match self {
            Self::One(name) => name.trim(),
            Self::ByLanguage(names) => text(names, language, languages),
        };
        if name.is_empty() { Self::NONE } else { name }
    }
}

impl Default for Name {
    fn default() -> Self {
        Self::One(Self::NONE.into())
    }
}

/// What the bot says by itself, by language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Texts {
    /// When the bot has joined.
    pub greeting: Words,
    /// When it hands over.
    pub handoff: Words,
    /// During a long turn.
    pub still_working: Words,
    /// The agent failed.
    pub failure: Words,
    /// It failed too often: a person takes over.
    pub failure_handoff: Words,
    /// A file or a content type the bot cannot read.
    pub unsupported: Words,
    /// Before a function that requires confirmation and has no words of its own in [`Policy::confirmations`];
    /// `{values}` stands for what it would be done with. Built in where it is missing.
    #[serde(default)]
    pub confirm: Words,
    /// After one of [`Policy::end_commands`]; nothing is said where it is missing.
    #[serde(default)]
    pub goodbye: Words,
}

/// When a person takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Handoff {
    /// Return-control functions that hand the customer over. The first one's name is also what the flow finds in
    /// `functionName` when the bot hands over by itself.
    pub functions: Vec<String>,
    /// Failed turns in a row that lead to a person; at least 1.
    pub after_failures: u32,
    /// Answers in a row in which the agent does not understand, or repeats itself, that lead to a person; 0: never.
    pub after_clarifications: u32,
    /// Phrases of an explicit wish for a person, by language. A language without any keeps the built-in ones; an empty
    /// list switches them off.
    pub wishes: Phrases,
    /// Phrases in which the agent says that it transfers: then the customer is. As for `wishes`.
    pub promises: Phrases,
    /// Phrases in which the agent says that it does not understand. As for `wishes`.
    pub clarifications: Phrases,
}

impl Default for Handoff {
    fn default() -> Self {
        Self {
            functions: vec!["escalate".into()],
            after_failures: 2,
            after_clarifications: 3,
            wishes: Phrases::new(),
            promises: Phrases::new(),
            clarifications: Phrases::new(),
        }
    }
}

/// Sizes and times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// The greatest part of a reply, in bytes of UTF-8 (Connect: 16,384; SMS and older instances 1,024).
    pub part_bytes: usize,
    /// A turn without an answer by then, or whose answer stops for so long, is a failure. It may be longer than an
    /// invocation of a Lambda function where the agent goes on in the next one.
    pub agent_timeout_ms: u64,
    /// When the customer reads that the bot is still working, counted from the turn's start.
    pub still_working_after_ms: Vec<u64>,
    /// How often the typing indicator is renewed.
    pub typing_every_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            part_bytes: 16_384,
            agent_timeout_ms: 120_000,
            still_working_after_ms: vec![15_000, 60_000],
            typing_every_ms: 8_000,
        }
    }
}

/// How an answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Streaming {
    /// Each paragraph as soon as it is complete.
    #[default]
    Paragraphs,
    /// In one piece when it is complete.
    Whole,
}

/// Whether Markdown goes out as such (`text/markdown`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Where the text has any and the contact takes it: a contact that refuses it once is not asked again.
    #[default]
    Auto,
    /// Never: everything is `text/plain`.
    Plain,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_one_or_one_by_language() {
        let languages = ["es".to_owned(), "en".to_owned()];
        let name = |value: serde_json::Value| serde_json::from_value::<Name>(value);
        for (value, language, expected) in [
            (json!("Asistente"), "en", "Asistente"),
            (json!({"es": "Asistente", "en": "Assistant"}), "en", "Assistant"),
            (json!({"es": "Asistente", "en": "Assistant"}), "pt", "Asistente"),
            (json!({"fr": "Assistante"}), "en", "Assistante"),
            (json!({}), "es", "Bot"),
            (json!(" "), "es", "Bot"),
        ] {
            assert_eq!(name(value.clone()).unwrap().text(language, &languages), expected, "{value}");
        }
        let error = name(json!(["Asistente"])).unwrap_err().to_string();
        assert!(error.contains("a map of names by language"), "{error}");
        assert_eq!(serde_json::to_value(name(json!({"es": "A"})).unwrap()).unwrap(), json!({"es": "A"}));
    }
}
