//! The customer's language: one of those the bot speaks.

use whatlang::{Detector, Lang};

/// Below this many letters a text says little about its language to statistics.
const STATISTICS_NEED_LETTERS: usize = 24;

/// Finds the language in the customer's words, if they tell it clearly enough to change to it.
pub fn detect<'a>(text: &str, languages: &'a [String]) -> Option<&'a str> {
    let known: Vec<(&'a str, Lang)> =
        languages.iter().filter_map(|code| lang(code).map(|lang| (code.as_str(), lang))).collect();
    if known.len() < 2 {
        return None;
    }
    if let Some(code) = by_common_words(text, &known) {
        return Some(code);
    }
    if text.chars().filter(|char| char.is_alphabetic()).count() < STATISTICS_NEED_LETTERS {
        return None;
    }
    let detector = Detector::with_allowlist(known.iter().map(|(_, lang)| *lang).collect());
    let info = detector.detect(text).filter(whatlang::Info::is_reliable)?;
    known.iter().find(|(_, lang)| *lang == info.lang()).map(|(code, _)| *code)
}

/// The configured language for a tag such as `es-US`, if there is one.
pub(crate) fn matching<'a>(tag: &str, languages: &'a [String]) -> Option<&'a str> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let exact = languages.iter().find(|language| language.eq_ignore_ascii_case(tag.trim()));
    let wanted = primary(tag.trim());
    exact
        .or_else(|| languages.iter().find(|language| !wanted.is_empty() && primary(language) == wanted))
        .map(String::as_str)
}

fn lang(code: &str) -> Option<Lang> {
    Some(match code.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
        "es" => Lang::Spa,
        "en" => Lang::Eng,
        "pt" => Lang::Por,
        "fr" => Lang::Fra,
        "de" => Lang::Deu,
        "it" => Lang::Ita,
        "ca" => Lang::Cat,
        "nl" => Lang::Nld,
        "pl" => Lang::Pol,
        "sv" => Lang::Swe,
        "da" => Lang::Dan,
        "ru" => Lang::Rus,
        "uk" => Lang::Ukr,
        "tr" => Lang::Tur,
        "ar" => Lang::Ara,
        "he" => Lang::Heb,
        "ja" => Lang::Jpn,
        "ko" => Lang::Kor,
        "zh" => Lang::Cmn,
        "hi" => Lang::Hin,
        _ => return None,
    })
}

/// Chat messages are short: words that only one of the languages has tell more than statistics. A language must have
/// more of them than any other. Words of one letter are in none of the lists: they are typed by mistake, or mean
/// something in several languages ("llama a tu jefe").
fn by_common_words<'a>(text: &str, known: &[(&'a str, Lang)]) -> Option<&'a str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|char: char| !char.is_alphabetic() && char != '\'').collect();
    let mut counts: Vec<(usize, &'a str)> = known
        .iter()
        .map(|(code, lang)| {
            let common = common_words(*lang);
            let marks = if *lang == Lang::Spa { text.matches(['¿', '¡', 'ñ']).count() } else { 0 };
            (marks + words.iter().filter(|word| common.contains(word)).count(), *code)
        })
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counts.as_slice() {
        [(best, code), (second, _), ..] if best > second => Some(code),
        _ => None,
    }
}

fn common_words(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Spa => &[
            "hola", "el", "los", "las", "una", "y", "mi", "es", "está", "esta", "dónde", "donde", "qué", "cómo",
            "como", "cuándo", "cuando", "por", "para", "con", "quiero", "necesito", "tengo", "puedo", "gracias",
            "buenas", "buenos", "pedido", "hablar", "persona", "ayuda", "favor", "yo", "pero", "muy", "sí", "del",
            "al", "su",
        ],
        Lang::Eng => &[
            "hello", "hi", "the", "and", "is", "my", "where", "what", "how", "when", "why", "for", "with", "want",
            "need", "have", "can", "could", "thanks", "thank", "please", "order", "i'm", "i'd", "it", "of", "to",
            "you", "your", "yes", "not", "don't", "speak", "talk", "help", "this", "that", "are", "was", "would",
        ],
        Lang::Por => &[
            "olá", "oi", "o", "os", "uma", "e", "meu", "minha", "onde", "está", "quero", "preciso", "tenho", "posso",
            "obrigado", "obrigada", "bom", "você", "não", "com", "para", "pedido", "falar", "pessoa", "ajuda", "sim",
        ],
        Lang::Fra => &[
            "bonjour", "salut", "le", "les", "une", "et", "mon", "ma", "où", "est", "je", "veux", "voudrais", "besoin",
            "merci", "avec", "pour", "commande", "parler", "personne", "aide", "oui", "pas", "vous", "quand", "j'ai",
        ],
        Lang::Deu => &[
            "hallo",
            "der",
            "die",
            "das",
            "und",
            "ist",
            "mein",
            "meine",
            "wo",
            "wann",
            "ich",
            "möchte",
            "brauche",
            "habe",
            "kann",
            "danke",
            "bitte",
            "mit",
            "für",
            "bestellung",
            "sprechen",
            "hilfe",
            "ja",
            "nicht",
            "ein",
        ],
        Lang::Ita => &[
            "ciao", "il", "gli", "una", "e", "mio", "mia", "dove", "è", "voglio", "vorrei", "bisogno", "ho", "posso",
            "grazie", "con", "per", "ordine", "parlare", "persona", "aiuto", "sì", "non", "che", "quando", "come",
        ],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_words_tell_and_numbers_do_not() {
        let languages = vec!["es".to_owned(), "en".to_owned()];
        for (text, expected) in [
            ("¿Dónde está mi pedido?", Some("es")),
            ("donde ta mi pedido", Some("es")),
            ("where is my order", Some("en")),
            ("thanks!", Some("en")),
            ("gracias", Some("es")),
            ("10020030, 12345678-9", None),
            ("ok", None),
            ("", None),
            ("The parcel arrived completely broken and nobody answers", Some("en")),
            ("El paquete llegó completamente destruido y nadie responde", Some("es")),
        ] {
            assert_eq!(detect(text, &languages), expected, "{text}");
        }
        let more = vec!["de".to_owned(), "fr".to_owned(), "pt-BR".to_owned(), "it".to_owned()];
        assert_eq!(detect("Wo ist meine Bestellung?", &more), Some("de"));
        assert_eq!(detect("Onde está meu pedido?", &more), Some("pt-BR"));
        assert_eq!(detect("where is my order", &["en".to_owned()]), None, "nothing to choose");
    }

    #[test]
    fn a_tag_finds_its_language() {
        let languages = vec!["es".to_owned(), "pt-BR".to_owned()];
        for (tag, expected) in [
            ("es", Some("es")),
            ("es-US", Some("es")),
            ("ES_cl", Some("es")),
            ("pt", Some("pt-BR")),
            ("en", None),
            ("", None),
        ] {
            assert_eq!(matching(tag, &languages), expected, "{tag}");
        }
    }
}
