//! Values in a text: the declared patterns and words of each parameter, numbers and named values of those that declare
//! none, and which parameter a value belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use regex::Regex;

use super::kinds::Kind;
use super::labelled::Labels;
use super::numbers::Writing;
use super::similarity::Vocabulary;
use super::text::{NUMBER, Unit, fold, plain_words, split_name, units};
use super::{FunctionInfo, OfflineError};
use crate::definition::agent::{Parameter, ParameterType};
use crate::definition::offline::Offline;

/// How far before a value a word that names its parameter may stand, in words.
const NAMED_WITHIN: usize = 4;

/// How one parameter is found.
struct Slot {
    name: String,
    patterns: Vec<Regex>,
    /// Folded words of a value, and the value.
    values: Vec<(Vec<String>, String)>,
    strip: Vec<char>,
    /// Stems of the words that name it and no other parameter.
    names: BTreeSet<String>,
    r#type: ParameterType,
    from_conversation: bool,
    /// What a text is that declares nothing, and the words that stand before it.
    free: Option<(Kind, Labels)>,
}

/// A value found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// The parameter it belongs to.
    pub(super) parameter: String,
    /// Without the characters to strip.
    pub(super) value: String,
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    /// Another value of the same form stands in the text: which of them is meant is not certain.
    pub(super) rivalled: bool,
}

/// Which parameters are likely just now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Likely<'a> {
    /// Those the customer was asked for.
    pub(super) asked: &'a [String],
    /// Those of the function at hand.
    pub(super) own: &'a [String],
}

/// All parameters of a definition.
#[expect(clippy::struct_field_names, reason = "they are the slots of the definition")]
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// The places of the slots, by the parameter's name.
    by_name: HashMap<String, usize>,
    /// The stems of the names and labels of parameters with patterns.
    titles: BTreeSet<String>,
    /// Values that stand in the definition's own texts, such as "for example 12345678-9".
    literals: BTreeSet<String>,
    writing: Writing,
}

struct Candidate<'a> {
    slot: &'a Slot,
    value: String,
    at: Range<usize>,
    rank: usize,
    order: usize,
}

/// The values that a schema allows, where they are texts.
fn listed(parameter: &Parameter) -> impl Iterator<Item = &str> {
    let values = parameter.schema.as_ref().and_then(|schema| schema.get("enum")?.as_array());
    values.into_iter().flatten().filter_map(serde_json::Value::as_str)
}

impl Slots {
    /// Compiles.
    ///
    /// # Errors
    /// A pattern is no regular expression.
    pub(super) fn new(
        offline: &Offline,
        languages: &[String],
        functions: &[FunctionInfo],
    ) -> Result<Self, OfflineError> {
        let writing = Writing::new(languages);
        let mut slots: Vec<Slot> = Vec::new();
        for (name, parameter) in functions.iter().flat_map(|f| &f.parameters) {
            if slots.iter().any(|s| s.name == *name) {
                continue;
            }
            let declared = offline.parameters.get(name).cloned().unwrap_or_default();
            let mut patterns = Vec::with_capacity(declared.patterns.len());
            for pattern in &declared.patterns {
                patterns.push(Regex::new(pattern).map_err(|error| OfflineError::Pattern {
                    parameter: name.clone(),
                    pattern: pattern.clone(),
                    reason: error.to_string(),
                })?);
            }
            let mut values: Vec<(Vec<String>, String)> = Vec::new();
            if declared.values.is_empty() {
                values.extend(listed(parameter).map(|value| (plain_words(&split_name(value)), value.to_owned())));
            }
            for (value, words) in &declared.values {
                values.push((plain_words(&split_name(value)), value.clone()));
                values.extend(words.values().flatten().map(|w| (plain_words(w), value.clone())));
            }
            values.retain(|(words, _)| !words.is_empty() && !words.iter().any(|w| w == NUMBER));
            values.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
            let text = matches!(parameter.r#type, ParameterType::String | ParameterType::Array);
            let free = text && !declared.from_conversation && patterns.is_empty() && values.is_empty();
            let free = free.then(|| {
                let all = |texts: &BTreeMap<String, String>| texts.values().cloned().collect::<Vec<_>>().join(" ");
                let named = format!("{} {}", split_name(name), all(&declared.label));
                Kind::of([&named, &all(&declared.ask), parameter.description.as_deref().unwrap_or_default()])
            });
            patterns.extend(free.map(Kind::shapes).unwrap_or_default());
            slots.push(Slot {
                free: free.map(|kind| (kind, Labels::default())),
                name: name.clone(),
                patterns,
                values,
                strip: declared.strip.chars().collect(),
                names: BTreeSet::new(),
                r#type: parameter.r#type,
                from_conversation: declared.from_conversation,
            });
        }
        let by_name = slots.iter().enumerate().map(|(place, slot)| (slot.name.clone(), place)).collect();
        let mut new = Self { slots, by_name, titles: BTreeSet::new(), literals: BTreeSet::new(), writing };
        new.literals = new.values_of_texts(offline);
        Ok(new)
    }

    /// Learns which words name one parameter and no other: of its name, label and question.
    pub(super) fn learn_names(&mut self, offline: &Offline, functions: &[FunctionInfo], vocabulary: &Vocabulary) {
        let naming = |slot: &Slot| -> BTreeSet<String> {
            let mut texts = vec![split_name(&slot.name)];
            if let Some(declared) = offline.parameters.get(&slot.name) {
                texts.extend(declared.label.values().cloned());
                texts.extend(declared.ask.values().cloned());
            }
            let words = texts.iter().flat_map(|t| plain_words(t)).filter(|w| !vocabulary.is_function_word(w));
            words.flat_map(|w| vocabulary.stems(&w).to_vec()).collect()
        };
        let all: Vec<BTreeSet<String>> = self.slots.iter().map(naming).collect();
        for (i, slot) in self.slots.iter_mut().enumerate() {
            let others = |stem: &String| all.iter().enumerate().any(|(j, names)| j != i && names.contains(stem));
            slot.names = all.get(i).into_iter().flatten().filter(|s| !others(s)).cloned().collect();
        }
        // A name of several parameters says that a value follows, though not which ("the order number is 123").
        let titles = self.slots.iter().filter(|slot| !slot.patterns.is_empty()).flat_map(|slot| {
            let declared = offline.parameters.get(&slot.name);
            let labels = declared.into_iter().flat_map(|declared| declared.label.values().cloned());
            std::iter::once(split_name(&slot.name)).chain(labels)
        });
        let words = titles.flat_map(|title| plain_words(&title)).filter(|word| !vocabulary.is_function_word(word));
        self.titles = words.flat_map(|word| vocabulary.stems(&word).to_vec()).collect();
        self.learn_labels(offline, functions, vocabulary);
    }

    fn learn_labels(&mut self, offline: &Offline, functions: &[FunctionInfo], vocabulary: &Vocabulary) {
        let described = |name: &str| {
            let all = functions.iter().flat_map(|f| &f.parameters);
            all.filter(|(n, _)| n == name).filter_map(|(_, p)| p.description.clone()).collect::<Vec<_>>()
        };
        let all: Vec<Labels> = self
            .slots
            .iter()
            .map(|s| Labels::new(&s.name, offline.parameters.get(&s.name), &described(&s.name), vocabulary))
            .collect();
        let used = Labels::words_of_examples(offline, vocabulary);
        for (i, slot) in self.slots.iter_mut().enumerate() {
            if let Some((_, labels)) = &mut slot.free {
                let others = all.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, labels)| labels);
                *labels = all.get(i).cloned().unwrap_or_default().alone(others, &used);
            }
        }
    }

    fn values_of_texts(&self, offline: &Offline) -> BTreeSet<String> {
        let asks = offline.parameters.values().flat_map(|p| p.ask.values().chain(p.label.values()));
        let says = offline.functions.values().flat_map(|f| f.say.values().chain(f.ask.values()));
        let rest = offline.clarify.values().chain(offline.ask.values()).chain(offline.retry.values());
        let talk = offline.smalltalk.iter().flat_map(|t| t.say.values());
        let texts = asks.chain(says).chain(rest).chain(talk);
        texts.flat_map(|text| self.candidates(text)).map(|c| c.value).collect()
    }

    /// The type of a parameter.
    pub(super) fn type_of(&self, parameter: &str) -> Option<ParameterType> {
        self.slot(parameter).map(|s| s.r#type)
    }

    /// Whether a reply is taken as it is.
    pub(super) fn is_free_text(&self, parameter: &str) -> bool {
        self.slot(parameter).is_some_and(|s| s.free.is_some())
    }

    /// What a text is that declares nothing, and the words that stand before it.
    pub(super) fn free(&self, parameter: &str) -> Option<(Kind, &Labels)> {
        self.slot(parameter)?.free.as_ref().map(|(kind, labels)| (*kind, labels))
    }

    /// All such parameters, by name.
    pub(super) fn all_free(&self) -> impl Iterator<Item = (&str, Kind, &Labels, ParameterType)> {
        let free = |s: &'_ Slot| s.free.is_some();
        self.slots.iter().filter(move |s| free(s)).filter_map(|s| {
            let (kind, labels) = s.free.as_ref()?;
            Some((s.name.as_str(), *kind, labels, s.r#type))
        })
    }

    /// Whether it is composed of what the customer told.
    pub(super) fn is_composed(&self, parameter: &str) -> bool {
        self.slot(parameter).is_some_and(|s| s.from_conversation)
    }

    /// Whether it has words or patterns of its own.
    pub(super) fn has_patterns(&self, parameter: &str) -> bool {
        self.slot(parameter).is_some_and(|s| s.free.is_none() && (!s.patterns.is_empty() || !s.values.is_empty()))
    }

    /// Whether a word names some parameter.
    pub(super) fn names_any(&self, word: &str, vocabulary: &Vocabulary) -> bool {
        let stems = vocabulary.known_stems(word);
        stems.iter().any(|stem| self.titles.contains(stem) || self.slots.iter().any(|s| s.names.contains(stem)))
    }

    fn slot(&self, parameter: &str) -> Option<&Slot> {
        self.slots.get(*self.by_name.get(parameter)?)
    }

    /// The values of a text, each claimed by one parameter, in the order of the text. Longer ones claim first, then those
    /// that are named ("ticket 123"), asked for, of the function at hand, and found by the surer pattern.
    pub(super) fn claims(&self, text: &str, vocabulary: &Vocabulary, likely: Likely<'_>) -> Vec<Claim> {
        let mut candidates = self.candidates(text);
        candidates.extend(self.numbers(text, vocabulary, likely));
        let taken: Vec<(String, Range<usize>)> =
            candidates.iter().map(|c| (c.slot.name.clone(), c.at.clone())).collect();
        for (name, value, at) in self.labelled(text, vocabulary, likely, &taken) {
            if let Some((order, slot)) = self.slots.iter().enumerate().find(|(_, s)| s.name == name) {
                candidates.push(Candidate { slot, value, at, rank: 0, order });
            }
        }
        let plain = units(text, &[]);
        let key = |c: &Candidate<'_>| {
            let named = is_named(c.slot, &c.at, &plain, vocabulary);
            let asked = likely.asked.contains(&c.slot.name);
            let own = likely.own.contains(&c.slot.name);
            let length = text.get(c.at.clone()).map_or(0, |t| t.chars().filter(|c| c.is_alphanumeric()).count());
            (
                length,
                named,
                asked,
                own,
                std::cmp::Reverse(c.rank),
                std::cmp::Reverse(c.at.start),
                std::cmp::Reverse(c.order),
            )
        };
        candidates.sort_by_cached_key(|c| std::cmp::Reverse(key(c)));
        let mut claims: Vec<Claim> = Vec::new();
        for c in candidates {
            let taken = claims.iter().any(|other| other.at.start < c.at.end && c.at.start < other.at.end);
            let single = c.slot.r#type != ParameterType::Array;
            let repeated = single && claims.iter().any(|other| other.parameter == c.slot.name);
            if taken {
                continue;
            }
            if repeated {
                // As long and by the same pattern: two orders in one sentence, not an order and a telephone number.
                let rival = |other: &&mut Claim| {
                    other.parameter == c.slot.name && other.value != c.value && other.value.len() == c.value.len()
                };
                if c.rank < c.slot.patterns.len()
                    && let Some(claim) = claims.iter_mut().find(rival)
                {
                    claim.rivalled = true;
                }
                continue;
            }
            claims.push(Claim { parameter: c.slot.name.clone(), value: c.value, at: c.at, rivalled: false });
        }
        claims.sort_by_key(|c| c.at.start);
        claims
    }

    /// Whether a value is an identifier, and none that the definition says as an example.
    pub(super) fn is_identifier(&self, claim: &Claim) -> bool {
        !self.literals.contains(&claim.value) && is_identifier(&claim.value)
    }

    fn candidates<'a>(&'a self, text: &str) -> Vec<Candidate<'a>> {
        let mut found = Vec::new();
        let plain = units(text, &[]);
        for (order, slot) in self.slots.iter().enumerate() {
            for (rank, pattern) in slot.patterns.iter().enumerate() {
                for captures in pattern.captures_iter(text) {
                    let Some(hit) = captures.iter().skip(1).flatten().next().or_else(|| captures.get(0)) else {
                        continue;
                    };
                    let value: String = hit.as_str().trim().chars().filter(|c| !slot.strip.contains(c)).collect();
                    let value = match slot.r#type {
                        ParameterType::Integer => self.writing.whole().plain(&value).unwrap_or(value),
                        ParameterType::Number => self.writing.plain(&value).unwrap_or(value),
                        _ => value,
                    };
                    if !value.is_empty() {
                        found.push(Candidate { slot, value, at: hit.range(), rank, order });
                    }
                }
            }
            for (words, value) in &slot.values {
                if let Some(at) = find_words(&plain, words) {
                    found.push(Candidate { slot, value: value.clone(), at, rank: slot.patterns.len(), order });
                }
            }
        }
        found
    }

    /// Bare numbers for number parameters that are asked for or named.
    fn numbers<'a>(&'a self, text: &str, vocabulary: &Vocabulary, likely: Likely<'_>) -> Vec<Candidate<'a>> {
        let mut found = Vec::new();
        let plain = units(text, &[]);
        for (order, slot) in self.slots.iter().enumerate() {
            let whole = slot.r#type == ParameterType::Integer;
            if !(whole || slot.r#type == ParameterType::Number) || !slot.patterns.is_empty() {
                continue;
            }
            let asked = likely.asked.contains(&slot.name);
            let writing = if whole { self.writing.whole() } else { self.writing };
            for number in writing.find(text, &plain) {
                let fits = !whole || number.value.parse::<i64>().is_ok();
                // "A person" is not one person.
                let expected = asked || (!number.article && is_named(slot, &number.at, &plain, vocabulary));
                if fits && expected {
                    found.push(Candidate { slot, value: number.value, at: number.at, rank: 0, order });
                }
            }
        }
        found
    }
}

/// Whether one of the few words before the value (or right behind it) names the parameter.
fn is_named(slot: &Slot, at: &Range<usize>, plain: &[Unit], vocabulary: &Vocabulary) -> bool {
    let names = |unit: &Unit| {
        let Some(word) = unit.word() else { return false };
        vocabulary.known_stems(word).iter().any(|s| slot.names.contains(s))
    };
    let words = || plain.iter().filter_map(|u| Some((u, u.at()?)));
    let before: Vec<&Unit> = words().filter(|(_, w)| w.end <= at.start).map(|(u, _)| u).collect();
    let behind = words().find(|(_, w)| w.start >= at.end).map(|(u, _)| u);
    // The number before ends the search: what stands before it names that one.
    let near = before.iter().rev().take(NAMED_WITHIN).take_while(|u| u.word() != Some(NUMBER));
    near.into_iter().any(|u| names(u)) || (slot.patterns.is_empty() && behind.is_some_and(names))
}

fn find_words(plain: &[Unit], words: &[String]) -> Option<Range<usize>> {
    let spoken: Vec<&Unit> = plain.iter().filter(|u| u.word().is_some()).collect();
    let hit = spoken
        .windows(words.len())
        .rfind(|w| w.iter().zip(words).all(|(u, word)| u.word().is_some_and(|said| alike(said, word))))?;
    Some(hit.first()?.at()?.start..hit.last()?.at()?.end)
}

/// Equal, or with one typing error in a word that is long enough, or with an ending more.
fn alike(said: &str, word: &str) -> bool {
    let length = word.chars().count();
    said == word
        || (length >= 4 && said.strip_prefix(word).is_some_and(|end| end.chars().count() <= 2))
        || (length >= 5 && strsim::osa_distance(said, word) <= 1)
}

/// A long enough run of letters and digits: a number somebody could look up, and no date or amount.
fn is_identifier(value: &str) -> bool {
    fold(value)
        .split(|c: char| !c.is_alphanumeric())
        .any(|run| run.chars().count() >= 5 && run.chars().filter(char::is_ascii_digit).count() >= 3)
}

/// The claims as [`super::text::units`] takes them.
pub(super) fn spans(claims: &[Claim]) -> Vec<(String, Range<usize>)> {
    claims.iter().map(|c| (c.parameter.clone(), c.at.clone())).collect()
}

/// The newest value of each parameter in `claims`; several of an array parameter are kept as a list.
pub(super) fn by_parameter(claims: &[Claim], slots: &Slots) -> BTreeMap<String, String> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for claim in claims {
        let list = slots.type_of(&claim.parameter) == Some(ParameterType::Array);
        match values.get_mut(&claim.parameter) {
            Some(before) if list => {
                before.push('\n');
                before.push_str(&claim.value);
            }
            _ => {
                values.insert(claim.parameter.clone(), claim.value.clone());
            }
        }
    }
    values
}
