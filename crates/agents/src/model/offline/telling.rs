//! The words of a text that tell what it is about, by their stems: for whoever compares texts without a definition.

use std::{collections::BTreeSet, fmt, sync::Arc};

use super::{lexicon::LANGUAGES, stem::Stems, text};

/// Finds telling words in some languages.
#[derive(Clone)]
pub struct Telling {
    stems: Arc<Stems>,
    function_words: BTreeSet<&'static str>,
}

impl Telling {
    /// For these BCP-47 primary subtags.
    pub fn new(languages: &[String]) -> Self {
        let own = LANGUAGES.iter().filter(|language| languages.iter().any(|own| own == language.code));
        let function_words = own.flat_map(|language| language.function_words.split_whitespace()).collect();
        Self { stems: Arc::new(Stems::new(languages)), function_words }
    }

    /// Each telling word of a text, as its stems in all of the languages.
    pub fn words(&self, text: &str) -> Vec<BTreeSet<String>> {
        let words = text::plain_words(text).into_iter().filter(|word| !self.function_words.contains(word.as_str()));
        words.map(|word| self.stems.all(&word).into_iter().collect()).collect()
    }
}

impl fmt::Debug for Telling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telling").field("function_words", &self.function_words.len()).finish_non_exhaustive()
    }
}
