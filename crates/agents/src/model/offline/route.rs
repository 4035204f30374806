//! Which collaborator a message is for.

use super::OfflineModel;
use super::dialogue::Act;
use super::history::{Event, Last, events, split_last};
use super::passages::asks;
use super::state::State;
use super::text::plain_words;
use crate::model::{Candidate, ModelRequest, Route};

/// A reply to a question that another model asked is not longer than this, in words.
const SHORT: usize = 6;

impl OfflineModel {
    /// Routes the last message.
    pub(super) fn route(&self, request: &ModelRequest, candidates: &[Candidate], previous: Option<&str>) -> Route {
        let events = events(&request.messages, &[]);
        let (before, Last::Words(text)) = split_last(&events) else { return Route::Undecidable };
        let mut state = self.follow(before, None);
        let act = self.step(&mut state, text, None);
        let keep = || if previous.is_some() { Route::KeepPrevious } else { Route::Undecidable };
        let own = self.topics.knows(&request.agent_name);
        let mut recipients = self.recipients(&act, &state, candidates, text);
        if recipients.is_empty() && act == Act::Unclear && !own && is_new(&act, before, text) {
            recipients = self.knowing(candidates, text);
        }
        match recipients.as_slice() {
            [one] if matches!(act, Act::AskAgain) && previous == Some(one.as_str()) => Route::KeepPrevious,
            [one] => Route::Agent(one.clone()),
            [] if follows_up(&act, before, text) && !(own && is_new(&act, before, text)) => keep(),
            _ => Route::Undecidable,
        }
    }

    /// The agents that an act is for.
    pub(super) fn recipients(&self, act: &Act, state: &State, candidates: &[Candidate], text: &str) -> Vec<String> {
        let functions = match act {
            Act::Pursue(functions) => functions,
            Act::AskAgain => &state.pending,
            Act::Unclear => return self.by_instruction(candidates, text).into_iter().collect(),
            Act::Smalltalk(_) | Act::Answer(_) => return Vec::new(),
        };
        let mut names: Vec<String> = Vec::new();
        for function in functions {
            let owner = candidates.iter().find(|c| c.functions.contains(function));
            if let Some(owner) = owner.filter(|c| !names.contains(&c.name)) {
                names.push(owner.name.clone());
            }
        }
        names
    }

    /// Those who can look something up, where nobody was found to be closer to the message.
    pub(super) fn knowing(&self, candidates: &[Candidate], text: &str) -> Vec<String> {
        if self.asked_words(text).is_empty() {
            return Vec::new();
        }
        candidates.iter().filter(|c| !c.knowledge.is_empty()).map(|c| c.name.clone()).collect()
    }

    /// What an agent has beside functions is told by its instruction and what is said of its knowledge bases: the one that
    /// shares most words with the message.
    fn by_instruction(&self, candidates: &[Candidate], text: &str) -> Option<String> {
        let vocabulary = self.intents.vocabulary();
        let stems = |text: &str| -> Vec<String> {
            let words = plain_words(text).into_iter().filter(|w| !vocabulary.is_function_word(w));
            words.flat_map(|w| vocabulary.stems(&w).to_vec()).collect()
        };
        let said = stems(text);
        let shared = |candidate: &Candidate| {
            let own = stems(&format!("{} {}", candidate.instruction, candidate.knowledge.join(" ")));
            said.iter().filter(|s| own.contains(s)).count()
        };
        let mut ranked: Vec<(usize, &Candidate)> = candidates.iter().map(|c| (shared(c), c)).collect();
        ranked.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        let (most, best) = ranked.first()?;
        let next = ranked.get(1).map_or(0, |(n, _)| *n);
        let beside = best.functions.is_empty() || !best.knowledge.is_empty();
        (beside && *most > next).then(|| best.name.clone())
    }
}

/// Whether a message that was not understood asks something of its own, and is no reply to what was asked.
pub(super) fn is_new(act: &Act, before: &[Event<'_>], text: &str) -> bool {
    asks(text) || !follows_up(act, before, text)
}

/// A yes, a no, or a few words after a question.
pub(super) fn follows_up(act: &Act, before: &[Event<'_>], text: &str) -> bool {
    let asked = before.iter().rev().find_map(|e| match e {
        Event::Bot(said) | Event::Colleague { text: said, .. } => Some(said.trim_end().ends_with(['?', '？', '؟'])),
        Event::Customer { .. } | Event::Called { .. } | Event::Result { .. } | Event::Found { .. } => None,
    });
    match act {
        Act::AskAgain | Act::Answer(_) | Act::Pursue(_) => true,
        Act::Unclear => asked == Some(true) && plain_words(text).len() <= SHORT,
        Act::Smalltalk(_) => false,
    }
}
