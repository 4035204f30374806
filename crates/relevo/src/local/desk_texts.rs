//! What the desk offers to be said and chosen: the definition's own, else a few that every desk needs.

use std::collections::BTreeMap;

use relevo_agents::definition::desk::Desk;
use serde::Serialize;

/// Quick texts by language, and outcomes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeskTexts {
    quick_texts: BTreeMap<String, Vec<String>>,
    outcomes: Vec<String>,
}

/// How a contact can come out, where the definition does not say: the page has words for these.
const OUTCOMES: [&str; 4] = ["resolved", "follow_up", "not_resolved", "no_answer"];

/// `{customer}` and `{agent}` are filled by the page.
const QUICK_TEXTS: [(&str, [&str; 3]); 6] = [
    (
        "en",
        [
            "Hello {customer}, this is {agent}. I have read what you wrote.",
            "One moment, please, I am looking into it.",
            "Is there anything else I can do for you?",
        ],
    ),
    (
        "es",
        [
            "Hola {customer}, le saluda {agent}. Ya leí lo que escribió.",
            "Un momento, por favor, lo estoy revisando.",
            "¿Puedo ayudarle en algo más?",
        ],
    ),
    (
        "pt",
        [
            "Olá {customer}, aqui é {agent}. Já li o que você escreveu.",
            "Um momento, por favor, estou verificando.",
            "Posso ajudar em mais alguma coisa?",
        ],
    ),
    (
        "fr",
        [
            "Bonjour {customer}, ici {agent}. J’ai lu vos messages.",
            "Un instant, s’il vous plaît, je vérifie.",
            "Puis-je faire autre chose pour vous ?",
        ],
    ),
    (
        "de",
        [
            "Guten Tag {customer}, hier ist {agent}. Ich habe alles gelesen.",
            "Einen Moment bitte, ich sehe nach.",
            "Kann ich sonst noch etwas für Sie tun?",
        ],
    ),
    (
        "it",
        [
            "Buongiorno {customer}, sono {agent}. Ho letto i suoi messaggi.",
            "Un momento, per favore, controllo subito.",
            "Posso aiutarla in altro?",
        ],
    ),
];

impl DeskTexts {
    /// Those of a definition. A language without texts of its own has the built-in ones, where there are any.
    pub(super) fn of(desk: &Desk, languages: &[String]) -> Self {
        let mut quick_texts = desk.quick_texts.clone();
        for (language, texts) in QUICK_TEXTS {
            if languages.iter().any(|it| it == language) {
                let texts = || texts.map(str::to_owned).to_vec();
                quick_texts.entry(language.to_owned()).or_insert_with(texts);
            }
        }
        let outcomes = match desk.outcomes.as_slice() {
            [] => OUTCOMES.map(str::to_owned).to_vec(),
            own => own.to_vec(),
        };
        Self { quick_texts, outcomes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_texts_go_before_the_built_in_ones_by_language() {
        let own = BTreeMap::from([("es".to_owned(), vec!["Hola".to_owned()])]);
        let desk = Desk { quick_texts: own, ..Desk::default() };
        let texts = DeskTexts::of(&desk, &["es".into(), "en".into(), "xx".into()]);
        assert_eq!(texts.quick_texts["es"], ["Hola"]);
        assert_eq!(texts.quick_texts["en"].len(), 3);
        assert!(!texts.quick_texts.contains_key("xx") && !texts.quick_texts.contains_key("fr"));
        assert_eq!(texts.outcomes.len(), 4);
    }
}
