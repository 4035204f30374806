//! What a "no" in a sentence reaches: its clauses, by commas, by words of contrast, and by the words that begin a new
//! thought where the customer left the comma out ("esto no funciona quiero una persona").

use super::{
    matching::Word,
    sentence::Sentence,
    words_of::{Groups, Lexicon},
};

/// How far before a phrase a "no" of its clause turns it round.
const REACH_OF_NO: usize = 10;
/// Words that say nothing, between commas or beside a wish.
pub(super) const COURTESY: &[&str] = &[
    "por",
    "favor",
    "porfa",
    "porfavor",
    "please",
    "pls",
    "plz",
    "bitte",
    "svp",
    "plait",
    "sil",
    "s",
    "il",
    "vous",
    "te",
    "per",
    "favore",
    "prego",
    "piacere",
    "ya",
    "now",
    "ahora",
    "agora",
    "jetzt",
    "maintenant",
    "ora",
    "subito",
    "thanks",
    "gracias",
    "merci",
    "danke",
    "grazie",
    "asap",
    "mismo",
];

/// A language's rules, as they are written down: lists with commas, folded.
#[derive(Debug)]
pub(super) struct Rules {
    /// Words, or groups of them, that deny.
    pub(super) no: &'static str,
    /// Words that say that something cannot be done: who cannot reach a person wishes for one, who cannot transfer
    /// promises nothing.
    pub(super) unable: &'static str,
    /// Words that make a "no" before them, or right behind them, one of those.
    pub(super) able: &'static str,
    /// What before a "no" makes it a suggestion: "why don't you".
    pub(super) why: &'static str,
    /// Words that begin a clause which contradicts the last.
    pub(super) contrast: &'static str,
    /// Phrases that begin a clause, but behind a "no" or a bridge.
    pub(super) starts: &'static str,
    /// Phrases that always begin one: the language denies them in other words.
    pub(super) commands: &'static str,
    /// Words which tie what follows to what was said: "I don't think | I want".
    pub(super) bridges: &'static str,
    /// Words behind a comma with which the clause goes on.
    pub(super) goes_on: &'static str,
    /// A word anywhere behind a comma that says the same.
    pub(super) carried: &'static str,
}

/// A language's rules, made ready.
#[derive(Debug, Clone)]
pub(super) struct Grammar {
    no: Groups,
    unable: Lexicon,
    able: Lexicon,
    why: Groups,
    contrast: Lexicon,
    starts: Groups,
    commands: Groups,
    bridges: Lexicon,
    goes_on: Lexicon,
    carried: Lexicon,
}

/// Who speaks: what somebody cannot do, a customer may wish for all the more, and an agent does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    Customer,
    Agent,
}

/// A part of a sentence, in which a "no" reaches what follows it.
#[derive(Debug, Clone)]
pub(super) struct Clause<'a> {
    pub(super) words: &'a [Word],
    /// Where it begins in its sentence.
    pub(super) at: usize,
    /// Whether its words deny.
    noes: Vec<bool>,
}

impl Clause<'_> {
    /// Whether a "no" stands before the place, or between it and the end.
    pub(super) fn denies(&self, start: usize, end: usize) -> bool {
        let reached = self.noes.iter().take(end).skip(start.saturating_sub(REACH_OF_NO));
        reached.copied().any(|no| no)
    }

    /// Whether anything in it is denied.
    pub(super) fn has_no(&self) -> bool {
        self.noes.contains(&true)
    }
}

impl Grammar {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            no: Groups::new(rules.no),
            unable: Lexicon::new(rules.unable),
            able: Lexicon::new(rules.able),
            why: Groups::new(rules.why),
            contrast: Lexicon::new(rules.contrast),
            starts: Groups::new(rules.starts),
            commands: Groups::new(rules.commands),
            bridges: Lexicon::new(rules.bridges),
            goes_on: Lexicon::new(rules.goes_on),
            carried: Lexicon::new(rules.carried),
        }
    }

    /// Whether the word denies, wherever it stands.
    pub(super) fn is_no(&self, word: &Word) -> bool {
        self.no.has(word) || self.unable.has(word)
    }

    /// Whether the word begins a contradiction.
    pub(super) fn is_contrast(&self, word: &Word) -> bool {
        self.contrast.has(word)
    }

    /// The clauses of a sentence.
    pub(super) fn clauses<'a>(&self, sentence: &'a Sentence, speaker: Speaker) -> Vec<Clause<'a>> {
        let words = sentence.words.as_slice();
        let commas = self.commas(sentence);
        let begins = |at: &usize| *at == 0 || commas.get(*at) == Some(&true) || self.begins(words, *at);
        let starts: Vec<usize> = (0..words.len()).filter(begins).collect();
        let ends = starts.iter().copied().skip(1).chain([words.len()]);
        let clause = |(at, end): (usize, usize)| {
            let words = words.get(at..end).unwrap_or_default();
            let asks = sentence.asks && words.iter().any(|word| self.able.has(word));
            let no = |at: usize| self.denies(words, at, speaker, asks);
            Clause { words, at, noes: (0..words.len()).map(no).collect() }
        };
        starts.iter().copied().zip(ends).map(clause).collect()
    }

    fn denies(&self, words: &[Word], at: usize, speaker: Speaker, asks: bool) -> bool {
        let no = self.no.begin(words, at);
        if speaker == Speaker::Agent {
            return no || words.get(at).is_some_and(|word| self.unable.has(word));
        }
        if !no || asks {
            return false;
        }
        let around = words.iter().enumerate().take(at + 3).skip(at.saturating_sub(1));
        let unable = around.filter(|(near, _)| *near != at).any(|(_, word)| self.able.has(word));
        let suggested = self.why.end(words, at) && !self.starts.begin(words, at + 1);
        !unable && !suggested
    }

    /// Whether a clause begins here without a comma.
    fn begins(&self, words: &[Word], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|at| words.get(at)) else { return true };
        words.get(at).is_some_and(|word| self.is_contrast(word))
            || self.commands.begin(words, at)
            || self.starts.begin(words, at)
                && at + 1 < words.len()
                && !self.is_no(before)
                && !self.bridges.has(before)
                && !self.is_contrast(before)
    }

    /// Where a comma begins a clause: not around a "please", nor where the sentence goes on.
    fn commas(&self, sentence: &Sentence) -> Vec<bool> {
        let words = sentence.words.as_slice();
        let at: Vec<usize> = (0..words.len()).filter(|at| sentence.commas.get(*at) == Some(&true)).collect();
        let first = words.get(..at.first().copied().unwrap_or_default()).unwrap_or_default();
        let is_polite = |part: &[Word]| part.iter().all(|word| COURTESY.contains(&word.as_str()));
        let (mut begins, mut start, mut polite) = (vec![false; words.len()], 0, is_polite(first));
        for (number, comma) in at.iter().copied().enumerate() {
            let end = at.get(number + 1).copied().unwrap_or(words.len());
            let part = words.get(comma..end).unwrap_or_default();
            let begins_anew = (0..part.len()).any(|at| self.starts.begin(part, at));
            let goes_on = part.first().is_some_and(|first| self.goes_on.has(first))
                || !begins_anew && part.iter().any(|word| self.carried.has(word));
            let answered = matches!(words.get(start..comma), Some([word]) if self.is_no(word));
            let aside = !answered && is_polite(part);
            if !(goes_on || aside || polite) {
                start = comma;
                if let Some(begins) = begins.get_mut(comma) {
                    *begins = true;
                }
            }
            polite = aside;
        }
        begins
    }
}
