//! What makes an offer of a promise: "if you like, I'll transfer you", "I can transfer you".

use super::{
    grammar::Clause,
    lang::Promise,
    sentence::Sentence,
    words_of::{Lexicon, entries},
};

/// How far into a clause a condition stands that governs what follows: "And if you like, ...".
const CONDITION_AT: usize = 3;
/// How far behind a promise a condition stands that governs it.
const REACH: usize = 12;

/// A language's ways of offering.
#[derive(Debug, Clone)]
pub(super) struct Offers {
    conditions: Vec<&'static str>,
    ifs: Vec<&'static str>,
    modals: Lexicon,
    relatives: Lexicon,
}

/// A clause with what is said around it, looked up once.
#[derive(Debug)]
pub(super) struct Around<'a> {
    offers: &'a Offers,
    sentence: &'a Sentence,
    clause: &'a Clause<'a>,
    /// Whether a condition in another clause governs it.
    governed: bool,
    condition: Option<usize>,
    modal: Option<usize>,
}

impl Offers {
    pub(super) fn new(promise: &Promise) -> Self {
        Self {
            conditions: entries(promise.conditions).collect(),
            ifs: entries(promise.ifs).collect(),
            modals: Lexicon::new(promise.modals),
            relatives: Lexicon::new(promise.relatives),
        }
    }

    /// Where the first condition stands that governs what follows it: near the beginning of a part of the sentence.
    pub(super) fn governing(&self, sentence: &Sentence) -> Option<usize> {
        let mut begun = 0;
        (0..sentence.said.len()).find(|at| {
            if sentence.commas.get(*at) == Some(&true) {
                begun = *at;
            }
            at - begun < CONDITION_AT && self.is_condition(sentence, *at)
        })
    }

    pub(super) fn around<'a>(
        &'a self,
        sentence: &'a Sentence,
        clause: &'a Clause<'a>,
        governing: Option<usize>,
    ) -> Around<'a> {
        let next = sentence.said.get(clause.at + clause.words.len()).map(String::as_str).unwrap_or_default();
        let conditional = |at: &usize| self.is_condition(sentence, clause.at + at);
        Around {
            offers: self,
            sentence,
            clause,
            governed: governing.is_some_and(|at| at < clause.at) || self.ifs.contains(&next),
            condition: (0..clause.words.len()).find(conditional),
            modal: clause.words.iter().position(|word| self.modals.has(word)),
        }
    }

    fn is_condition(&self, sentence: &Sentence, at: usize) -> bool {
        sentence.said.get(at).is_some_and(|said| self.conditions.contains(&said.as_str()))
    }
}

impl Around<'_> {
    /// Whether what is promised from here to there is only offered.
    pub(super) fn offer(&self, start: usize, end: usize) -> bool {
        let behind = self.clause.words.iter().enumerate().skip(end).take(REACH);
        let mut own = behind.take_while(|(_, word)| !self.offers.relatives.has(word));
        self.governed
            || self.condition.is_some_and(|at| at < start)
            || self.modal.is_some_and(|at| at < end)
            || own.any(|(at, _)| self.offers.is_condition(self.sentence, self.clause.at + at))
    }
}
