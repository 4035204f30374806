//! What the bot says by itself, in the customer's language.

use crate::policy::Words;

/// The text in the language, else in the default one (the first of `languages`), else any. Empty if there is none.
pub(crate) fn text<'a>(words: &'a Words, language: &str, languages: &[String]) -> &'a str {
    let default = languages.first().map(String::as_str).unwrap_or_default();
    let found = words.get(language).or_else(|| words.get(default)).or_else(|| words.values().next());
    found.map(|text| text.trim()).unwrap_or_default()
}

/// What the customer is asked before something that must be confirmed, where the definition has no words for it.
pub(crate) fn builtin_confirm(language: &str) -> &'static str {
    match language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "es" => "Antes de seguir necesito que lo confirmes. ¿Lo hago {values}? Responde sí o no.",
        "pt" => "Antes de continuar, preciso da sua confirmação. Posso fazer isso {values}? Responda sim ou não.",
        "fr" => "Avant de continuer, il me faut votre accord. Je le fais {values}? Répondez oui ou non.",
        "de" => {
            "Bevor ich weitermache, brauche ich Ihre Zustimmung. Soll ich das tun {values}? Antworten Sie mit ja oder nein."
        }
        "it" => "Prima di continuare mi serve la sua conferma. Lo faccio {values}? Risponda sì o no.",
        _ => "Before I go on I need you to confirm. Shall I do it {values}? Please answer yes or no.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_then_the_default_then_any() {
        let words = Words::from([("es".to_owned(), " hola ".to_owned()), ("en".to_owned(), "hi".to_owned())]);
        let languages = ["es".to_owned(), "en".to_owned(), "pt".to_owned()];
        assert_eq!(text(&words, "en", &languages), "hi");
        assert_eq!(text(&words, "pt", &languages), "hola");
        assert_eq!(text(&words, "pt", &["de".to_owned()]), "hi");
        assert_eq!(text(&Words::new(), "en", &languages), "");
    }
}
