//! The agent says that it is transferring the customer: words that must not stay words.

use super::{
    Phrases, builtin,
    matching::{Phrase, Word, apart},
    of_languages,
};

/// Words that may stand between saying so and to whom.
const REACH: usize = 4;
/// Words that may follow where nobody is named.
const AT_ONCE_MAX: usize = 4;

/// The phrases of a promise.
#[derive(Debug, Clone)]
pub(super) struct Promises {
    own: Vec<Phrase>,
    builtin: Vec<Promising>,
}

/// One language's way of promising.
#[derive(Debug, Clone)]
struct Promising {
    heads: Vec<Phrase>,
    people: Vec<Word>,
    words: &'static builtin::Promise,
}

impl Promises {
    pub(super) fn new(own: &Phrases) -> Self {
        let (own, builtin) = of_languages(own, builtin::PROMISES);
        let ready = |it: &'static builtin::Promise| Promising {
            heads: it.heads.iter().map(|text| Phrase::new(text)).collect(),
            people: it.people.iter().copied().map(Word::new).collect(),
            words: it,
        };
        Self { own: own.into_iter().map(Phrase::new).collect(), builtin: builtin.into_iter().map(ready).collect() }
    }

    pub(super) fn heard_in(&self, text: &str) -> bool {
        sentences(text).iter().any(|sentence| {
            let clause = apart(sentence);
            self.own.iter().any(|phrase| phrase.is_in(&clause))
                || self.builtin.iter().any(|it| {
                    !is_conditional(sentence, it.words) && it.heads.iter().any(|head| it.is_made(&clause, head))
                })
        })
    }
}

/// The sentences that state something: a question promises nothing.
fn sentences(text: &str) -> Vec<&str> {
    let ends = |char: char| matches!(char, '.' | '!' | '?' | '\n' | ';');
    text.split_inclusive(ends).filter(|sentence| !sentence.ends_with('?')).collect()
}

fn is_conditional(sentence: &str, promise: &builtin::Promise) -> bool {
    let lower = sentence.to_lowercase();
    let mut said = lower.split(|char: char| !char.is_alphanumeric());
    said.any(|word| promise.conditions.contains(&word))
}

impl Promising {
    fn is_made(&self, clause: &[Word], head: &Phrase) -> bool {
        (0..clause.len()).any(|start| {
            let Some(end) = head.end_at(clause, start).filter(|_| !head.is_denied(clause, start)) else { return false };
            let rest = clause.get(end..).unwrap_or_default();
            let person = |word: &Word| self.people.iter().any(|person| word.is_like(person));
            let at_once = |word: &Word| self.words.at_once.contains(&word.as_str());
            rest.iter().take(REACH + 1).any(person) || rest.len() <= AT_ONCE_MAX && rest.iter().all(at_once)
        })
    }
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
