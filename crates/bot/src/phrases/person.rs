//! Whom a phrase leads to: the words for a person, and what may stand before them.

use super::{
    matching::Word,
    words_of::{Lexicon, likely},
};

/// Words that may stand between asking and whom: "to one of your colleagues".
const REACH: usize = 3;
/// Words until "to whom" is said: "I have escalated this case right away to".
const REACH_OF_TO: usize = 8;
/// Words that are a slip away from a person, and none.
const LOOKALIKES: &[&str] =
    &["algum", "beraten", "college", "colleges", "managed", "mitarbeiten", "specialise", "specialita", "specialite"];

/// A language's words for a person, as they are written down.
#[derive(Debug)]
pub(super) struct Persons {
    /// Those who could take over.
    pub(super) people: &'static str,
    /// Where such persons are: a team, a desk. Not told from a thing without "to" or "with".
    pub(super) desks: &'static str,
    /// What may stand before a person who is the whole object: articles, adjectives, "now".
    pub(super) between: &'static str,
    /// What leads to a person: "to", "with".
    pub(super) to: &'static str,
    /// What leads elsewhere: "for", "about", "who".
    pub(super) elsewhere: &'static str,
    /// What makes a thing, or somebody else, of the person before it: "agent number".
    pub(super) things: &'static str,
    /// Persons that are nobody without an article: "parler à personne".
    pub(super) nobody: &'static str,
}

/// The same, made ready.
#[derive(Debug, Clone)]
pub(super) struct People {
    named: Vec<Word>,
    desks: Vec<Word>,
    between: Lexicon,
    to: Lexicon,
    elsewhere: Lexicon,
    things: Lexicon,
    nobody: Lexicon,
}

/// How a phrase leads to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It ends with "to" or "with": any few words that do not lead elsewhere.
    Open,
    /// The person is its object: articles and the like alone.
    Close,
    /// The person is its object, or comes after a "to".
    Either,
}

impl People {
    pub(super) fn new(persons: &Persons) -> Self {
        Self {
            named: likely(persons.people),
            desks: likely(persons.desks),
            between: Lexicon::new(persons.between),
            to: Lexicon::new(persons.to),
            elsewhere: Lexicon::new(persons.elsewhere),
            things: Lexicon::new(persons.things),
            nobody: Lexicon::new(persons.nobody),
        }
    }

    /// Whether anybody is named: without, most phrases need not be looked for.
    pub(super) fn are_in(&self, words: &[Word]) -> bool {
        words.iter().any(|word| is_like_any(word, &self.named) || is_like_any(word, &self.desks))
    }

    /// Whether the word at this place is a person.
    pub(super) fn is_person(&self, words: &[Word], at: usize) -> bool {
        let Some(word) = words.get(at).filter(|word| is_like_any(word, &self.named)) else { return false };
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        !self.nobody.has(word) || before.is_some_and(|before| self.between.has(before))
    }

    /// Whether the word leads to a person.
    pub(super) fn is_to(&self, word: &Word) -> bool {
        self.to.has(word)
    }

    fn is_desk(&self, words: &[Word], at: usize) -> bool {
        words.get(at).is_some_and(|word| is_like_any(word, &self.desks))
    }

    /// Where the person is to whom the way leads that begins here.
    pub(super) fn reached(&self, words: &[Word], from: usize, way: Way) -> Option<usize> {
        let mut open = (way == Way::Open).then_some(0);
        for at in from..words.len().min(from + REACH_OF_TO) {
            let word = words.get(at)?;
            if self.is_person(words, at) {
                let thing = words.get(at + 1).is_some_and(|next| self.things.has(next));
                return (!thing).then_some(at);
            }
            if open.is_some() && self.is_desk(words, at) {
                return Some(at);
            }
            open = match open {
                _ if word.is_number() => return None,
                Some(REACH..) => return None,
                Some(_) if self.elsewhere.has(word) => return None,
                Some(count) => Some(count + 1),
                None if way == Way::Either && self.to.has(word) => Some(0),
                None if self.between.has(word) => None,
                None => return None,
            };
        }
        None
    }

    /// Whether the words are nothing but a person, whatever courtesy is around: "with a human please".
    pub(super) fn are_all(&self, words: &[Word], courtesy: &[&str]) -> bool {
        let mut named = 0;
        let fits = (0..words.len()).all(|at| {
            let Some(word) = words.get(at) else { return false };
            let person = self.is_person(words, at);
            named += usize::from(person);
            person || self.between.has(word) || self.to.has(word) || courtesy.contains(&word.as_str())
        });
        fits && named > 0
    }
}

fn is_like_any(word: &Word, list: &[Word]) -> bool {
    list.iter().any(|it| word.is_slip_of(it)) && !LOOKALIKES.contains(&word.as_str())
}
