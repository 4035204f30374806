//! Finding a phrase in a text: without regard to case, accents, punctuation, small typos and a few words in between.

use unicode_normalization::UnicodeNormalization;

/// Words that may stand between two words of a phrase.
const GAP: usize = 2;
/// How far before the phrase a "no" turns it round.
const NEGATION_REACH: usize = 3;
const NEGATIONS: &[&str] = &[
    "no", "not", "dont", "don", "cant", "cannot", "wont", "never", "without", "nunca", "sin", "jamas", "nao", "sem",
    "pas", "sans", "nicht", "kein", "keine", "keinen", "ohne", "non", "senza",
];

/// A phrase, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase(Vec<String>);

impl Phrase {
    pub(super) fn new(text: &str) -> Self {
        Self(words(text))
    }

    /// Whether the clause holds the phrase, and no "no" stands before it.
    pub(super) fn is_in(&self, clause: &[String]) -> bool {
        (0..clause.len()).any(|start| self.end_at(clause, start).is_some() && !self.is_denied(clause, start))
    }

    /// Where the phrase ends, if it begins at `start`.
    pub(super) fn end_at(&self, clause: &[String], start: usize) -> Option<usize> {
        if self.0.is_empty() {
            return None;
        }
        let mut at = start;
        for (number, wanted) in self.0.iter().enumerate() {
            let gap = if number == 0 { 0 } else { GAP };
            let rest = clause.get(at..)?;
            at += rest.iter().take(gap + 1).position(|word| same(word, wanted))? + 1;
        }
        Some(at)
    }

    /// Whether a "no" stands before the place where the phrase begins. One that belongs to the phrase denies nothing.
    pub(super) fn is_denied(&self, clause: &[String], start: usize) -> bool {
        let negation = |word: &String| NEGATIONS.contains(&word.as_str());
        let before = clause.get(start.saturating_sub(NEGATION_REACH)..start).unwrap_or_default();
        !self.0.iter().any(negation) && before.iter().any(negation)
    }
}

/// The clauses of a text, in words.
pub(super) fn clauses(text: &str) -> Vec<Vec<String>> {
    text.split(['.', '!', '?', '\n', ';', '¿', '¡']).map(words).filter(|words| !words.is_empty()).collect()
}

/// The words of a text, folded.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = fold(text).replace(['\'', '’'], "");
    folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Without case and accents.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|char| !unicode_normalization::char::is_combining_mark(*char)).collect();
    plain.to_lowercase()
}

/// Equal but for a typo: one in a word of five letters, two from nine on. Short words must be right.
pub(super) fn same(word: &str, wanted: &str) -> bool {
    if word == wanted {
        return true;
    }
    let letters = wanted.chars().count();
    let typos = match letters {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    typos > 0 && word.chars().count().abs_diff(letters) <= typos && strsim::osa_distance(word, wanted) <= typos
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, phrase: &str) -> bool {
        clauses(text).iter().any(|clause| Phrase::new(phrase).is_in(clause))
    }

    #[test]
    fn a_phrase_is_found_in_many_forms() {
        for text in [
            "Hablar con una persona",
            "quiero HABLAR ya con una persona!",
            "hablr con una presona",
            "a. hablar con una persona",
        ] {
            assert!(holds(text, "hablar con una persona"), "{text}");
        }
        for text in ["hablar de una persona", "no quiero hablar con una persona", "hablar. con una persona", ""] {
            assert!(!holds(text, "hablar con una persona"), "{text}");
        }
        assert!(holds("I don't understand", "don't understand"), "the phrase's own negation denies nothing");
        assert!(!holds("anything", " ! "));
    }
}
