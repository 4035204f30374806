//! Lists as a language's file writes them: one text, with commas between the entries.

use super::matching::{Phrase, Word, words};

/// Words that are told exactly, folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon(Vec<String>);

impl Lexicon {
    pub(super) fn new(text: &str) -> Self {
        Self(entries(text).flat_map(words).collect())
    }

    pub(super) fn has(&self, word: &Word) -> bool {
        self.0.iter().any(|it| it == word.as_str())
    }
}

/// Word groups that are told exactly, folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups(Vec<Vec<String>>);

impl Groups {
    pub(super) fn new(text: &str) -> Self {
        Self(entries(text).map(words).collect())
    }

    /// Whether the word is one of them by itself.
    pub(super) fn has(&self, word: &Word) -> bool {
        self.0.iter().any(|group| matches!(group.as_slice(), [it] if it == word.as_str()))
    }

    /// Whether one of them begins here.
    pub(super) fn begin(&self, words: &[Word], at: usize) -> bool {
        self.0.iter().any(|group| is_at(words, at, group))
    }

    /// Whether one of them ends before this place.
    pub(super) fn end(&self, words: &[Word], at: usize) -> bool {
        self.0.iter().any(|group| at.checked_sub(group.len()).is_some_and(|at| is_at(words, at, group)))
    }
}

fn is_at(words: &[Word], at: usize, group: &[String]) -> bool {
    let here = words.get(at..at + group.len());
    here.is_some_and(|here| here.iter().zip(group).all(|(word, wanted)| word.as_str() == wanted))
}

/// The entries of a list.
pub(super) fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// The entries as words to be held against others, typos and all.
pub(super) fn likely(text: &str) -> Vec<Word> {
    entries(text).flat_map(words).map(Word::new).collect()
}

/// The entries as phrases to be found; a `*` is a person.
pub(super) fn patterns(text: &str) -> Vec<Phrase> {
    entries(text).map(Phrase::pattern).collect()
}
