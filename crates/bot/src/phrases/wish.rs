//! The customer's explicit wish for a person.

use super::{
    Phrases,
    grammar::{COURTESY, Clause, Grammar, Speaker},
    lang::Language,
    matching::{Phrase, Word},
    own::{Spoken, of_languages},
    person::{People, Way},
    sentence::{Sentence, sentences},
    words_of::patterns,
};

/// Words that say nothing beside a wish that is one word.
const ARTICLES: &[&str] = &["un", "una", "a", "an", "um", "uma", "ein", "eine", "einen"];
/// How often an impatient customer may say it: "agent agent agent".
const SAID_OVER: usize = 8;

/// The phrases of a wish.
#[derive(Debug, Clone)]
pub(super) struct Wishes {
    own: Vec<Spoken>,
    builtin: Vec<Asking>,
}

/// One language's way of asking.
#[derive(Debug, Clone)]
struct Asking {
    grammar: Grammar,
    people: People,
    heads: Vec<Phrase>,
    wants: Vec<Phrase>,
    whole: Vec<Phrase>,
    alone: Vec<Phrase>,
}

impl Wishes {
    pub(super) fn new(own: &Phrases) -> Self {
        let (own, builtin) = of_languages(own, Speaker::Customer);
        Self { own, builtin: builtin.into_iter().map(Asking::new).collect() }
    }

    pub(super) fn heard_in(&self, text: &str) -> bool {
        let sentences = sentences(text);
        sentences.iter().any(|sentence| self.own.iter().any(|it| it.heard_in(sentence)))
            || self.builtin.iter().any(|it| it.is_in(&sentences))
    }
}

impl Asking {
    fn new(language: &'static Language) -> Self {
        let wish = &language.wish;
        Self {
            grammar: Grammar::new(&language.rules),
            people: People::new(&language.persons),
            heads: patterns(wish.heads),
            wants: patterns(wish.wants),
            whole: patterns(wish.whole),
            alone: patterns(wish.alone),
        }
    }

    fn is_in(&self, sentences: &[Sentence]) -> bool {
        sentences.iter().enumerate().any(|(number, sentence)| {
            if !self.people.are_in(&sentence.words) {
                return self.is_alone(&sentence.words);
            }
            let clauses = self.grammar.clauses(sentence, Speaker::Customer);
            let only = number + 1 == sentences.len() && clauses.len() == 1;
            let mut before: Option<&Clause<'_>> = None;
            clauses.iter().any(|clause| {
                let contradicted = before.replace(clause).is_some_and(Clause::has_no);
                self.is_asked(clause) || self.is_short(clause, only, contradicted)
            }) || self.is_alone(&sentence.words)
        })
    }

    /// Whether the clause asks for a person, in full.
    fn is_asked(&self, clause: &Clause<'_>) -> bool {
        let words = clause.words;
        let led = |phrases: &[Phrase], way: Way, at: usize| {
            phrases.iter().any(|phrase| {
                let person = phrase.end_at(words, at).and_then(|end| self.people.reached(words, end, way));
                person.is_some_and(|person| !clause.denies(at, person))
            })
        };
        let whole = |at: usize| {
            let is_person = |at: usize| self.people.is_person(words, at);
            let mut ends = self.whole.iter().filter_map(|phrase| phrase.end_with(words, at, is_person));
            ends.any(|end| !clause.denies(at, end))
        };
        (0..words.len()).any(|at| led(&self.heads, Way::Open, at) || led(&self.wants, Way::Close, at) || whole(at))
    }

    /// A person and nothing else, which is a wish as a message of its own, with a "please", or after "not a bot but".
    fn is_short(&self, clause: &Clause<'_>, only: bool, contradicted: bool) -> bool {
        let words = match clause.words {
            [first, rest @ ..] if self.grammar.is_contrast(first) => rest,
            words => words,
        };
        let polite = words.iter().any(|word| COURTESY.contains(&word.as_str()));
        if only {
            let said: Vec<&Word> = words.iter().filter(|word| !is_filler(word)).collect();
            let over = said.len() <= SAID_OVER && said.iter().all(|word| said.first() == Some(word));
            return (over || polite) && self.people.are_all(words, COURTESY);
        }
        (polite || contradicted) && self.people.are_all(words, COURTESY)
    }

    /// A sentence that is nothing but "transfer me, please".
    fn is_alone(&self, words: &[Word]) -> bool {
        let said: Vec<&Word> = words.iter().filter(|word| !is_filler(word)).collect();
        self.alone.iter().any(|phrase| {
            let wanted = phrase.words().iter().filter(|word| !is_filler(word));
            !said.is_empty()
                && wanted.clone().count() == said.len()
                && wanted.zip(&said).all(|(it, word)| word.is_like(it))
        })
    }
}

fn is_filler(word: &Word) -> bool {
    COURTESY.contains(&word.as_str()) || ARTICLES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_definitions_own_phrases() {
        let wishes = Wishes::new(&BTreeMap::from([
            ("es".to_owned(), vec!["hablar con una persona".to_owned(), "agente humano".to_owned()]),
            ("en".to_owned(), vec!["talk to a human".to_owned(), "real person".to_owned()]),
        ]));
        for text in [
            "Quiero hablar con una persona",
            "quiero HABLAR con una persona, por favor!!",
            "hablr con una presona ya",
            "¿puedo hablar ahora mismo con una persona?",
            "necesito un agénte humano",
            "I'd like to talk to a human",
            "let me talk to a real human please",
            "are you a bot? real person now",
            "No. Quiero hablar con una persona",
        ] {
            assert!(wishes.heard_in(text), "{text}");
        }
        for text in [
            "",
            "hola",
            "no quiero hablar con una persona",
            "I don't want to talk to a human",
            "hablar de una persona",
            "mi pedido es para una persona mayor",
            "talk to me",
            "con una persona hablar",
            "quiero un ejecutivo",
        ] {
            assert!(!wishes.heard_in(text), "{text}");
        }
    }

    #[test]
    fn an_empty_list_switches_a_language_off_and_the_others_stay() {
        let wishes = Wishes::new(&BTreeMap::from([("es-CL".to_owned(), Vec::new())]));
        assert!(!wishes.heard_in("quiero hablar con una persona"));
        assert!(wishes.heard_in("I want to speak with somebody"));
    }

    #[test]
    fn what_is_built_in() {
        let wishes = Wishes::new(&Phrases::new());
        for text in [
            "Quiero hablar con alguien de verdad",
            "me puedes comunicar con un ejecutivo?",
            "pásame con tu supervisor",
            "necesito que me atienda una persona",
            "quiero un humano ya",
            "¿me pueden llamar? quiero hablar con un agente",
            "asesor, por favor",
            "humano",
            "Can I speak to one of your representatives please",
            "connect me with an agent",
            "get me a human",
            "is there a real person I can chat with",
            "agent!",
            "I'd rather deal with a live agent",
            "quero falar com um atendente",
            "me passa para uma pessoa",
            "je voudrais parler à un conseiller",
            "Ich möchte mit einem Mitarbeiter sprechen",
            "verbinden Sie mich bitte mit einem Menschen",
            "vorrei parlare con un operatore",
        ] {
            assert!(wishes.heard_in(text), "{text}");
        }
        for text in [
            "",
            "hola",
            "¿dónde está mi pedido?",
            "un agente me dijo ayer que llegaba",
            "hablé con un ejecutivo y no me ayudó",
            "no quiero hablar con nadie",
            "no me pases con un agente",
            "el regalo es para una persona mayor",
            "I spoke to an agent yesterday",
            "don't connect me to an agent",
            "the delivery person was rude",
            "my travel agent booked it",
            "where is my order",
            "quiero hablar de mi pedido",
            "el humano que trajo el paquete",
            "pode me dizer onde está o meu pedido?",
            "Meine Bestellung ist nicht da",
        ] {
            assert!(!wishes.heard_in(text), "{text}");
        }
    }
}
