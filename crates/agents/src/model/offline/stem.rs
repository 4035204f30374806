//! Stems of the definition's languages.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};

/// The stemmers of some languages; a language without one keeps its words.
pub(crate) struct Stems(Vec<(String, Option<Stemmer>)>);

impl Stems {
    /// For these BCP-47 primary subtags.
    pub(crate) fn new(languages: &[String]) -> Self {
        Self(languages.iter().map(|l| (l.clone(), algorithm(l).map(Stemmer::create))).collect())
    }

    /// The stem in one language.
    pub(crate) fn one(&self, language: &str, word: &str) -> String {
        self.0
            .iter()
            .find(|(code, _)| code == language)
            .and_then(|(_, stemmer)| stemmer.as_ref())
            .map_or_else(|| word.to_owned(), |s| refold(&s.stem(&prepared(language, word))))
    }

    /// The other stem of a word that may be a verb's "we" as well as a plural (`enviamos`, `reclamos`). Documents speak so.
    pub(crate) fn other(&self, language: &str, word: &str) -> Option<String> {
        if !matches!(language, "es" | "pt") || word.len() < 6 || !word.ends_with("mos") {
            return None;
        }
        let (_, stemmer) = self.0.iter().find(|(code, _)| code == language)?;
        stemmer.as_ref().map(|stemmer| refold(&stemmer.stem(word)))
    }

    /// The stems in all languages, without repetition, the first language's first.
    pub(super) fn all(&self, word: &str) -> Vec<String> {
        let mut stems: Vec<String> = Vec::with_capacity(self.0.len());
        for (language, _) in &self.0 {
            let stem = self.one(language, word);
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        if stems.is_empty() {
            stems.push(word.to_owned());
        }
        stems
    }
}

/// Spanish and Portuguese: the ending's accent is given back, and a plural goes first, or `reclamos` is taken for a verb.
fn prepared<'a>(language: &str, word: &'a str) -> Cow<'a, str> {
    if !matches!(language, "es" | "pt") {
        return Cow::Borrowed(word);
    }
    for (ending, accented) in [("cion", "ción"), ("sion", "sión"), ("cao", "ção"), ("coes", "ção"), ("ciones", "ción")]
    {
        if let Some(head) = word.strip_suffix(ending).filter(|h| h.len() >= 2) {
            return Cow::Owned(format!("{head}{accented}"));
        }
    }
    let plural = word.len() >= 5 && (word.ends_with("os") || word.ends_with("as"));
    Cow::Borrowed(word.strip_suffix('s').filter(|_| plural).unwrap_or(word))
}

/// The stemmers expect accents that folding removed, so some endings survive; a last vowel tells little.
fn refold(stem: &str) -> String {
    let cut = stem.strip_suffix(['a', 'e', 'o']).filter(|s| s.chars().count() >= 4);
    cut.unwrap_or(stem).to_owned()
}

fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        let stems = Stems::new(&["es".into(), "en".into()]);
        assert_eq!(stems.other("es", "enviamos"), Some(stems.one("es", "envian")));
        assert_eq!((stems.other("es", "reclamo"), stems.other("en", "thermos")), (None, None));
        for (language, a, b) in [
            ("es", "pedido", "pedidos"),
            ("es", "reclamo", "reclamos"),
            ("es", "escalar", "escalarlo"),
            ("es", "reclamaciones", "reclamacion"),
            ("en", "order", "orders"),
            ("en", "delay", "delayed"),
        ] {
            assert_eq!(stems.one(language, a), stems.one(language, b), "{a} {b}");
        }
    }

    #[test]
    fn an_unknown_language_keeps_words() {
        let stems = Stems::new(&["sw".into()]);
        assert_eq!(stems.all("safari"), ["safari"]);
        assert_eq!(Stems::new(&[]).all("x"), ["x"]);
    }
}
