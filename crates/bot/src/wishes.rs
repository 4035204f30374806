//! An explicit wish for a person, in the phrases of the policy: without regard to case, accents, punctuation, small
//! typos and a few words in between.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// Words that may stand between two words of a phrase.
const GAP: usize = 2;
/// How far before the phrase a "no" turns it round.
const NEGATION_REACH: usize = 3;
const NEGATIONS: &[&str] = &[
    "no", "not", "dont", "don", "never", "without", "nunca", "sin", "jamas", "nao", "sem", "pas", "sans", "nicht",
    "kein", "keine", "keinen", "ohne", "non", "senza",
];

/// Whether the customer's words hold one of the phrases, of whichever language.
pub(crate) fn is_wish(text: &str, wishes: &BTreeMap<String, Vec<String>>) -> bool {
    let clauses: Vec<Vec<String>> = text.split(['.', '!', '?', '\n', ';']).map(words).collect();
    wishes.values().flatten().any(|phrase| {
        let phrase = words(phrase);
        !phrase.is_empty() && clauses.iter().any(|clause| holds(clause, &phrase))
    })
}

fn holds(clause: &[String], phrase: &[String]) -> bool {
    (0..clause.len()).any(|start| {
        let Some(rest) = clause.get(start..).filter(|rest| in_order(rest, phrase)) else { return false };
        let before = clause.get(start.saturating_sub(NEGATION_REACH)..start).unwrap_or_default();
        let own = phrase.iter().any(|word| NEGATIONS.contains(&word.as_str()));
        !rest.is_empty() && (own || !before.iter().any(|word| NEGATIONS.contains(&word.as_str())))
    })
}

/// Whether the words begin with the phrase, with at most [`GAP`] others before each further word.
fn in_order(words: &[String], phrase: &[String]) -> bool {
    let mut rest = words;
    for (number, wanted) in phrase.iter().enumerate() {
        let gap = if number == 0 { 0 } else { GAP };
        let Some(at) = rest.iter().take(gap + 1).position(|word| same(word, wanted)) else { return false };
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    true
}

/// Equal but for a typo: one in a word of five letters, two from nine on. Short words must be right.
fn same(word: &str, wanted: &str) -> bool {
    let letters = wanted.chars().count();
    let typos = match letters {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    word == wanted || (typos > 0 && strsim::osa_distance(word, wanted) <= typos)
}

fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|char| !unicode_normalization::char::is_combining_mark(*char)).collect();
    let folded = folded.to_lowercase().replace(['\'', '’'], "");
    folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_found_in_many_wordings_and_not_in_others() {
        let wishes = BTreeMap::from([
            ("es".to_owned(), vec!["hablar con una persona".to_owned(), "agente humano".to_owned()]),
            ("en".to_owned(), vec!["talk to a human".to_owned(), "real person".to_owned()]),
        ]);
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
            assert!(is_wish(text, &wishes), "{text}");
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
        ] {
            assert!(!is_wish(text, &wishes), "{text}");
        }
        assert!(!is_wish("anything", &BTreeMap::from([("en".to_owned(), vec![" ! ".to_owned()])])));
    }
}
