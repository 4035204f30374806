//! What is wanted: the functions and the small talk of the definition, told apart by their own examples and
//! descriptions.

use std::collections::{BTreeMap, BTreeSet};

use super::FunctionInfo;
use super::clauses::{Clause, Particles};
use super::learn::{Regression, Sample};
use super::similarity::{Features, Salience, Vocabulary, cosine, dice, triples};
use super::text::{Unit, split_name, units};
use crate::definition::offline::{ListByLanguage, Offline};

/// From here a function is believed.
const CONFIDENT: f64 = 0.40;
/// From here it is believed against a question that waits for an answer.
const STRONG: f64 = 0.60;
/// How far ahead of the next one it must be.
const MARGIN: f64 = 0.10;
/// How near an example a message must be at least, whatever the probabilities say.
const NEAR: f64 = 0.30;
/// From here a clause that declines is a request in the words of an example ("I don't want to talk to a robot").
const DECLINING_EXAMPLE: f64 = 0.75;

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
    pub(super) ranking: Vec<Wanted>,
}

struct Example {
    class: usize,
    vector: BTreeMap<String, f64>,
    triples: BTreeSet<String>,
    trust: f64,
    nearness: f64,
}

/// One trained classifier; there is one more for each function that has its own follow-ups.
struct Classifier {
    examples: Vec<Example>,
    salience: Salience,
    regression: Regression,
}

/// The intents of a definition.
pub(super) struct Intents {
    vocabulary: Vocabulary,
    classes: Vec<Class>,
    phrases: Vec<(usize, Vec<String>)>,
    base: Classifier,
    after: BTreeMap<String, Classifier>,
}

struct Raw {
    class: usize,
    units: Vec<Unit>,
    trust: f64,
    nearness: f64,
}

impl Intents {
    /// Learns. `units_of` finds the values in an example.
    pub(super) fn new(
        offline: &Offline,
        languages: &[String],
        functions: &[FunctionInfo],
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
                raws.extend(each(&own.examples).map(|text| Raw { class, units: units_of(text), trust: 1.0, nearness: 1.0 }));
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
                if (1..=4).contains(&words.len()) {
                    phrases.push((i, words));
                }
                raws.push(Raw { class, units, trust: 1.0, nearness: 1.0 });
            }
        }
        phrases.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
        let all = raws.iter().chain(later.values().flatten());
        let vocabulary = Vocabulary::new(languages, all.flat_map(|r| &r.units).filter_map(Unit::word));
        let base = Classifier::train(&vocabulary, classes.len(), raws.iter(), None);
        let after = later
            .iter()
            .map(|(before, extra)| {
                let own = classes.iter().position(|c| *c == Class::Function(before.clone()));
                let all = raws.iter().chain(extra);
                (before.clone(), Classifier::train(&vocabulary, classes.len(), all, own))
            })
            .collect();
        Self { vocabulary, classes, phrases, base, after }
    }

    /// The vocabulary.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Reads a message; `done` is the function that was done last, for its follow-ups.
    pub(super) fn read(&self, particles: &Particles, message: &[Unit], done: Option<&str>) -> Reading {
        let classifier = done.and_then(|d| self.after.get(d)).unwrap_or(&self.base);
        // A follow-up may be a word that is small talk elsewhere ("yes, please").
        let whole = self.scores(classifier, message);
        if let Some((class, score, near)) = whole.best()
            && done.is_some_and(|d| self.after.contains_key(d))
            && near > 0.95
            && whole.margin(class) >= MARGIN
            && let Some(Class::Function(function)) = self.classes.get(class)
        {
            let wanted = vec![Wanted { function: function.clone(), score }];
            return Reading { ranking: self.ranking(&whole), wanted, smalltalk: None };
        }
        let (rest, stripped) = self.strip(message);
        let clauses = particles.clauses(&rest);
        let live: Vec<&Clause<'_>> = clauses
            .iter()
            .filter(|c| {
                !c.declines || self.scores(classifier, c.units).best().is_some_and(|(_, _, near)| near >= DECLINING_EXAMPLE)
            })
            .collect();
        let mut joined: Vec<Unit> = Vec::with_capacity(rest.len());
        for clause in &live {
            joined.extend_from_slice(clause.units);
            joined.push(Unit::Break);
        }
        let whole = if live.len() == clauses.len() {
            self.scores(classifier, &rest)
        } else {
            self.scores(classifier, &joined)
        };
        let ranking = self.ranking(&whole);
        let by_whole = self.confident(&whole);
        let mut by_clause: Vec<(&Clause<'_>, Wanted)> = Vec::new();
        if live.len() > 1 {
            for clause in &live {
                if let Some(wanted) = self.confident(&self.scores(classifier, clause.units)) {
                    by_clause.push((clause, wanted));
                }
            }
        }
        let wanted = settle(by_whole, by_clause);
        let smalltalk = if wanted.is_empty() { self.smalltalk(&whole, &rest, stripped) } else { None };
        Reading { wanted, smalltalk, ranking }
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
            let span = if end { part.len().checked_sub(length).and_then(|from| part.get(from..)) } else { part.get(..length) };
            let span = span?;
            // A single light word ("no", "ok") is small talk only when it is all that is said.
            if length == 1 && part.len() > 1 && words.first().is_some_and(|w| self.vocabulary.is_function_word(w)) {
                return None;
            }
            span.iter().zip(words).all(|(unit, word)| unit.word().is_some_and(|w| self.same(w, word))).then_some((*i, length))
        })
    }

    fn same(&self, said: &str, word: &str) -> bool {
        said == word || self.vocabulary.resolve(said).is_some_and(|(known, _)| known == word)
    }

    fn smalltalk(&self, whole: &Scores, rest: &[Unit], stripped: Option<usize>) -> Option<usize> {
        let learned = whole.best().filter(|(_, score, near)| *score >= CONFIDENT && *near >= NEAR);
        match learned.and_then(|(class, _, _)| self.classes.get(class)) {
            Some(Class::Smalltalk(i)) => Some(*i),
            _ if self.vocabulary.features(rest).telling == 0 && rest.iter().all(|u| u.word().is_some()) => {
                // "thanks a lot, John": what is left says nothing that is known.
                stripped.filter(|_| rest.len() <= 3)
            }
            _ => None,
        }
    }

    fn confident(&self, scores: &Scores) -> Option<Wanted> {
        let (class, score, near) = scores.best_of(|class| matches!(self.classes.get(class), Some(Class::Function(_))))?;
        let Some(Class::Function(function)) = self.classes.get(class) else { return None };
        // Small talk that fits better is small talk.
        let beaten = scores.best().is_some_and(|(top, s, _)| top != class && s - score >= MARGIN);
        (score >= CONFIDENT && near >= NEAR && !beaten && scores.margin(class) >= MARGIN)
            .then(|| Wanted { function: function.clone(), score })
    }

    fn ranking(&self, scores: &Scores) -> Vec<Wanted> {
        let mut ranking: Vec<Wanted> = self
            .classes
            .iter()
            .zip(&scores.0)
            .filter_map(|(class, (score, _))| match class {
                Class::Function(function) => Some(Wanted { function: function.clone(), score: *score }),
                Class::Smalltalk(_) => None,
            })
            .collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score));
        ranking
    }

    fn scores(&self, classifier: &Classifier, part: &[Unit]) -> Scores {
        let features = self.vocabulary.features(part);
        if features.known.is_empty() {
            return Scores(vec![(0.0, 0.0); self.classes.len()]);
        }
        classifier.scores(&features, &triples(part), self.classes.len())
    }
}

/// Score and nearness of each class.
struct Scores(Vec<(f64, f64)>);

impl Scores {
    fn best(&self) -> Option<(usize, f64, f64)> {
        self.best_of(|_| true)
    }

    fn best_of(&self, keep: impl Fn(usize) -> bool) -> Option<(usize, f64, f64)> {
        let all = self.0.iter().enumerate().map(|(class, (score, near))| (class, *score, *near));
        all.filter(|(class, _, _)| keep(*class)).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    fn margin(&self, class: usize) -> f64 {
        let own = self.0.get(class).map_or(0.0, |(score, _)| *score);
        let others = self.0.iter().enumerate().filter(|(other, _)| *other != class).map(|(_, (score, _))| *score);
        own - others.fold(0.0, f64::max)
    }
}

impl Classifier {
    fn train<'a>(
        vocabulary: &Vocabulary,
        classes: usize,
        raws: impl Iterator<Item = &'a Raw>,
        weakened: Option<usize>,
    ) -> Self {
        let raws: Vec<&Raw> = raws.collect();
        let features: Vec<Features> = raws.iter().map(|raw| vocabulary.features(&raw.units)).collect();
        let salience = Salience::learn(raws.iter().map(|r| r.class).zip(&features));
        let examples: Vec<Example> = raws
            .iter()
            .zip(&features)
            .map(|(raw, features)| Example {
                class: raw.class,
                vector: salience.vector(features),
                triples: triples(&raw.units),
                trust: raw.trust,
                // Right after a function its own examples give way to the follow-ups declared for it.
                nearness: if weakened == Some(raw.class) { 0.85 * raw.nearness } else { raw.nearness },
            })
            .collect();
        let samples: Vec<Sample<'_>> =
            examples.iter().map(|e| Sample { vector: &e.vector, class: e.class, weight: e.trust }).collect();
        let regression = Regression::train(classes, &samples);
        Self { examples, salience, regression }
    }

    fn scores(&self, features: &Features, letters: &BTreeSet<String>, classes: usize) -> Scores {
        let vector = self.salience.vector(features);
        let mut near = vec![0.0_f64; classes];
        for example in &self.examples {
            if let Some(best) = near.get_mut(example.class) {
                let alike = cosine(&vector, &example.vector);
                let alike = alike.max(0.8 * alike + 0.2 * dice(letters, &example.triples)) * example.nearness;
                *best = best.max(alike);
            }
        }
        let probabilities = self.regression.probabilities(&vector);
        Scores(probabilities.into_iter().zip(near).map(|(p, near)| (0.5 * p + 0.5 * near, near)).collect())
    }
}

/// One function for the message; several only when they are joined by "and" and both are requests.
fn settle(whole: Option<Wanted>, mut clauses: Vec<(&Clause<'_>, Wanted)>) -> Vec<Wanted> {
    let several = |list: &[(&Clause<'_>, Wanted)]| list.iter().any(|(_, w)| list.first().is_some_and(|(_, f)| f.function != w.function));
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
        (Some(w), Some(c)) if c.score > w.score => vec![c],
        (Some(w), _) => vec![w],
        (None, Some(c)) => vec![c],
        (None, None) => Vec::new(),
    }
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
