//! The agent says that it is transferring the customer: words that must not stay words.

use std::collections::HashSet;

use super::{
    Phrases,
    grammar::{Grammar, Speaker},
    lang::Language,
    matching::{Phrase, Word},
    offer::Offers,
    own::{Spoken, of_languages},
    person::{People, Way},
    sentence::{Sentence, sentences},
    words_of::{Lexicon, patterns},
};

/// Words that may stand between who does it and the verb: "I am now transferring".
const GAP: usize = 2;
/// Words that may follow where nobody is named.
const AT_ONCE_MAX: usize = 4;

/// The phrases of a promise.
#[derive(Debug, Clone)]
pub(super) struct Promises {
    own: Vec<Spoken>,
    builtin: Vec<Promising>,
}

/// One language's way of promising.
#[derive(Debug, Clone)]
struct Promising {
    grammar: Grammar,
    people: People,
    openers: Vec<Phrase>,
    verbs: Vec<Phrase>,
    alone: Vec<Phrase>,
    bare: Vec<Phrase>,
    whole: Vec<Phrase>,
    soon: Vec<Phrase>,
    /// The words with which verbs begin: most sentences have none of them.
    begun: HashSet<Word>,
    at_once: Lexicon,
    tags: Lexicon,
    offers: Offers,
}

impl Promises {
    pub(super) fn new(own: &Phrases) -> Self {
        let (own, builtin) = of_languages(own, Speaker::Agent);
        Self { own, builtin: builtin.into_iter().map(Promising::new).collect() }
    }

    pub(super) fn heard_in(&self, text: &str) -> bool {
        sentences(text).iter().any(|sentence| {
            !sentence.asks && self.own.iter().any(|it| it.heard_in(sentence))
                || self.builtin.iter().any(|it| it.is_in(sentence))
        })
    }
}

impl Promising {
    fn new(language: &'static Language) -> Self {
        let promise = &language.promise;
        let (verbs, alone) = (patterns(promise.verbs), patterns(promise.alone));
        let begun = verbs.iter().chain(&alone).filter_map(|verb| verb.words().first().cloned()).collect();
        Self {
            grammar: Grammar::new(&language.rules),
            people: People::new(&language.persons),
            openers: patterns(promise.openers),
            verbs,
            alone,
            begun,
            bare: patterns(promise.bare),
            whole: patterns(promise.whole),
            soon: patterns(promise.soon),
            at_once: Lexicon::new(promise.at_once),
            tags: Lexicon::new(promise.tags),
            offers: Offers::new(promise),
        }
    }

    fn is_in(&self, sentence: &Sentence) -> bool {
        let named = self.people.are_in(&sentence.words);
        if !named && !sentence.words.iter().any(|word| self.begun.contains(word)) {
            return false;
        }
        let clauses = self.grammar.clauses(sentence, Speaker::Agent);
        // A question promises nothing, unless it only asks whether that is all right.
        let stated = match clauses.as_slice() {
            [stated @ .., tag] if sentence.asks && tag.words.first().is_some_and(|word| self.tags.has(word)) => stated,
            _ if sentence.asks => &[],
            all => all,
        };
        let governing = self.offers.governing(sentence);
        stated.iter().any(|clause| {
            let around = self.offers.around(sentence, clause, governing);
            // What comes at a certain hour is no transfer.
            let timed = clause.words.iter().any(Word::is_number);
            let soon = clause.words.iter().any(|word| self.at_once.has(word));
            let arrives = |at: usize| {
                let whole = self.whole.iter().chain(self.soon.iter().filter(|_| soon)).filter(|_| named && !timed);
                let is_person = |at: usize| self.people.is_person(clause.words, at);
                whole.into_iter().find_map(|phrase| phrase.end_with(clause.words, at, is_person))
            };
            (0..clause.words.len()).any(|at| {
                let end = self.leads(clause.words, at).or_else(|| arrives(at));
                end.is_some_and(|end| !clause.denies(at, end) && !around.offer(at, end))
            })
        })
    }

    /// Where the promise ends whose verb begins here.
    fn leads(&self, words: &[Word], at: usize) -> Option<usize> {
        words.get(at).filter(|word| self.begun.contains(word))?;
        let led = self.verbs.iter().find_map(|verb| {
            let end = said_at(verb, words, at)?;
            let way = if leads(verb, &self.people) { Way::Open } else { Way::Either };
            let person = self.people.reached(words, end, way)?;
            self.is_opened(words, at, verb).then_some(person + 1)
        });
        led.or_else(|| {
            self.alone.iter().find_map(|verb| {
                let end = said_at(verb, words, at)?;
                let rest = words.get(end..)?;
                let at_once = rest.len() <= AT_ONCE_MAX && rest.iter().all(|word| self.at_once.has(word));
                (at_once && self.is_opened(words, at, verb)).then_some(end)
            })
        })
    }

    /// Whether somebody does what the verb says, as a statement.
    fn is_opened(&self, words: &[Word], at: usize, verb: &Phrase) -> bool {
        let bare = at == 0 && self.bare.iter().any(|bare| bare.words().first() == verb.words().first());
        bare || self.openers.iter().any(|opener| {
            let earliest = at.saturating_sub(opener.words().len() + 2 * GAP);
            let ends = (earliest..at).filter_map(|start| said_at(opener, words, start));
            ends.into_iter().any(|end| end <= at && at - end <= GAP)
        })
    }
}

/// Where the verb ends, if it begins here. Agents make no typos, and a typo away is another language's verb.
fn said_at(verb: &Phrase, words: &[Word], at: usize) -> Option<usize> {
    (verb.words().first() == words.get(at)).then(|| verb.end_at(words, at))?
}

/// Whether the verb ends with what leads to a person: "pass with".
fn leads(verb: &Phrase, people: &People) -> bool {
    verb.words().len() > 1 && verb.words().last().is_some_and(|word| people.is_to(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_told_from_an_offer() {
        let promises = Promises::new(&Phrases::new());
        for text in [
            "Claro. Te paso con una persona de nuestro equipo.",
            "Sí, te transfiero ahora mismo.",
            "Voy a transferirle con un ejecutivo, un momento.",
            "He escalado tu caso a un especialista.",
            "I'm transferring you to a human agent now.",
            "Understood! I'll connect you with one of our specialists.",
            "Transferring you now, please hold on.",
            "I have escalated this to our team.",
            "I will transfer you to an agent who can help.",
            "Vou te transferir para um atendente.",
            "Je vous transfère à un conseiller.",
            "Ich verbinde Sie jetzt mit einem Mitarbeiter.",
            "Ti passo un operatore.",
        ] {
            assert!(promises.heard_in(text), "{text}");
        }
        for text in [
            "",
            "¿Quieres que te pase con una persona?",
            "Si prefieres, te paso con una persona.",
            "Te paso con una persona si quieres.",
            "No te paso con una persona todavía.",
            "Te transfiero 500 euros a tu cuenta.",
            "Shall I transfer you to an agent?",
            "If you like, I'll transfer you to an agent.",
            "I can transfer you to an agent.",
            "I won't transfer you to an agent.",
            "I'm transferring the amount to your account.",
            "Once you confirm, I'll connect you with a specialist.",
            "Un ejecutivo revisó tu caso.",
            "Tu pedido llega mañana.",
        ] {
            assert!(!promises.heard_in(text), "{text}");
        }
        let own = Promises::new(&Phrases::from([("es".to_owned(), vec!["ya viene mi colega".to_owned()])]));
        assert!(own.heard_in("Tranquila, ya viene mi colega."));
        assert!(!own.heard_in("Te paso con una persona."), "a definition's phrases stand in place of the language's");
    }
}
