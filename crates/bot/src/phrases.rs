//! What is meant by the words of a message, told by phrases: a wish for a person, a promise to transfer, a question for
//! other words, a yes or a no. In every language that is built in, whatever languages the bot itself speaks; a
//! definition may put its own phrases in place of a language's.

mod answers;
mod clarification;
mod consent;
mod grammar;
mod lang;
mod matching;
mod offer;
mod own;
mod person;
mod promise;
mod sentence;
#[cfg(test)]
mod tables;
mod unspaced;
mod wish;
mod words_of;

use std::collections::BTreeMap;

pub(crate) use consent::Consent;

use crate::policy::Policy;
use matching::words;
use own::Spoken;

/// Phrases by language: `{es: ["hablar con una persona"]}`.
pub type Phrases = BTreeMap<String, Vec<String>>;

/// A policy's phrases, made ready once.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    wishes: wish::Wishes,
    promises: promise::Promises,
    clarifications: Vec<Spoken>,
    commands: Vec<Vec<String>>,
}

impl Listener {
    /// The phrases of a policy, the built-in ones of the languages for which it has none.
    pub(crate) fn new(policy: &Policy) -> Self {
        let handoff = &policy.handoff;
        Self {
            wishes: wish::Wishes::new(&handoff.wishes),
            promises: promise::Promises::new(&handoff.promises),
            clarifications: clarification::phrases(&handoff.clarifications),
            commands: policy.end_commands.values().flatten().map(|phrase| words(phrase)).collect(),
        }
    }

    /// Whether the customer asks for a person.
    pub(crate) fn is_wish(&self, text: &str) -> bool {
        self.wishes.heard_in(text)
    }

    /// Whether the agent says that it is transferring the customer to a person, as a fact and not as an offer.
    pub(crate) fn is_promise(&self, text: &str) -> bool {
        self.promises.heard_in(text)
    }

    /// Whether the agent says that it did not understand.
    pub(crate) fn is_clarification(&self, text: &str) -> bool {
        let sentences = sentence::sentences(text);
        self.clarifications.iter().any(|it| sentences.iter().any(|sentence| it.heard_in(sentence)))
    }

    /// Whether the message is, as a whole, one of the configured commands that end the chat.
    pub(crate) fn is_end_command(&self, text: &str) -> bool {
        let said = words(text);
        !said.is_empty() && self.commands.contains(&said)
    }
}

/// What the customer answers to a question that wants a yes or a no.
pub(crate) fn consent(text: &str) -> Consent {
    consent::read(text)
}

/// The same for two texts that a reader would call the same: without case, accents and punctuation.
pub(crate) fn likeness(text: &str) -> u64 {
    crate::fnv::fnv(&words(text).join(" "))
}
