//! The customer's explicit wish for a person.

use super::{
    Phrases, builtin,
    matching::{Phrase, Word, apart, clauses},
    of_languages,
};

/// Words that may stand between asking and whom: "to one of your colleagues".
const REACH: usize = 3;
/// Words that say nothing beside a one-word wish.
const COURTESY: &[&str] = &[
    "por", "favor", "porfa", "please", "pls", "un", "una", "a", "an", "um", "uma", "bitte", "ein", "eine", "einen",
    "svp", "plait", "sil", "vous", "te", "per", "favore", "prego", "ya", "now", "ahora", "agora",
];

/// The phrases of a wish.
#[derive(Debug, Clone)]
pub(super) struct Wishes {
    own: Vec<Phrase>,
    builtin: Vec<Asking>,
}

/// One language's way of asking.
#[derive(Debug, Clone)]
struct Asking {
    heads: Vec<Phrase>,
    people: Vec<Word>,
    whole: Vec<Phrase>,
}

impl Wishes {
    pub(super) fn new(own: &Phrases) -> Self {
        let (own, builtin) = of_languages(own, builtin::WISHES);
        let asking = |it: &&'static builtin::Wish| Asking {
            heads: it.heads.iter().map(|text| Phrase::new(text)).collect(),
            people: it.people.iter().copied().map(Word::new).collect(),
            whole: it.whole.iter().map(|text| Phrase::new(text)).collect(),
        };
        Self { own: own.into_iter().map(Phrase::new).collect(), builtin: builtin.iter().map(asking).collect() }
    }

    pub(super) fn heard_in(&self, text: &str) -> bool {
        let clauses = clauses(text);
        let own = |clause: &Vec<Word>| self.own.iter().any(|phrase| phrase.is_in(clause));
        clauses.iter().any(|clause| own(clause) || self.builtin.iter().any(|it| it.is_in(clause)))
            || self.builtin.iter().any(|it| it.is_all_of(text))
    }
}

impl Asking {
    fn is_in(&self, clause: &[Word]) -> bool {
        let asked = |head: &Phrase, start: usize| {
            let Some(end) = head.end_at(clause, start).filter(|_| !head.is_denied(clause, start)) else { return false };
            clause.iter().skip(end).take(REACH + 1).any(|word| self.is_person(word))
        };
        self.whole.iter().any(|phrase| phrase.is_in(clause))
            || self.heads.iter().any(|head| (0..clause.len()).any(|start| asked(head, start)))
    }

    /// A message that is nothing but "agent, please".
    fn is_all_of(&self, text: &str) -> bool {
        let words = apart(text);
        let said: Vec<&Word> = words.iter().filter(|word| !COURTESY.contains(&word.as_str())).collect();
        matches!(said.as_slice(), [word] if self.is_person(word))
    }

    fn is_person(&self, word: &Word) -> bool {
        self.people.iter().any(|person| word.is_like(person))
    }
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
