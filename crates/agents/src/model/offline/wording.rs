//! What the model says: the definition's templates, in the customer's language, and plain words where it has none.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::{Environment, State, UndefinedBehavior, Value as Jinja, context};
use serde_json::Value;

use super::OfflineError;
use super::lexicon::LANGUAGES;
use crate::definition::offline::{ByLanguage, Offline};
use crate::memo::Memo;

/// How many bytes of a definition's sentences are remembered.
const REMEMBERED: usize = 128 * 1_024;

/// The templates of a definition.
pub(super) struct Wording {
    environment: Environment<'static>,
    fallback: String,
    /// The sentences, by language.
    phrases: HashMap<(Phrase, String), String>,
    /// What is said when a function found nothing, in all languages, by its name.
    nothing: Memo<String, Arc<[String]>>,
}

/// A sentence every bot needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Phrase {
    /// Nothing was understood.
    Clarify,
    /// The reply had no such value.
    Retry,
    /// A function failed.
    Failed,
    /// Several values are missing.
    Ask,
    /// The knowledge bases have nothing.
    NotFound,
}

/// What templates are compiled and said in. A definition is held against it before.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.add_filter("date", date);
    environment
}

impl Wording {
    /// Compiles all templates.
    ///
    /// # Errors
    /// One does not parse.
    pub(super) fn new(offline: &Offline, languages: &[String]) -> Result<Self, OfflineError> {
        let mut environment = environment();
        let mut add = |place: &str, texts: &ByLanguage| -> Result<(), OfflineError> {
            for (language, text) in texts {
                let place = format!("{place}.{language}");
                environment
                    .add_template_owned(place.clone(), text.clone())
                    .map_err(|error| OfflineError::Template { place, reason: error.to_string() })?;
            }
            Ok(())
        };
        for (name, function) in &offline.functions {
            add(&format!("functions.{name}.say"), &function.say)?;
            add(&format!("functions.{name}.ask"), &function.ask)?;
        }
        for (i, talk) in offline.smalltalk.iter().enumerate() {
            add(&format!("smalltalk.{i}.say"), &talk.say)?;
        }
        for (phrase, texts) in [
            (Phrase::Clarify, &offline.clarify),
            (Phrase::Retry, &offline.retry),
            (Phrase::Failed, &offline.failed),
            (Phrase::Ask, &offline.ask),
            (Phrase::NotFound, &offline.not_found),
        ] {
            add(phrase.place(), texts)?;
        }
        let fallback = languages.first().cloned().unwrap_or_else(|| "en".into());
        let mut new = Self { environment, fallback, phrases: HashMap::new(), nothing: Memo::new(REMEMBERED) };
        let alone = [Phrase::Clarify, Phrase::Retry, Phrase::Failed, Phrase::NotFound];
        let each = languages.iter().flat_map(|language| alone.map(|phrase| (phrase, language.clone())));
        new.phrases =
            each.map(|(phrase, language)| ((phrase, language.clone()), new.phrase(phrase, &language))).collect();
        Ok(new)
    }

    /// The result of a function.
    pub(super) fn result(&self, function: &str, text: &str, parameters: &Value, language: &str) -> String {
        self.render_result(function, text, parameters, language).unwrap_or_else(|| plainly(&parsed(text)))
    }

    fn render_result(&self, function: &str, text: &str, parameters: &Value, language: &str) -> Option<String> {
        let context = context! { result => jinja(&parsed(text)), parameters => jinja(parameters), language };
        self.render(&format!("functions.{function}.say"), language, &context)
    }

    /// A piece of small talk.
    pub(super) fn smalltalk(&self, index: usize, language: &str) -> Option<String> {
        self.render(&format!("smalltalk.{index}.say"), language, &context! { language })
    }

    /// A sentence of the definition, else a built-in one.
    pub(super) fn phrase(&self, phrase: Phrase, language: &str) -> String {
        if let Some(said) = self.phrases.get(&(phrase, language.to_owned())) {
            return said.clone();
        }
        self.render(phrase.place(), language, &context! { language })
            .unwrap_or_else(|| phrase.built_in(language).to_owned())
    }

    /// That the knowledge bases have nothing, and what there is instead.
    pub(super) fn not_found(&self, language: &str) -> String {
        let instead = self.phrase(Phrase::Clarify, language);
        format!("{} {instead}", self.phrase(Phrase::NotFound, language))
    }

    /// Whether the bot said that a knowledge base has nothing.
    pub(super) fn is_not_found(&self, said: &str, languages: &[String]) -> bool {
        languages.iter().any(|language| said.starts_with(&self.phrase(Phrase::NotFound, language)))
    }

    /// Whether the bot said that a function failed.
    pub(super) fn is_failure(&self, said: &str, languages: &[String]) -> bool {
        languages.iter().any(|language| said.contains(&self.phrase(Phrase::Failed, language)))
    }

    /// Whether the bot said that a function found nothing: the words it has for that.
    pub(super) fn is_nothing(&self, function: &str, said: &str, languages: &[String]) -> bool {
        const NOTHING: &str = r#"{"found": false, "inserted": false}"#;
        let words = self.nothing.of(function.to_owned(), 256 * languages.len() + function.len(), |function| {
            let render = |language: &String| self.render_result(function, NOTHING, &Value::Null, language);
            languages.iter().filter_map(render).collect()
        });
        words.iter().any(|words| said.contains(words))
    }

    /// A question for several values at once.
    pub(super) fn ask(&self, function: &str, labels: &[String], language: &str) -> String {
        let missing = join(labels, language);
        let context = context! { missing => missing.as_str(), language };
        self.render(&format!("functions.{function}.ask"), language, &context)
            .or_else(|| self.render(Phrase::Ask.place(), language, &context))
            .unwrap_or_else(|| format!("{} {missing}", Phrase::Ask.built_in(language)))
    }

    fn render(&self, place: &str, language: &str, context: &Jinja) -> Option<String> {
        let template = self
            .environment
            .get_template(&format!("{place}.{language}"))
            .or_else(|_| self.environment.get_template(&format!("{place}.{}", self.fallback)))
            .ok()?;
        match template.render(context) {
            Ok(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
            Err(error) => {
                tracing::warn!(place, kind = ?error.kind(), "a wording could not be rendered");
                None
            }
        }
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn jinja(value: &Value) -> Jinja {
    match value {
        Value::Null => Jinja::from(()),
        Value::Bool(b) => Jinja::from(*b),
        Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(whole), _) => Jinja::from(whole),
            (None, Some(real)) => Jinja::from(real),
            (None, None) => Jinja::from(n.to_string()),
        },
        Value::String(text) => Jinja::from(text.as_str()),
        Value::Array(list) => list.iter().map(jinja).collect(),
        Value::Object(map) => Jinja::from_pairs(map.iter().map(|(key, value)| (key.as_str(), jinja(value)))),
    }
}

/// A text by language: the customer's, else the default's, else any.
pub(super) fn pick<'a>(texts: &'a ByLanguage, language: &str, fallback: &str) -> Option<&'a str> {
    texts.get(language).or_else(|| texts.get(fallback)).or_else(|| texts.values().next()).map(String::as_str)
}

/// "a, b and c".
fn join(items: &[String], language: &str) -> String {
    let and = LANGUAGES.iter().find(|l| l.code == language).map(|l| l.and);
    match (items.split_last(), and) {
        (Some((last, rest)), Some(and)) if !rest.is_empty() => format!("{} {and} {last}", rest.join(", ")),
        _ => items.join(", "),
    }
}

/// A result for which the definition has no words.
fn plainly(result: &Value) -> String {
    match result {
        Value::Object(map) => {
            let line =
                |(key, value): (&String, &Value)| format!("{}: {}", super::text::split_name(key), plainly(value));
            map.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Value::Array(list) => list.iter().map(plainly).collect::<Vec<_>>().join("\n"),
        Value::String(text) if !text.trim().is_empty() => text.clone(),
        Value::String(_) | Value::Null => "-".to_owned(),
        Value::Bool(_) | Value::Number(_) => result.to_string(),
    }
}

/// `{{ result.day | date }}`: 2024-08-06 as people of the template's language write it; anything else stays as it is.
fn date(state: &State<'_, '_>, value: Jinja) -> Jinja {
    let Some(text) = value.as_str() else { return value };
    let day = text.get(..10).unwrap_or(text);
    let language = state.lookup("language").and_then(|l| l.as_str().map(str::to_owned)).unwrap_or_default();
    let Ok(day) = day.parse::<jiff::civil::Date>() else { return value };
    let month = |names: &[&'static str]| {
        usize::try_from(day.month() - 1).ok().and_then(|i| names.get(i).copied()).unwrap_or_default()
    };
    let (number, year) = (day.day(), day.year());
    Jinja::from(match language.as_str() {
        "es" => format!("{number} de {} de {year}", month(&MONTHS_ES)),
        "pt" => format!("{number} de {} de {year}", month(&MONTHS_PT)),
        "en" => format!("{} {number}, {year}", month(&MONTHS_EN)),
        _ => day.to_string(),
    })
}

const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const MONTHS_PT: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Phrase {
    fn place(self) -> &'static str {
        match self {
            Self::Clarify => "clarify",
            Self::Retry => "retry",
            Self::Failed => "failed",
            Self::Ask => "ask",
            Self::NotFound => "notFound",
        }
    }

    fn built_in(self, language: &str) -> &'static str {
        match (self, language) {
            (Self::Clarify, "es") => "No estoy seguro de haber entendido. ¿Me lo puedes decir con otras palabras?",
            (Self::Clarify, "pt") => "Não tenho certeza de ter entendido. Pode me dizer com outras palavras?",
            (Self::Clarify, "fr") => "Je ne suis pas sûr d'avoir compris. Pouvez-vous le dire autrement ?",
            (Self::Clarify, "de") => "Das habe ich leider nicht verstanden. Können Sie es anders sagen?",
            (Self::Clarify, "it") => "Non sono sicuro di aver capito. Può dirlo con altre parole?",
            (Self::Clarify, _) => "I am not sure I understood. Could you say it in other words?",
            (Self::Retry, "es") => "No encontré ese dato en tu mensaje.",
            (Self::Retry, "pt") => "Não encontrei esse dado na sua mensagem.",
            (Self::Retry, "fr") => "Je n'ai pas trouvé cette information dans votre message.",
            (Self::Retry, "de") => "Diese Angabe habe ich in Ihrer Nachricht nicht gefunden.",
            (Self::Retry, "it") => "Non ho trovato questo dato nel suo messaggio.",
            (Self::Retry, _) => "I could not find that in your message.",
            (Self::Failed, "es") => "Lo siento, ahora mismo no pude hacerlo. ¿Lo intentamos de nuevo en un momento?",
            (Self::Failed, "pt") => "Desculpe, não consegui fazer isso agora. Tentamos de novo em um momento?",
            (Self::Failed, "fr") => "Désolé, cela n'a pas fonctionné. Voulez-vous réessayer dans un instant ?",
            (Self::Failed, "de") => {
                "Es tut mir leid, das hat gerade nicht geklappt. Versuchen wir es gleich noch einmal?"
            }
            (Self::Failed, "it") => "Mi dispiace, in questo momento non ci sono riuscito. Riproviamo tra poco?",
            (Self::Failed, _) => "I am sorry, that did not work just now. Shall we try again in a moment?",
            (Self::Ask, "es") => "Para ayudarte necesito:",
            (Self::Ask, "pt") => "Para ajudar, preciso de:",
            (Self::Ask, "fr") => "Pour vous aider, il me faut :",
            (Self::Ask, "de") => "Dafür brauche ich:",
            (Self::Ask, "it") => "Per aiutarla mi serve:",
            (Self::Ask, _) => "To help you I need:",
            (Self::NotFound, "es") => "No encontré información sobre eso.",
            (Self::NotFound, "pt") => "Não encontrei informações sobre isso.",
            (Self::NotFound, "fr") => "Je n'ai rien trouvé à ce sujet.",
            (Self::NotFound, "de") => "Dazu habe ich nichts gefunden.",
            (Self::NotFound, "it") => "Non ho trovato informazioni su questo.",
            (Self::NotFound, _) => "I found nothing about that.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wording(yaml: &str) -> Result<Wording, OfflineError> {
        Wording::new(&serde_saphyr::from_str(yaml).unwrap(), &["es".into(), "en".into()])
    }

    #[test]
    fn results_are_said_by_the_template_of_the_language() {
        let w = wording(
            "functions: {f: {say: {es: 'Llega el {{ result.day | date }}', en: 'It comes on {{ result.day | date }} ({{ parameters.n }}{{ result.no.such }})'}}}",
        )
        .unwrap();
        let result = r#"{"day": "2024-08-06"}"#;
        assert_eq!(w.result("f", result, &json!({}), "es"), "Llega el 6 de agosto de 2024");
        assert_eq!(w.result("f", result, &json!({"n": "7"}), "en"), "It comes on August 6, 2024 (7)");
        assert_eq!(w.result("f", result, &json!({}), "de"), "Llega el 2024-08-06", "the default language's template");
    }

    #[test]
    fn without_a_template_the_result_is_said_plainly() {
        let w = wording("{}").unwrap();
        assert_eq!(w.result("g", r#"{"room_number": 7}"#, &json!({}), "en"), "room number: 7");
        assert_eq!(w.result("g", "Done.", &json!({}), "en"), "Done.");
        assert_eq!(w.result("g", "null", &json!({}), "en"), "-");
    }

    #[test]
    fn what_is_missing_is_asked_together() {
        let w = wording("ask: {en: 'Please give me {{ missing }}.'}").unwrap();
        let labels = ["your name".to_owned(), "the date".to_owned(), "the room".to_owned()];
        assert_eq!(w.ask("f", &labels, "en"), "Please give me your name, the date and the room.");
    }

    #[test]
    fn a_broken_template_is_told_with_its_place() {
        let error = wording("functions: {f: {say: {es: '{{ oops'}}}").err().unwrap();
        assert!(error.to_string().contains("functions.f.say.es"), "{error}");
    }
}
