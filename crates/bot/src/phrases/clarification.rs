//! The agent says that it did not understand.

use super::{
    Phrases,
    grammar::Speaker,
    own::{Spoken, of_languages},
    words_of::entries,
};

/// A definition's phrases and the built-in ones.
pub(super) fn phrases(own: &Phrases) -> Vec<Spoken> {
    let (own, builtin) = of_languages(own, Speaker::Agent);
    let builtin = builtin.into_iter().map(|it| Spoken::new(it.code, entries(it.clarifications), Speaker::Agent));
    own.into_iter().chain(builtin).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Listener, likeness};

    fn listener() -> Listener {
        Listener::new(&crate::policy::Policy::of_texts(crate::policy::Texts::default()))
    }

    #[test]
    fn what_is_no_answer_is_told_from_answers() {
        let listener = listener();
        for text in [
            "Lo siento, no entendí tu mensaje. ¿Puedes reformularlo?",
            "No te entiendo bien.",
            "Perdona, ¿podrías repetirlo?",
            "I'm sorry, I didn't understand that.",
            "I'm not sure what you mean. Could you rephrase?",
            "Desculpe, não entendi.",
            "Je n'ai pas compris votre demande.",
            "Das habe ich leider nicht verstanden.",
            "Non ho capito, scusa.",
        ] {
            assert!(listener.is_clarification(text), "{text}");
        }
        for text in [
            "",
            "Tu pedido llega mañana.",
            "¿Me das el número de pedido?",
            "Entiendo, lo siento mucho.",
            "You can also pay it in another way.",
            "I understand. Which order is it about?",
        ] {
            assert!(!listener.is_clarification(text), "{text}");
        }
    }

    #[test]
    fn the_same_words_are_alike() {
        assert_eq!(likeness("¿Me das el número?"), likeness("me das el numero"));
        assert_ne!(likeness("¿Me das el número?"), likeness("¿Me das el RUT?"));
    }
}
