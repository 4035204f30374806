//! Where a dialogue stands, and what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use super::OfflineModel;
use super::slots::Claim;
use crate::definition::agent::ParameterType;

/// A message of the customer, as it was understood.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The words.
    pub(super) text: String,
    /// The values in them.
    pub(super) claims: Vec<Claim>,
    /// The bot has answered it: it was looked up, or something was said that asks for nothing.
    pub(super) answered: bool,
}

/// Where the dialogue stands.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// Known values by parameter: the customer's, and those of functions.
    pub(super) values: BTreeMap<String, String>,
    /// Identifiers that the bot named.
    pub(super) named: BTreeMap<String, String>,
    /// Parameters of the last look-up that found nothing: not to be used again unasked.
    pub(super) stale: BTreeSet<String>,
    /// Functions that wait for values.
    pub(super) pending: Vec<String>,
    /// What the customer was asked for.
    pub(super) asked: Vec<String>,
    /// A person was asked for, and the one question was answered somehow: what is missing is not asked for again.
    pub(super) insisted: bool,
    /// Replies in a row that had nothing in them.
    pub(super) fruitless: usize,
    /// The function that was wanted last.
    pub(super) recent: Option<String>,
    /// The function that was done last.
    pub(super) done: Option<String>,
    /// What the customer told.
    pub(super) told: Vec<Told>,
}

impl State {
    /// What was told so far has its answer.
    pub(super) fn answered(&mut self) {
        self.told.iter_mut().for_each(|told| told.answered = true);
    }

    /// A known value.
    pub(super) fn value(&self, parameter: &str) -> Option<&String> {
        self.values.get(parameter).or_else(|| self.named.get(parameter))
    }
}

impl OfflineModel {
    /// What can be asked in one question: one free text, or yes and no, at most; a reply could not be told apart.
    pub(super) fn together(&self, missing: &[String]) -> Vec<String> {
        let mut free = false;
        let any = |p: &String| self.slots.is_free_text(p) || self.slots.type_of(p) == Some(ParameterType::Boolean);
        let one = |p: &&String| !any(p) || !std::mem::replace(&mut free, true);
        missing.iter().filter(one).cloned().collect()
    }

    /// Required parameters without a value that have to be asked for.
    pub(super) fn missing(&self, state: &State, functions: &[String]) -> Vec<String> {
        let mut missing: Vec<String> = Vec::new();
        for parameter in self.required_of(functions) {
            if state.value(&parameter).is_none() && !self.slots.is_composed(&parameter) && !missing.contains(&parameter)
            {
                missing.push(parameter);
            }
        }
        missing
    }

    /// The required parameters of functions.
    pub(super) fn required_of(&self, functions: &[String]) -> Vec<String> {
        let infos = functions.iter().filter_map(|f| self.function(f));
        infos.flat_map(|f| &f.parameters).filter(|(_, p)| p.required).map(|(name, _)| name.clone()).collect()
    }

    /// All parameters of functions.
    pub(super) fn parameters_of(&self, functions: &[String]) -> Vec<String> {
        let infos = functions.iter().filter_map(|f| self.function(f));
        infos.flat_map(|f| &f.parameters).map(|(name, _)| name.clone()).collect()
    }
}
