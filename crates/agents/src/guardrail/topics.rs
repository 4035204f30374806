//! Denied topics, by the telling words of their examples.

use std::collections::BTreeSet;

use super::config::TopicPolicy;
use crate::model::offline::Telling;

/// How much of an example's telling words a text must have.
const ENOUGH: f64 = 0.75;

/// The topics of a guardrail.
#[derive(Debug, Clone)]
pub(super) struct Topics {
    telling: Telling,
    topics: Vec<Topic>,
}

#[derive(Debug, Clone)]
struct Topic {
    name: String,
    /// Of each example its words, of each word its stems in the bot's languages.
    examples: Vec<Vec<BTreeSet<String>>>,
}

impl Topics {
    pub(super) fn new(policy: &TopicPolicy, languages: &[String]) -> Self {
        let telling = Telling::new(languages);
        let topics = policy.topics_config.iter().map(|topic| Topic {
            name: topic.name.clone(),
            examples: topic.examples.iter().map(|example| telling.words(example)).filter(|w| !w.is_empty()).collect(),
        });
        let topics = topics.collect();
        Self { telling, topics }
    }

    /// The names of the topics that a text is on.
    pub(super) fn find<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a str> {
        let words: BTreeSet<String> = if self.topics.is_empty() {
            BTreeSet::new()
        } else {
            self.telling.words(text).into_iter().flatten().collect()
        };
        self.topics
            .iter()
            .filter(move |topic| topic.examples.iter().any(|example| is_like(example, &words)))
            .map(|t| t.name.as_str())
    }
}

fn is_like(example: &[BTreeSet<String>], text: &BTreeSet<String>) -> bool {
    let shared = example.iter().filter(|word| !word.is_disjoint(text)).count();
    // A word alone may mean anything, unless it is the whole example.
    let least = if example.len() == 1 { 1 } else { 2 };
    let share = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    shared >= least && share(shared) >= ENOUGH * share(example.len())
}
