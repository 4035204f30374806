//! Which documents an answer cites.

use super::{Listed, list, was};
use crate::{
    matcher::Matcher,
    observed::{Cited, Passage, Turn},
    words::Words,
};

/// A document that is expected to be cited.
#[derive(Debug, Clone)]
pub struct CitePattern {
    /// Where it stands.
    pub line: u32,
    /// Its path, URL or URI, or the end of it behind a `/`.
    pub document: String,
    /// What one passage of it must be like, all at once.
    pub passage: PassagePattern,
}

/// What a passage must be like.
#[derive(Debug, Clone, Default)]
pub struct PassagePattern {
    /// What it says.
    pub text: Matcher,
    /// The part of the answer that stands on it.
    pub answer: Matcher,
    /// `section`, `page`, …
    pub metadata: Vec<(String, Matcher)>,
}

/// Says what is not as expected of a turn's citations.
pub(super) fn compare(
    line: u32,
    listed: &Listed<CitePattern>,
    turn: &Turn,
    words: &Words,
    miss: &mut impl FnMut(u32, String),
) {
    let fits = |pattern: &CitePattern, cited: &Cited| pattern.misses(cited, words).is_empty();
    if listed.holds(&turn.cites, fits) {
        return;
    }
    let there: Vec<String> = turn.cites.iter().map(|cited| cited.document.clone()).collect();
    let wanted = listed.words(|pattern| pattern.document.clone());
    if !listed.holds(&turn.cites, CitePattern::is_of) || matches!(listed, Listed::Exclude(_)) {
        miss(line, format!("the cited documents: expected {wanted}, there were {}", list(&there)));
        return;
    }
    // The documents are as expected: what is wrong is a passage.
    for pattern in listed.patterns() {
        for cited in turn.cites.iter().filter(|cited| pattern.is_of(cited)) {
            pattern.misses(cited, words).into_iter().for_each(|message| miss(pattern.line, message));
        }
    }
}

impl CitePattern {
    fn is_of(&self, cited: &Cited) -> bool {
        let name = self.document.as_str();
        cited.document == name || cited.document.strip_suffix(name).is_some_and(|path| path.ends_with('/'))
    }

    /// Why no passage is as expected, told of the one that comes nearest.
    fn misses(&self, cited: &Cited, words: &Words) -> Vec<String> {
        if !self.is_of(cited) {
            return vec![format!("expected {}, {} is cited", self.document, cited.document)];
        }
        let each = cited.passages.iter().map(|passage| self.passage.misses(&self.document, passage, words));
        each.min_by_key(Vec::len).unwrap_or_default()
    }
}

impl PassagePattern {
    fn misses(&self, document: &str, passage: &Passage, words: &Words) -> Vec<String> {
        let texts = [("passage", &self.text, &passage.text), ("answer", &self.answer, &passage.answer)];
        let texts = texts.into_iter().map(|(what, matcher, text)| (what, matcher, Some(text.as_str())));
        let metadata = self.metadata.iter();
        let metadata =
            metadata.map(|(name, matcher)| (&**name, matcher, passage.metadata.get(name).map(String::as_str)));
        let all = texts.chain(metadata).flat_map(|(what, matcher, value)| {
            matcher
                .failing(value, words)
                .map(move |check| format!("{document}: {what}: expected {check}, {}", was(value)))
                .collect::<Vec<_>>()
        });
        all.collect()
    }
}
