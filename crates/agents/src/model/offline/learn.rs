//! A small multinomial logistic regression, trained when the bot is loaded, on its own examples only. Fixed order, fixed
//! number of steps: the same definition gives the same weights.

use std::collections::{BTreeMap, HashMap};

/// One example: features of unit length, its class, how much it counts.
pub(super) struct Sample<'a> {
    /// Features.
    pub(super) vector: &'a BTreeMap<String, f64>,
    /// Class number.
    pub(super) class: usize,
    /// 1 for an example.
    pub(super) weight: f64,
}

/// The trained weights.
#[derive(Debug, Default)]
pub(super) struct Regression {
    classes: usize,
    rows: HashMap<String, Vec<f64>>,
}

const ROUNDS: usize = 30;
const RATE: f64 = 1.2;
const DECAY: f64 = 0.0005;

impl Regression {
    /// Trains.
    pub(super) fn train(classes: usize, samples: &[Sample<'_>]) -> Self {
        let mut rows: HashMap<String, Vec<f64>> = HashMap::new();
        let mut sizes = vec![0.0; classes];
        for sample in samples {
            if let Some(size) = sizes.get_mut(sample.class) {
                *size += sample.weight;
            }
            for name in sample.vector.keys() {
                rows.entry(name.clone()).or_insert_with(|| vec![0.0; classes]);
            }
        }
        let filled = sizes.iter().filter(|s| **s > 0.0).count().max(1);
        let mean = sizes.iter().sum::<f64>() / super::text::real(filled);
        let mut trained = Self { classes, rows };
        let order = interleaved(samples, classes);
        for _ in 0..ROUNDS {
            for sample in order.iter().filter_map(|i| samples.get(*i)) {
                let size = sizes.get(sample.class).copied().unwrap_or(mean);
                let balance = (mean / size.max(1.0)).sqrt().clamp(0.5, 2.0);
                trained.step(sample, RATE * sample.weight * balance);
            }
        }
        trained
    }

    fn step(&mut self, sample: &Sample<'_>, rate: f64) {
        let mut error = self.probabilities(sample.vector);
        if let Some(own) = error.get_mut(sample.class) {
            *own -= 1.0;
        }
        for (name, x) in sample.vector {
            if let Some(row) = self.rows.get_mut(name) {
                for (weight, error) in row.iter_mut().zip(&error) {
                    *weight -= rate * (error * x + DECAY * *weight);
                }
            }
        }
    }

    /// The probability of each class.
    pub(super) fn probabilities(&self, vector: &BTreeMap<String, f64>) -> Vec<f64> {
        let mut logits = vec![0.0; self.classes];
        for (name, x) in vector {
            if let Some(row) = self.rows.get(name) {
                for (logit, weight) in logits.iter_mut().zip(row) {
                    *logit += x * weight;
                }
            }
        }
        let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logits.iter().map(|l| (l - top).exp()).sum();
        logits.iter().map(|l| (l - top).exp() / total).collect()
    }
}

/// One of each class in turn, so that no class has the last word.
fn interleaved(samples: &[Sample<'_>], classes: usize) -> Vec<usize> {
    let mut seen = vec![0_usize; classes];
    let mut order: Vec<(usize, usize, usize)> = samples
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let turn = seen.get_mut(sample.class).map_or(0, |n| {
                *n += 1;
                *n
            });
            (turn, sample.class, i)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(words: &[&str]) -> BTreeMap<String, f64> {
        let x = 1.0 / f64::from(u32::try_from(words.len()).unwrap()).sqrt();
        words.iter().map(|w| ((*w).to_owned(), x)).collect()
    }

    #[test]
    fn learns_what_tells_the_classes_apart() {
        let data = [vector(&["the", "order"]), vector(&["the", "person"]), vector(&["an", "order"])];
        let samples: Vec<Sample<'_>> =
            data.iter().zip([0, 1, 0]).map(|(vector, class)| Sample { vector, class, weight: 1.0 }).collect();
        let trained = Regression::train(2, &samples);
        assert!(trained.probabilities(&vector(&["order"]))[0] > 0.8);
        assert!(trained.probabilities(&vector(&["person"]))[1] > 0.8);
        let nothing = trained.probabilities(&vector(&["unseen"]));
        assert!((nothing[0] - 0.5).abs() < 1e-9, "what was never seen decides nothing");
    }

    #[test]
    fn nothing_to_learn_from_is_no_error() {
        assert!(Regression::train(0, &[]).probabilities(&BTreeMap::new()).is_empty());
    }
}
