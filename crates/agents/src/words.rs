//! Words of a text as customers write them: folded (without case and accents), stemmed, and those that say little left
//! out. The offline model and the search in knowledge bases read a text the same way.

use std::{collections::HashSet, ops::Range};

use unicode_segmentation::UnicodeSegmentation;

pub use crate::model::offline::fold;
use crate::model::offline::{LANGUAGES, Stems, language_of as detected};

/// A language's way from a word to its stem, and its words that say little by themselves.
pub struct Words {
    language: String,
    stems: Stems,
    light: HashSet<&'static str>,
}

impl Words {
    /// Of a BCP-47 primary language; one that is not known keeps its words as they are.
    pub fn of(language: &str) -> Self {
        let light = LANGUAGES.iter().find(|known| known.code == language).map_or("", |known| known.function_words);
        Self {
            language: language.to_owned(),
            stems: Stems::new(&[language.to_owned()]),
            light: light.split_whitespace().collect(),
        }
    }

    /// The stems of the words that say something, in order; of a word that may be two things both. When all say little, those of all.
    pub fn stems(&self, text: &str) -> Vec<String> {
        let words: Vec<String> = words(text).map(|(_, word)| word).collect();
        let stems = |word: &String| {
            let one = self.stems.one(&self.language, word);
            let other = self.stems.other(&self.language, word).filter(|other| *other != one);
            [Some(one), other].into_iter().flatten()
        };
        let telling: Vec<String> = words.iter().filter(|word| !self.is_light(word)).flat_map(stems).collect();
        if telling.is_empty() { words.iter().flat_map(stems).collect() } else { telling }
    }

    /// Whether a folded word says little by itself.
    pub fn is_light(&self, word: &str) -> bool {
        self.light.contains(word)
    }
}

/// The language of a text (BCP-47 primary): any known one, where the text is long enough to tell, else one of `among`.
pub fn language_of(text: &str, among: &[String]) -> Option<String> {
    detected(text, among)
}

/// The folded words of a text, numbers among them, and the bytes they stand at.
pub fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    text.unicode_word_indices().filter_map(|(start, word)| {
        let folded = fold(word);
        (!folded.is_empty()).then(|| (start..start + word.len(), folded))
    })
}

/// The sentences of a text, and its lines, as bytes; without the space around them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let lines = text.split_inclusive('\n').scan(0, |from, line| {
        let start = *from;
        *from += line.len();
        Some((start, line))
    });
    lines
        .flat_map(|(from, line)| line.split_sentence_bound_indices().map(move |(start, part)| (from + start, part)))
        .filter_map(|(start, part)| {
            let head = part.len() - part.trim_start().len();
            let trimmed = part.trim();
            (!trimmed.is_empty()).then(|| start + head..start + head + trimmed.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet_with_and_without_accents() {
        for (language, one, other) in [
            ("es", "¿Cuál es la política de devoluciones?", "politica devolucion"),
            ("es", "No transportamos animales", "transportan animal"),
            ("es", "Abrimos reclamos", "reclamo"),
            ("en", "How do I return my orders?", "returned order"),
            ("pt", "Quais são as condições?", "condição quais"),
        ] {
            let words = Words::of(language);
            let (one, other) = (words.stems(one), words.stems(other));
            assert!(other.iter().all(|stem| one.contains(stem)), "{language}: {one:?} {other:?}");
        }
        assert_eq!(Words::of("es").stems("¿y cuándo?"), Words::of("es").stems("y cuando"), "light words alone stay");
    }

    #[test]
    fn sentences_are_whole_and_in_order() {
        let text = "Tiene 30 días.  Luego no.\n- Con boleta\n\n¿Y si no? Llame.";
        let parts: Vec<&str> = sentences(text).into_iter().map(|at| &text[at]).collect();
        assert_eq!(parts, ["Tiene 30 días.", "Luego no.", "- Con boleta", "¿Y si no?", "Llame."]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_its_words_and_sentences_inside_it(text in "\\PC*") {
            for at in sentences(&text).into_iter().chain(words(&text).map(|(at, _)| at)) {
                assert!(text.get(at).is_some());
            }
        }
    }
}
