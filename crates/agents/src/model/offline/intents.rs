//! What is wanted: the functions and the small talk of the definition, told apart by their own examples and
//! descriptions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FunctionInfo;
use super::classifier::{Classifier, Raw, Scores};
use super::clauses::{Clause, Particles};
use super::similarity::{Vocabulary, triples};
use super::text::{Unit, split_name, units};
use crate::definition::offline::{ListByLanguage, Offline};
use crate::memo::Memo;

/// From here a function is believed.
const CONFIDENT: f64 = 0.33;
/// From here it is believed against a question that waits for an answer.
const STRONG: f64 = 0.60;
/// How far ahead of the next one it must be.
const MARGIN: f64 = 0.10;
/// How near an example a message must be at least, whatever the probabilities say.
const NEAR: f64 = 0.27;
/// So many clauses of a message are looked at one by one.
const CLAUSES: usize = 16;
/// From here a message is an example.
const EXAMPLE: f64 = 0.90;
/// How near an example small talk must be: it is short, and its words are everybody's.
const TALK_NEAR: f64 = 0.50;
/// How much better a part of a message must fit than the whole.
const BETTER: f64 = 0.20;
/// How many bytes of messages are remembered with what they say.
const REMEMBERED: usize = 512 * 1_024;

/// A class of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Class {
    Function(String),
    Smalltalk(usize),
}

/// A function that a message asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    /// The function.
    pub(super) function: String,
    /// 0..1.
    pub(super) score: f64,
}

impl Wanted {
    /// Whether it wins over a question that waits for an answer.
    pub(super) fn strong(&self) -> bool {
        self.score >= STRONG
    }
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reading {
    /// The functions wanted, none when that is not clear.
    pub(super) wanted: Vec<Wanted>,
    /// Small talk, when no function is wanted.
    pub(super) smalltalk: Option<usize>,
    /// All functions, best first, however unlikely.
    ranking: Arc<[Ranked]>,
}

/// A function by its place in the definition, and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    class: usize,
    score: f64,
}

/// The intents of a definition.
pub(super) struct Intents {
    vocabulary: Vocabulary,
    classes: Vec<Class>,
    phrases: Vec<(usize, Vec<String>)>,
    /// What examples decline, by the senses of the last word ("I don't want to talk to a robot").
    negative: Vec<BTreeSet<String>>,
    base: Classifier,
    after: BTreeMap<String, Classifier>,
    /// Messages that were read, with the function that was done before: a dialogue is read again at each of its steps.
    read: Memo<(Vec<Unit>, Option<String>), Arc<Reading>>,
}

impl Intents {
    /// Learns. `units_of` finds the values in an example.
    pub(super) fn new(
        offline: &Offline,
        languages: &[String],
        functions: &[FunctionInfo],
        particles: &Particles,
        units_of: impl Fn(&str) -> Vec<Unit>,
    ) -> Self {
        let mut classes = Vec::new();
        let mut raws = Vec::new();
        let mut later: BTreeMap<String, Vec<Raw>> = BTreeMap::new();
        for info in functions {
            let class = classes.len();
            classes.push(Class::Function(info.name.clone()));
            let own = offline.functions.get(&info.name);
            let has_examples = own.is_some_and(|f| f.examples.values().any(|list| !list.is_empty()));
            if let Some(own) = own {
                raws.extend(each(&own.examples).map(|text| Raw {
                    class,
                    units: units_of(text),
                    trust: 1.0,
                    nearness: 1.0,
                }));
                for (before, examples) in &own.after {
                    let raw = |text: &String| Raw { class, units: units_of(text), trust: 2.5, nearness: 1.0 };
                    later.entry(before.clone()).or_default().extend(each(examples).map(raw));
                }
            }
            let trust = if has_examples { 0.25 } else { 1.0 };
            let nearness = if has_examples { 0.7 } else { 1.0 };
            for text in describe(info) {
                raws.push(Raw { class, units: units(&text, &[]), trust, nearness });
            }
            let values: Vec<Unit> = info
                .parameters
                .iter()
                .filter(|(name, p)| p.required && offline.parameters.get(name).is_some_and(|o| !o.patterns.is_empty()))
                .map(|(name, _)| Unit::Value { parameter: name.clone(), at: 0..0 })
                .collect();
            if !values.is_empty() {
                raws.push(Raw { class, units: values, trust: 0.5, nearness: 0.6 });
            }
        }
        let mut phrases = Vec::new();
        for (i, talk) in offline.smalltalk.iter().enumerate() {
            let class = classes.len();
            classes.push(Class::Smalltalk(i));
            for text in each(&talk.examples) {
                let units = units_of(text);
                let words: Vec<String> = units.iter().filter_map(Unit::word).map(str::to_owned).collect();
                if (1..=3).contains(&words.len()) {
                    phrases.push((i, words));
                }
                raws.push(Raw { class, units, trust: 1.0, nearness: 1.0 });
            }
        }
        phrases.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
        let all = raws.iter().chain(later.values().flatten());
        let vocabulary = Vocabulary::new(languages, all.flat_map(|r| &r.units).filter_map(Unit::word));
        let negative = raws
            .iter()
            .filter(|r| r.trust >= 1.0 && particles.clauses(&r.units).iter().any(|c| c.declines))
            .map(|r| last_word(&vocabulary, &r.units))
            .filter(|senses| !senses.is_empty())
            .collect();
        let base = Classifier::train(&vocabulary, classes.len(), raws.iter(), None);
        let after = later
            .iter()
            .map(|(before, extra)| {
                let own = classes.iter().position(|c| *c == Class::Function(before.clone()));
                let all = raws.iter().chain(extra);
                (before.clone(), Classifier::train(&vocabulary, classes.len(), all, own))
            })
            .collect();
        Self { vocabulary, classes, phrases, negative, base, after, read: Memo::new(REMEMBERED) }
    }

    /// The vocabulary.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Reads a message; `done` is the function that was done last, for its follow-ups.
    pub(super) fn read(&self, particles: &Particles, message: &[Unit], done: Option<&str>) -> Arc<Reading> {
        let done = done.filter(|done| self.after.contains_key(*done));
        let words = message.iter().map(|unit| 32 + unit.word().map_or(0, str::len)).sum::<usize>();
        let bytes = 256 + words + size_of::<Ranked>() * self.classes.len();
        self.read.of((message.to_vec(), done.map(str::to_owned)), bytes, |(message, done)| {
            Arc::new(self.read_now(particles, message, done.as_deref()))
        })
    }

    fn read_now(&self, particles: &Particles, message: &[Unit], done: Option<&str>) -> Reading {
        let classifier = done.and_then(|d| self.after.get(d)).unwrap_or(&self.base);
        // A follow-up may be a word that is small talk elsewhere ("yes, please").
        let whole = self.scores(classifier, message);
        if let Some((class, score, near)) = whole.best()
            && done.is_some()
            && near >= EXAMPLE
            && whole.margin(class) >= MARGIN
            && let Some(Class::Function(function)) = self.classes.get(class)
        {
            let wanted = vec![Wanted { function: function.clone(), score }];
            return Reading { ranking: self.ranking(&whole), wanted, smalltalk: None };
        }
        let talk = self.smalltalk(&whole);
        let (rest, stripped) = self.strip(message);
        let clauses = particles.clauses(&rest);
        let live: Vec<&Clause<'_>> = clauses.iter().filter(|c| !c.declines || self.is_declared(c.units)).collect();
        let mut joined: Vec<Unit> = Vec::with_capacity(rest.len());
        for clause in &live {
            joined.extend_from_slice(clause.units);
            joined.push(Unit::Break);
        }
        let whole =
            if live.len() == clauses.len() { self.scores(classifier, &rest) } else { self.scores(classifier, &joined) };
        let ranking = self.ranking(&whole);
        let by_whole = self.confident(if live.len() == clauses.len() { &rest } else { &joined }, &whole);
        let mut by_clause: Vec<(&Clause<'_>, Wanted)> = Vec::new();
        if live.len() > 1 {
            // A value with its name alone ("order 123") asks for nothing.
            let asking = |c: &&&Clause<'_>| {
                self.vocabulary.features(c.units).telling > usize::from(c.units.iter().any(|u| u.word().is_none()))
            };
            for clause in live.iter().take(CLAUSES).filter(asking) {
                if let Some(wanted) = self.confident(clause.units, &self.scores(classifier, clause.units)) {
                    by_clause.push((clause, wanted));
                }
            }
        }
        let wanted = settle(by_whole, by_clause);
        let smalltalk = if wanted.is_empty() {
            // "thanks a lot, John": what is left says nothing that is known.
            let nothing = || rest.len() <= 3 && self.vocabulary.features(&rest).telling == 0;
            let only = || stripped.filter(|_| nothing() && rest.iter().all(|u| u.word().is_some()));
            stripped
                .filter(|_| rest.is_empty())
                .or(talk)
                .or_else(|| self.smalltalk(&self.scores(classifier, &rest)))
                .or_else(only)
        } else {
            None
        };
        Reading { wanted, smalltalk, ranking }
    }

    /// Whether an example declines the same: then it is that example's request.
    fn is_declared(&self, clause: &[Unit]) -> bool {
        let declined = last_word(&self.vocabulary, clause);
        self.negative.iter().any(|example| example.intersection(&declined).next().is_some())
    }

    /// Without the small talk at the ends of its clauses, and which small talk that was (the last).
    fn strip(&self, message: &[Unit]) -> (Vec<Unit>, Option<usize>) {
        let mut rest = Vec::with_capacity(message.len());
        let mut stripped = None;
        for clause in message.split(|u| matches!(u, Unit::Break)) {
            let mut part = clause;
            while let Some((i, length)) = self.phrase_at(part, false) {
                part = part.get(length..).unwrap_or_default();
                stripped = Some(i);
            }
            while let Some((i, length)) = self.phrase_at(part, true) {
                part = part.get(..part.len() - length).unwrap_or_default();
                stripped = Some(i);
            }
            if !part.is_empty() {
                rest.extend_from_slice(part);
                rest.push(Unit::Break);
            }
        }
        rest.pop();
        (rest, stripped)
    }

    fn phrase_at(&self, part: &[Unit], end: bool) -> Option<(usize, usize)> {
        self.phrases.iter().find_map(|(i, words)| {
            let length = words.len();
            let span =
                if end { part.len().checked_sub(length).and_then(|from| part.get(from..)) } else { part.get(..length) };
            let span = span?;
            // A single light word ("no", "ok") is small talk only when it is all that is said.
            if length == 1 && part.len() > 1 && words.first().is_some_and(|w| self.vocabulary.is_function_word(w)) {
                return None;
            }
            span.iter()
                .zip(words)
                .all(|(unit, word)| unit.word().is_some_and(|w| self.same(w, word)))
                .then_some((*i, length))
        })
    }

    fn same(&self, said: &str, word: &str) -> bool {
        let single = |w: &str| {
            let mut letters: Vec<char> = w.chars().collect();
            letters.dedup();
            letters
        };
        said == word
            || single(said) == single(word)
            || self.vocabulary.resolve(said).is_some_and(|(known, _)| known.as_ref() == word)
    }

    fn smalltalk(&self, scores: &Scores) -> Option<usize> {
        let (class, score, near) = scores.best()?;
        match self.classes.get(class) {
            Some(Class::Smalltalk(i)) if score >= CONFIDENT && near >= TALK_NEAR => Some(*i),
            _ => None,
        }
    }

    /// The function that a part clearly asks for. Little words alone ask for nothing, unless they are an example.
    fn confident(&self, part: &[Unit], scores: &Scores) -> Option<Wanted> {
        let (class, score, near) =
            scores.best_of(|class| matches!(self.classes.get(class), Some(Class::Function(_))))?;
        let Some(Class::Function(function)) = self.classes.get(class) else { return None };
        // Small talk that fits better is small talk.
        let beaten = scores.best().is_some_and(|(top, s, _)| top != class && s - score >= MARGIN);
        let says = near >= EXAMPLE
            || part.iter().any(|u| match u {
                Unit::Word { word, .. } => !self.vocabulary.is_function_word(word),
                Unit::Value { .. } => true,
                Unit::Break => false,
            });
        (says && score >= CONFIDENT && near >= NEAR && !beaten && scores.margin(class) >= MARGIN)
            .then(|| Wanted { function: function.clone(), score })
    }

    fn ranking(&self, scores: &Scores) -> Arc<[Ranked]> {
        let all = self.classes.iter().zip(&scores.0).enumerate();
        let functions = all.filter(|(_, (class, _))| matches!(class, Class::Function(_)));
        let mut ranking: Vec<Ranked> =
            functions.map(|(class, (_, (score, _)))| Ranked { class, score: *score }).collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score));
        ranking.into()
    }

    /// The functions, best first, however unlikely.
    pub(super) fn ranked<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = (&'a str, f64)> {
        reading.ranking.iter().filter_map(|ranked| match self.classes.get(ranked.class)? {
            Class::Function(function) => Some((function.as_str(), ranked.score)),
            Class::Smalltalk(_) => None,
        })
    }

    fn scores(&self, classifier: &Classifier, part: &[Unit]) -> Scores {
        let features = self.vocabulary.features(part);
        if features.known.is_empty() {
            return Scores(vec![(0.0, 0.0); self.classes.len()]);
        }
        classifier.scores(&features, &triples(part), self.classes.len())
    }
}

/// One function for the message; several only when they are joined by "and" and both are requests.
fn settle(whole: Option<Wanted>, mut clauses: Vec<(&Clause<'_>, Wanted)>) -> Vec<Wanted> {
    let several = |list: &[(&Clause<'_>, Wanted)]| {
        list.iter().any(|(_, w)| list.first().is_some_and(|(_, f)| f.function != w.function))
    };
    if several(&clauses) && clauses.iter().any(|(c, _)| !c.negative) {
        // "It has not arrived, open a ticket": the complaint is the reason, not a second request.
        clauses.retain(|(c, _)| !c.negative);
    }
    if several(&clauses) && clauses.iter().any(|(c, _)| c.asks) && clauses.iter().any(|(c, _)| !c.asks && !c.joined) {
        clauses.retain(|(c, _)| c.asks || c.joined);
    }
    if several(&clauses) {
        if clauses.iter().skip(1).any(|(c, _)| c.joined) {
            let mut wanted: Vec<Wanted> = Vec::new();
            for (_, w) in clauses {
                if !wanted.iter().any(|other| other.function == w.function) {
                    wanted.push(w);
                }
            }
            return wanted;
        }
        // A change of mind: the last word counts.
        return clauses.pop().map(|(_, w)| w).into_iter().collect();
    }
    let clause = clauses.into_iter().map(|(_, w)| w).max_by(|a, b| a.score.total_cmp(&b.score));
    match (whole, clause) {
        (Some(w), Some(c)) if c.score > w.score + if c.function == w.function { 0.0 } else { BETTER } => vec![c],
        (Some(w), _) => vec![w],
        (None, Some(c)) => vec![c],
        (None, None) => Vec::new(),
    }
}

/// The senses of the last word that is known and says something.
fn last_word(vocabulary: &Vocabulary, units: &[Unit]) -> BTreeSet<String> {
    let words = units.iter().rev().filter_map(Unit::word).filter(|w| !vocabulary.is_function_word(w));
    words.map(|w| vocabulary.senses(w)).find(|senses| !senses.is_empty()).into_iter().flatten().collect()
}

fn each(examples: &ListByLanguage) -> impl Iterator<Item = &String> {
    examples.values().flatten()
}

fn describe(info: &FunctionInfo) -> Vec<String> {
    let mut texts = vec![split_name(&info.name)];
    texts.extend(info.description.clone());
    texts.extend(info.collaborator_instruction.clone());
    texts
}
