//! A classifier of messages: the probability of each class by what was learned, and the nearness of its best example.

use std::collections::{BTreeMap, BTreeSet};

use super::learn::{Regression, Sample};
use super::similarity::{Features, Salience, Vocabulary, cosine, dice, triples};
use super::text::Unit;

/// An example before it is learned.
pub(super) struct Raw {
    /// Class number.
    pub(super) class: usize,
    /// Its words and values.
    pub(super) units: Vec<Unit>,
    /// How much it counts in training; 1 for an example.
    pub(super) trust: f64,
    /// What being like it is worth; 1 for an example.
    pub(super) nearness: f64,
}

struct Example {
    class: usize,
    vector: BTreeMap<String, f64>,
    triples: BTreeSet<String>,
    trust: f64,
    nearness: f64,
}

/// A trained classifier.
pub(super) struct Classifier {
    examples: Vec<Example>,
    salience: Salience,
    regression: Regression,
}

/// Score and nearness of each class.
pub(super) struct Scores(pub(super) Vec<(f64, f64)>);

impl Scores {
    /// The best class, its score and nearness.
    pub(super) fn best(&self) -> Option<(usize, f64, f64)> {
        self.best_of(|_| true)
    }

    /// The best of some classes.
    pub(super) fn best_of(&self, keep: impl Fn(usize) -> bool) -> Option<(usize, f64, f64)> {
        let all = self.0.iter().enumerate().map(|(class, (score, near))| (class, *score, *near));
        all.filter(|(class, _, _)| keep(*class)).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// How far it is ahead of the next one.
    pub(super) fn margin(&self, class: usize) -> f64 {
        let own = self.0.get(class).map_or(0.0, |(score, _)| *score);
        let others = self.0.iter().enumerate().filter(|(other, _)| *other != class).map(|(_, (score, _))| *score);
        own - others.fold(0.0, f64::max)
    }
}

impl Classifier {
    /// Learns. `weakened` is the class whose examples count less for nearness.
    pub(super) fn train<'a>(
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

    /// Scores a message.
    pub(super) fn scores(&self, features: &Features, letters: &BTreeSet<String>, classes: usize) -> Scores {
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
