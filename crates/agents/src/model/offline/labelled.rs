//! Values behind a word that names them ("surname Meyer", "sobrenome: Meyer", "me llamo Ana"), for parameters that
//! declare no patterns.

use std::collections::BTreeSet;
use std::ops::Range;

use super::kinds::{INTRODUCTIONS, Kind, Part, is_interrogative, is_particle};
use super::similarity::Vocabulary;
use super::slots::{Likely, Slots};
use super::text::{NUMBER, Unit, fold, plain_words, split_name, units};
use crate::definition::agent::ParameterType;
use crate::definition::offline::{Offline, OfflineParameter};

/// A question of at most so many telling words names its parameter as well as a label does.
const SHORT_QUESTION: usize = 2;
/// A value of several words that nobody asked for is not longer.
const LONGEST: usize = 6;

/// The stems of the words that name one parameter and no other.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    /// Of its name, its label, a short question: whatever stands behind them is a value.
    strong: BTreeSet<String>,
    /// Of longer questions and the description, and words that requests have too: only what looks like a value is one.
    weak: BTreeSet<String>,
}

impl Labels {
    /// All words of a parameter, those of others too.
    pub(super) fn new(
        name: &str,
        declared: Option<&OfflineParameter>,
        described: &[String],
        vocabulary: &Vocabulary,
    ) -> Self {
        let stems = |text: &str| -> BTreeSet<String> {
            let words = plain_words(text).into_iter().filter(|w| w != NUMBER && !vocabulary.is_function_word(w));
            words.flat_map(|w| vocabulary.stems(&w).to_vec()).collect()
        };
        let mut labels = Self { strong: stems(&split_name(name)), weak: BTreeSet::new() };
        for text in described {
            labels.weak.extend(stems(text));
        }
        if let Some(declared) = declared {
            labels.strong.extend(declared.label.values().flat_map(|t| stems(t)));
            for ask in declared.ask.values() {
                let telling = plain_words(ask).iter().filter(|w| !vocabulary.is_function_word(w)).count();
                let part = if telling <= SHORT_QUESTION { &mut labels.strong } else { &mut labels.weak };
                part.extend(stems(ask));
            }
        }
        labels
    }

    /// The stems of the requests.
    pub(super) fn words_of_examples(offline: &Offline, vocabulary: &Vocabulary) -> BTreeSet<String> {
        let examples = offline.functions.values().flat_map(|f| f.examples.values().flatten());
        examples.flat_map(|e| plain_words(e)).flat_map(|w| vocabulary.stems(&w).to_vec()).collect()
    }

    /// Without the words of the others; weak where requests use them.
    pub(super) fn alone<'a>(mut self, others: impl Iterator<Item = &'a Self>, used: &BTreeSet<String>) -> Self {
        for other in others {
            self.strong.retain(|s| !other.strong.contains(s));
            self.weak.retain(|s| !other.strong.contains(s) && !other.weak.contains(s));
        }
        let moved: Vec<String> = self.strong.iter().filter(|s| used.contains(*s)).cloned().collect();
        self.strong.retain(|s| !used.contains(s));
        self.weak.extend(moved);
        self
    }

    /// Whether the word names the parameter, and whether surely.
    pub(super) fn names(&self, word: &str, vocabulary: &Vocabulary) -> Option<bool> {
        let stems = vocabulary.stems(word);
        if stems.iter().any(|s| self.strong.contains(s)) {
            return Some(true);
        }
        stems.iter().any(|s| self.weak.contains(s)).then_some(false)
    }
}

/// A word with its place.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Folded.
    pub(super) folded: String,
    /// As it was written.
    pub(super) raw: String,
    /// Bytes of the text.
    pub(super) at: Range<usize>,
}

impl Word {
    /// The words of a text.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let mut words: Vec<Self> = Vec::new();
        for at in units(text, &[]).iter().filter_map(Unit::at) {
            let Some(raw) = text.get(at.clone()) else { continue };
            let capital = raw.starts_with(char::is_uppercase);
            // "O'Neill" is one name.
            if let Some(before) = words.last_mut().filter(|b| b.capital() && capital && at.start - b.at.end <= 3)
                && text.get(before.at.end..at.start).is_some_and(|gap| matches!(gap, "'" | "’"))
            {
                before.at.end = at.end;
                text.get(before.at.clone()).unwrap_or_default().clone_into(&mut before.raw);
                before.folded = fold(&before.raw);
                continue;
            }
            words.push(Self { folded: fold(raw), raw: raw.to_owned(), at });
        }
        words
    }

    /// It begins with a capital.
    pub(super) fn capital(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }

    /// It has a digit.
    pub(super) fn digits(&self) -> bool {
        self.raw.chars().any(|c| c.is_ascii_digit())
    }

    /// No language and no example of the bot has it.
    pub(super) fn unknown(&self, vocabulary: &Vocabulary) -> bool {
        !vocabulary.is_function_word(&self.folded)
            && !is_interrogative(&self.folded)
            && vocabulary.resolve(&self.folded).is_none_or(|(known, _)| known != self.folded)
    }
}

/// Whether a message asks something.
pub(super) fn is_question(text: &str) -> bool {
    let words = Word::all(text);
    text.contains(['?', '¿', '؟', '？'])
        || (words.len() >= 3 && words.first().is_some_and(|w| is_interrogative(&w.folded) && w.folded != "e"))
}

/// Whether all letters are capitals: then they tell nothing.
pub(super) fn shouts(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}

fn is_copula(word: &Word) -> bool {
    matches!(word.folded.as_str(), "is" | "are" | "es" | "son" | "eh" | "ist" | "est" | "sera")
        || word.raw == "é"
        || word.raw == "è"
}

struct Search<'a> {
    text: &'a str,
    words: Vec<Word>,
    vocabulary: &'a Vocabulary,
    taken: &'a [(String, Range<usize>)],
    capitals: bool,
}

impl Slots {
    /// Named values: parameter, value, bytes of the text.
    pub(super) fn labelled(
        &self,
        text: &str,
        vocabulary: &Vocabulary,
        likely: Likely<'_>,
        taken: &[(String, Range<usize>)],
    ) -> Vec<(String, String, Range<usize>)> {
        let capitals = !shouts(text);
        let search = Search { text, words: Word::all(text), vocabulary, taken, capitals };
        let asks = is_question(text);
        let mut found = Vec::new();
        for (name, kind, labels, r#type) in self.all_free() {
            if kind == Kind::Text {
                continue;
            }
            let asked = likely.asked.iter().any(|a| a == name);
            let mut next = 0;
            while next < search.words.len() {
                let Some((from, sure, marked)) = search.label(labels, next) else { break };
                next = from.max(next + 1);
                let sure = sure && (!asks || marked);
                let others =
                    |w: &str| self.all_free().any(|(n, _, l, _)| n != name && l.names(w, vocabulary).is_some());
                let at = if r#type == ParameterType::Array {
                    search.list(from, marked && sure)
                } else {
                    search.value(kind, from, sure || asked, marked, &others)
                };
                if let Some(at) = at
                    && let Some(value) = text.get(at.clone())
                {
                    let value = if r#type == ParameterType::Array { items(value) } else { value.to_owned() };
                    found.push((name.to_owned(), value, at));
                    break;
                }
            }
        }
        self.introduced(&search, likely, &mut found);
        found
    }

    /// "My name is …", where there is one parameter for it, or the one that was asked for.
    fn introduced(&self, search: &Search<'_>, likely: Likely<'_>, found: &mut Vec<(String, String, Range<usize>)>) {
        let persons: Vec<(&str, Part)> = self
            .all_free()
            .filter_map(|(name, kind, ..)| match kind {
                Kind::Name(part) if part != Part::Other => Some((name, part)),
                _ => None,
            })
            .collect();
        let Some(at) = search.introduction() else { return };
        let asked = persons.iter().find(|(name, _)| likely.asked.iter().any(|a| a == name));
        let targets: Vec<(&str, Part)> = match asked {
            Some(asked) => vec![*asked],
            None if persons.iter().filter(|(_, part)| *part == Part::Whole).count() <= 1 => persons.clone(),
            None => Vec::new(),
        };
        for (name, part) in targets {
            let words: Vec<&Word> =
                search.words.iter().filter(|w| w.at.start >= at.start && w.at.end <= at.end).collect();
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let range = match part {
                Part::First => first.at.clone(),
                Part::Family if words.len() > 1 => words.get(1).map_or(last.at.start, |w| w.at.start)..last.at.end,
                // A first name alone is no family's name, unless that was the question.
                Part::Family if asked.is_none() => continue,
                _ => at.clone(),
            };
            if let Some(value) = search.text.get(range.clone())
                && !found.iter().any(|(other, ..)| other == name)
            {
                found.push((name.to_owned(), value.to_owned(), range));
            }
        }
    }
}

impl Search<'_> {
    /// The next label from `next`: where its value begins, whether the label is sure, whether "is" or a colon marks it.
    fn label(&self, labels: &Labels, next: usize) -> Option<(usize, bool, bool)> {
        let (start, sure) = self.words.iter().enumerate().skip(next).find_map(|(i, w)| {
            let names = labels.names(&w.folded, self.vocabulary)?;
            Some((i, names))
        })?;
        let (mut sure, mut end, mut marked) = (sure, start + 1, false);
        while let Some(word) = self.words.get(end) {
            let gap = self.gap(end);
            if !gap.chars().all(|c| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '“' | '«' | '\'' | '-' | '#'))
            {
                return Some((self.words.len(), false, false));
            }
            marked |= gap.contains([':', '=']);
            if let Some(more) = labels.names(&word.folded, self.vocabulary).filter(|_| !marked) {
                sure |= more;
            } else if is_copula(word) && !marked {
                marked = true;
            } else {
                break;
            }
            end += 1;
        }
        Some((end, sure, marked))
    }

    /// What stands before a word.
    fn gap(&self, i: usize) -> &str {
        let before = i.checked_sub(1).and_then(|b| self.words.get(b));
        let range = before.map_or(0, |w| w.at.end)..self.words.get(i).map_or(self.text.len(), |w| w.at.start);
        self.text.get(range).unwrap_or_default()
    }

    fn free(&self, word: &Word) -> bool {
        !self.taken.iter().any(|(_, at)| at.start < word.at.end && word.at.start < at.end)
    }

    /// Whether a word is of the kind that values are made of.
    fn tells(&self, word: &Word) -> bool {
        word.unknown(self.vocabulary) || (self.capitals && word.capital())
    }

    fn value(
        &self,
        kind: Kind,
        from: usize,
        sure: bool,
        marked: bool,
        other: &dyn Fn(&str) -> bool,
    ) -> Option<Range<usize>> {
        let mut end = from;
        let mut last = None;
        while let Some(word) = self.words.get(end).filter(|w| self.free(w)) {
            let joined =
                end == from || self.gap(end).chars().all(|c| c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '.'));
            if !joined || end - from >= LONGEST || (other(&word.folded) && !(self.capitals && word.capital())) {
                break;
            }
            let shown = self.capitals && word.capital();
            let fits = match kind {
                Kind::Name(part) => !word.digits() || part == Part::Other,
                Kind::Identifier => word.digits() || (end == from && marked && shown),
                Kind::Date | Kind::Phrase => marked && sure,
                Kind::Text => false,
            };
            let strict = matches!(kind, Kind::Name(_));
            if fits
                && (!strict || self.tells(word))
                && (strict || word.digits() || !self.vocabulary.is_function_word(&word.folded))
            {
                if strict && end == from && !sure && !shown {
                    return None;
                }
                last = Some(end);
            } else if !(strict && is_particle(&word.folded)) {
                break;
            }
            end += 1;
        }
        let (first, last) = (self.words.get(from)?, self.words.get(last?)?);
        Some(first.at.start..last.at.end)
    }

    /// A list goes on to the end of the sentence.
    fn list(&self, from: usize, marked: bool) -> Option<Range<usize>> {
        let start = self.words.get(from).filter(|w| marked && self.free(w))?.at.start;
        let rest = self.text.get(start..)?;
        let end = rest.find(['.', ';', '?', '!', '\n']).unwrap_or(rest.len());
        let free = self.words.iter().filter(|w| w.at.start >= start && w.at.end <= start + end).all(|w| self.free(w));
        free.then_some(start..start + end)
    }

    fn introduction(&self) -> Option<Range<usize>> {
        let says = |from: usize, phrase: &[&str]| {
            phrase.iter().enumerate().all(|(i, p)| self.words.get(from + i).is_some_and(|w| w.folded == *p))
        };
        (0..self.words.len()).find_map(|i| {
            let phrase = INTRODUCTIONS.iter().find(|phrase| says(i, phrase))?;
            self.value(Kind::Name(Part::Whole), i + phrase.len(), true, true, &|_| false)
        })
    }
}

/// The items of a list, one a line.
pub(super) fn items(text: &str) -> String {
    let mut items: Vec<String> = Vec::new();
    for piece in text.split([',', ';', '\n']) {
        let mut item: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            if matches!(fold(word).as_str(), "and" | "y" | "e" | "et" | "und" | "&") && word != "é" {
                items.push(item.join(" "));
                item.clear();
            } else {
                item.push(word);
            }
        }
        items.push(item.join(" "));
    }
    items.retain(|i| !i.is_empty());
    items.join("\n")
}
