//! What is known while a conversation is held: the bot's languages, and what earlier turns have kept.

use std::collections::BTreeMap;

use relevo_bot::detect_language;

/// Languages and kept texts.
#[derive(Debug, Clone, Default)]
pub struct Words {
    languages: Vec<String>,
    kept: BTreeMap<String, String>,
}

impl Words {
    /// Nothing is kept yet.
    pub fn new(languages: &[String]) -> Self {
        Self { languages: languages.to_vec(), kept: BTreeMap::new() }
    }

    /// The same with a text that is kept under a name.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.keep(name, text);
        self
    }

    /// Keeps a text under a name.
    pub fn keep(&mut self, name: &str, text: &str) {
        self.kept.insert(name.to_owned(), text.to_owned());
    }

    /// The text with `${name}` replaced by what is kept. A name that is not kept stays as it is written.
    pub fn filled(&self, text: &str) -> String {
        self.kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
    }

    /// The language of a text among the bot's own and the one that is asked about; none when it cannot be told.
    pub fn language_of(&self, text: &str, asked: &str) -> Option<String> {
        let mut languages = self.languages.clone();
        for more in [asked, "en"] {
            if languages.len() < 2 && languages.iter().all(|language| language != more) {
                languages.push(more.to_owned());
            }
        }
        detect_language(text, &languages).map(str::to_owned)
    }
}

/// Lower case, with single blanks.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
