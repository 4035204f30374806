//! The customer's answer to a question that wants a yes or a no.

use super::{answers, matching::words};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Yes, and nothing else.
    Yes,
    /// No, and nothing else.
    No,
    /// Something else, or more than that: it is for the agent to understand.
    Other,
}

/// Reads an answer. Only words that say nothing but yes or no count: whatever is done on a yes was not meant otherwise.
pub(super) fn read(text: &str) -> Consent {
    match text.trim() {
        "👍" | "👌" | "✅" | "✔️" => return Consent::Yes,
        "👎" | "❌" | "🚫" => return Consent::No,
        _ => {}
    }
    let words = words(text);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let known =
        |word: &String| [answers::YES, answers::NO, answers::FILLERS].iter().any(|list| list.contains(&word.as_str()));
    if words.is_empty() || !words.iter().all(known) {
        return Consent::Other;
    }
    match (any(answers::YES), any(answers::NO)) {
        (true, false) => Consent::Yes,
        (false, true) => Consent::No,
        _ => Consent::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_a_yes_and_a_no_is_a_no() {
        for text in [
            "sí",
            "Si, por favor",
            "dale",
            "ok",
            "Yes please!",
            "go ahead",
            "claro que",
            "👍",
            "sim",
            "ja bitte",
            "d'accord",
        ] {
            let expected = if text == "claro que" { Consent::Other } else { Consent::Yes };
            assert_eq!(read(text), expected, "{text}");
        }
        for text in ["no", "No, gracias", "mejor no", "nope", "don't do it", "cancelar", "não", "nein danke", "👎"] {
            assert_eq!(read(text), Consent::No, "{text}");
        }
        for text in [
            "",
            "?",
            "no, era el pedido 10020040",
            "sí, pero con otra dirección",
            "sí no sé",
            "yes but not today",
            "gracias",
            "quiero hablar con una persona",
            "10020030",
        ] {
            assert_eq!(read(text), Consent::Other, "{text}");
        }
    }
}
