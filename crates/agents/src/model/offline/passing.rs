//! What an agent says when a reply to its question is not for it: the customer's words, in a sentence that anybody may
//! read, and that the supervisor takes apart again.

const SENTENCES: &[(&str, &str)] = &[
    ("en", "A colleague takes care of this: “"),
    ("es", "De esto se encarga un colega: “"),
    ("pt", "Um colega cuida disto: “"),
    ("fr", "Un collègue s'en occupe : “"),
    ("de", "Darum kümmert sich jemand anderes: “"),
    ("it", "Se ne occupa un collega: “"),
];
const END: char = '”';

/// Passes the customer's words on.
pub(super) fn pass_on(words: &str, language: &str) -> String {
    let own = SENTENCES.iter().find(|(code, _)| *code == language).or(SENTENCES.first());
    format!("{}{}{END}", own.map_or("", |(_, sentence)| sentence), words.trim())
}

/// The customer's words that were passed on.
pub(super) fn passed_on(said: &str) -> Option<&str> {
    let words = said.trim().strip_suffix(END)?;
    SENTENCES.iter().find_map(|(_, sentence)| words.strip_prefix(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_on_arrives_whole() {
        for language in ["es", "en", "sv"] {
            for words in ["quiero hablar con “alguien”", "I want\nto talk", ""] {
                assert_eq!(passed_on(&pass_on(words, language)), Some(words), "{language}");
            }
        }
        assert_eq!(passed_on("Your order is on its way."), None);
    }
}
