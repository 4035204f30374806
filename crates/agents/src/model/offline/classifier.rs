//! A classifier of messages: the probability of each class by what was learned, and the nearness of its best example.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::learn::{Regression, Sample};
use super::similarity::{Features, Salience, Vocabulary, dice, triples};
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
    /// How many character triples it has.
    triples: usize,
    nearness: f64,
}

/// A trained classifier.
pub(super) struct Classifier {
    examples: Vec<Example>,
    /// The examples that have a feature, and what it is worth in each.
    by_feature: HashMap<String, Vec<(usize, f64)>>,
    /// The examples that have a character triple.
    by_triple: HashMap<String, Vec<usize>>,
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
        let vectors: Vec<BTreeMap<String, f64>> = features.iter().map(|features| salience.vector(features)).collect();
        let samples: Vec<Sample<'_>> = raws
            .iter()
            .zip(&vectors)
            .map(|(raw, vector)| Sample { vector, class: raw.class, weight: raw.trust })
            .collect();
        let regression = Regression::train(classes, &samples);
        let mut examples = Vec::with_capacity(raws.len());
        let mut by_feature: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut by_triple: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, (raw, vector)) in raws.iter().zip(vectors).enumerate() {
            let letters = triples(&raw.units);
            // Right after a function its own examples give way to the follow-ups declared for it.
            let nearness = if weakened == Some(raw.class) { 0.85 * raw.nearness } else { raw.nearness };
            examples.push(Example { class: raw.class, triples: letters.len(), nearness });
            for (name, value) in vector {
                by_feature.entry(name).or_default().push((index, value));
            }
            for triple in letters {
                by_triple.entry(triple).or_default().push(index);
            }
        }
        Self { examples, by_feature, by_triple, salience, regression }
    }

    /// Scores a message.
    pub(super) fn scores(&self, features: &Features, letters: &BTreeSet<String>, classes: usize) -> Scores {
        let vector = self.salience.vector(features);
        let mut near = vec![0.0_f64; classes];
        for (example, (cosine, shared)) in self.examples.iter().zip(self.alike(&vector, letters)) {
            if let Some(best) = near.get_mut(example.class) {
                let dice = dice(shared, letters.len(), example.triples);
                *best = best.max(cosine.max(0.8 * cosine + 0.2 * dice) * example.nearness);
            }
        }
        let probabilities = self.regression.probabilities(&vector);
        Scores(probabilities.into_iter().zip(near).map(|(p, near)| (0.5 * p + 0.5 * near, near)).collect())
    }

    /// Of each example the cosine with the message, and how many character triples they share. Only those that share something
    /// are touched, or a bot of many functions would take its time.
    fn alike(&self, vector: &BTreeMap<String, f64>, letters: &BTreeSet<String>) -> Vec<(f64, usize)> {
        let mut alike = vec![(0.0, 0_usize); self.examples.len()];
        for (name, x) in vector {
            for (index, y) in self.by_feature.get(name).into_iter().flatten() {
                if let Some((cosine, _)) = alike.get_mut(*index) {
                    *cosine += x * y;
                }
            }
        }
        for index in letters.iter().filter_map(|triple| self.by_triple.get(triple)).flatten() {
            if let Some((_, shared)) = alike.get_mut(*index) {
                *shared += 1;
            }
        }
        alike
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::units;
    use super::*;

    fn scores(message: &str) -> Vec<f64> {
        let languages = ["es".to_owned(), "en".to_owned()];
        let raws: Vec<Raw> = [(0, "reclamo por mi pedido"), (1, "breakfast at the hotel")]
            .map(|(class, text)| Raw { class, units: units(text, &[]), trust: 1.0, nearness: 1.0 })
            .into();
        let words = raws.iter().flat_map(|raw| &raw.units).filter_map(Unit::word);
        let vocabulary = Vocabulary::new(&languages, words);
        let trained = Classifier::train(&vocabulary, 2, raws.iter(), None);
        let units = units(message, &[]);
        let Scores(scores) = trained.scores(&vocabulary.features(&units), &triples(&units), 2);
        scores.into_iter().map(|(_, near)| near).collect()
    }

    #[test]
    fn an_example_is_nearest_to_itself_and_unknown_words_take_away() {
        let same = scores("reclamo por mi pedido");
        assert!((same[0] - 1.0).abs() < 1e-9 && same[1] < 0.2, "{same:?}");
        let more = scores("reclamo por mi pedido zzzzzz wwwwwww");
        assert!(more[0] < 0.9 && more[0] > 0.5, "{more:?}");
        // Letters alone: a compound that no stemmer knows.
        let letters = scores("hotelbreakfastbuffet");
        assert!(letters[1] > letters[0], "{letters:?}");
    }
}
