//! Which of the definition's languages a customer writes in.

use std::collections::{BTreeMap, BTreeSet};

use whatlang::{Detector, Lang};

use super::lexicon::LANGUAGES;
use super::text::{NUMBER, plain_words, real};
use crate::definition::offline::Offline;
use crate::memo::Memo;

/// Shorter texts tell a statistical detector nothing.
const DETECTABLE: usize = 25;
/// From so many characters a text tells its language by itself.
const SURE: usize = 200;
/// How many bytes of texts are remembered with their language.
const REMEMBERED: usize = 128 * 1_024;

/// The languages of a definition, by their words.
pub(super) struct Languages {
    codes: Vec<String>,
    words: Vec<BTreeSet<String>>,
    detector: Option<Detector>,
    detected: Memo<String, Option<Votes>>,
}

/// What a text's words say of its language.
#[derive(Debug, Clone, Copy)]
struct Votes {
    /// The place of the one with most votes.
    best: usize,
    score: f64,
    /// The votes of the next one.
    second: f64,
    /// How many words there are.
    words: f64,
}

impl Languages {
    /// By the words of the examples and the function words known.
    pub(super) fn new(offline: &Offline, codes: Vec<String>) -> Self {
        let words = codes
            .iter()
            .map(|code| {
                let examples = offline
                    .functions
                    .values()
                    .flat_map(|f| f.examples.get(code).into_iter().chain(f.after.values().filter_map(|a| a.get(code))));
                let talk = offline.smalltalk.iter().filter_map(|t| t.examples.get(code));
                let mut words: BTreeSet<String> = examples.chain(talk).flatten().flat_map(|t| plain_words(t)).collect();
                for language in LANGUAGES.iter().filter(|l| l.code == code) {
                    let known = [language.function_words, language.yes, language.no, language.wants];
                    words.extend(known.iter().flat_map(|k| k.split_whitespace()).map(str::to_owned));
                }
                words.remove(NUMBER);
                words
            })
            .collect();
        let known: Vec<Lang> = codes.iter().filter_map(|c| whatlang_of(c)).collect();
        let detector = (codes.len() > 1 && known.len() == codes.len()).then(|| Detector::with_allowlist(known));
        Self { codes, words, detector, detected: Memo::new(REMEMBERED) }
    }

    /// All.
    pub(super) fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The first.
    pub(super) fn default(&self) -> &str {
        self.codes.first().map_or("en", String::as_str)
    }

    /// The language of the customer: of the newest text that clearly is in one, else what the caller says, else the
    /// best guess, else the default.
    pub(super) fn of(&self, newest_first: &[&str], hint: Option<&str>) -> &str {
        let hint = hint.and_then(|h| {
            let primary = h.split(['-', '_']).next().unwrap_or(h).to_lowercase();
            self.codes.iter().find(|c| **c == primary)
        });
        // A name or a foreign word in a short reply does not change the language.
        let clear = newest_first.iter().find_map(|text| self.detect(text, 2.0));
        clear
            .or(hint.map(String::as_str))
            .or_else(|| newest_first.iter().find_map(|text| self.detect(text, 1.0)))
            .unwrap_or_else(|| self.default())
    }

    fn detect(&self, text: &str, needed: f64) -> Option<&str> {
        let votes = self.detected.of(text.to_owned(), text.len() + 64, |text| self.votes(text))?;
        let carried = needed <= 1.0 || votes.score >= 4.0 || 2.0 * votes.score > votes.words;
        (carried && votes.score - votes.second >= needed.min(votes.words)).then_some(())?;
        self.codes.get(votes.best).map(String::as_str)
    }

    fn votes(&self, text: &str) -> Option<Votes> {
        let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
        let words = plain_words(text);
        for word in words.iter().filter(|w| *w != NUMBER) {
            let having: Vec<usize> =
                self.words.iter().enumerate().filter(|(_, set)| set.contains(word)).map(|(i, _)| i).collect();
            if having.len() < self.codes.len() {
                for i in &having {
                    *votes.entry(*i).or_default() += 1.0 / real(having.len());
                }
            }
        }
        if text.chars().count() >= DETECTABLE
            && let Some(info) = self.detector.as_ref().and_then(|d| d.detect(text))
            && let Some(i) = self.codes.iter().position(|c| whatlang_of(c) == Some(info.lang()))
        {
            *votes.entry(i).or_default() += 0.5 + info.confidence();
        }
        let mut ranked: Vec<(usize, f64)> = votes.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (best, score) = *ranked.first()?;
        let second = ranked.get(1).map_or(0.0, |(_, s)| *s);
        Some(Votes { best, score, second, words: real(words.len()) })
    }
}

/// The languages that can be told by a text, by their BCP-47 primary subtags.
const CODES: &[(&str, Lang)] = &[
    ("ar", Lang::Ara),
    ("bg", Lang::Bul),
    ("ca", Lang::Cat),
    ("cs", Lang::Ces),
    ("da", Lang::Dan),
    ("de", Lang::Deu),
    ("el", Lang::Ell),
    ("en", Lang::Eng),
    ("es", Lang::Spa),
    ("fi", Lang::Fin),
    ("fr", Lang::Fra),
    ("he", Lang::Heb),
    ("hi", Lang::Hin),
    ("hu", Lang::Hun),
    ("it", Lang::Ita),
    ("ja", Lang::Jpn),
    ("ko", Lang::Kor),
    ("nl", Lang::Nld),
    ("pl", Lang::Pol),
    ("pt", Lang::Por),
    ("ro", Lang::Ron),
    ("ru", Lang::Rus),
    ("sv", Lang::Swe),
    ("tr", Lang::Tur),
    ("uk", Lang::Ukr),
    ("vi", Lang::Vie),
    ("zh", Lang::Cmn),
];

fn whatlang_of(code: &str) -> Option<Lang> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, lang)| *lang)
}

/// The language of a text: any, where the text is long enough to tell, else one of `among`.
pub(crate) fn language_of(text: &str, among: &[String]) -> Option<String> {
    let code = |lang: Lang| CODES.iter().find(|(_, known)| *known == lang).map(|(code, _)| (*code).to_owned());
    if text.chars().nth(SURE).is_some()
        && let Some(info) = whatlang::detect(text).filter(whatlang::Info::is_reliable)
        && let Some(code) = code(info.lang())
    {
        return Some(code);
    }
    let known: Vec<Lang> = among.iter().filter_map(|code| whatlang_of(code)).collect();
    if let [_, _, ..] = known.as_slice() {
        return Detector::with_allowlist(known).detect_lang(text).and_then(code);
    }
    among.first().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str], hint: Option<&str>) -> String {
        Languages::new(&Offline::default(), vec!["es".into(), "en".into()]).of(texts, hint).to_owned()
    }

    #[test]
    fn the_text_then_the_hint_then_the_default() {
        for (texts, hint, want) in [
            (&["where is my package"][..], None, "en"),
            (&["where is my package"][..], Some("es-CL"), "en"),
            (&["¿dónde está mi paquete?"][..], Some("en"), "es"),
            (&["10020030", "I have not received it"][..], None, "en"),
            (&["10020030"][..], None, "es"),
            (&["10020030"][..], Some("en-US"), "en"),
            (&["ok"][..], Some("en"), "en"),
            (&["Juan de la Cruz", "where is my package"][..], None, "en"),
            (&["claro", "where is my package"][..], None, "es"),
            (&[][..], Some("fr"), "es"),
        ] {
            assert_eq!(of(texts, hint), want, "{texts:?} {hint:?}");
        }
    }
}
