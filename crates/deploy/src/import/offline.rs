//! What the offline model can be told of an imported bot: what its parameters look like, read off their descriptions.

use std::collections::BTreeMap;

use relevo_agents::words::words;
use serde_json::{Map, Value, json};

use crate::document::parts::list;

/// Words behind a number that counts digits, folded.
const DIGITS: [&str; 8] = ["digit", "digits", "digitos", "cifras", "numeros", "ziffern", "chiffres", "cifre"];
/// Names and descriptions of what a customer tells in words of their own.
const TOLD: [&str; 17] = [
    "description",
    "descripcion",
    "descricao",
    "issue",
    "problem",
    "problema",
    "reason",
    "motivo",
    "summary",
    "resumen",
    "resumo",
    "details",
    "matter",
    "subject",
    "asunto",
    "assunto",
    "comment",
];

/// `offline:` of a team's parameters, by name; nothing where nothing is known.
pub(super) fn of(agent: &Value) -> Option<Value> {
    let mut parameters = BTreeMap::new();
    collect(agent, &mut parameters);
    let known: Map<String, Value> =
        parameters.into_iter().filter_map(|(name, it)| Some((name.to_owned(), parameter(name, it)?))).collect();
    (!known.is_empty()).then(|| json!({"parameters": known}))
}

fn collect<'d>(agent: &'d Value, into: &mut BTreeMap<&'d str, &'d Value>) {
    let functions = list(agent, "actionGroups")
        .filter_map(|group| group.get("functionSchema"))
        .flat_map(|schema| list(schema, "functions"));
    for (name, parameter) in functions.filter_map(|function| function.get("parameters")?.as_object()).flatten() {
        into.entry(name).or_insert(parameter);
    }
    for collaborator in list(agent, "collaborators") {
        collect(collaborator, into);
    }
}

fn parameter(name: &str, document: &Value) -> Option<Value> {
    let description = document.get("description").and_then(Value::as_str).unwrap_or_default();
    let is_text = document.get("type").and_then(Value::as_str) == Some("string");
    let parts: Vec<String> = words(name.replace(['_', '-'], " ").as_str()).map(|(_, word)| word).collect();
    if is_text && parts.iter().any(|part| TOLD.contains(&part.as_str())) {
        return Some(json!({"fromConversation": true}));
    }
    let pattern = pattern(description).filter(|_| is_text)?;
    Some(json!({"patterns": [pattern]}))
}

/// "8 digits" is a pattern, and "8 digits, a dash and a digit or K" is another.
fn pattern(description: &str) -> Option<String> {
    let said: Vec<String> = words(description).map(|(_, word)| word).collect();
    let at = said.iter().position(|word| DIGITS.contains(&word.as_str()))?;
    let before: Vec<&String> = said.iter().take(at).rev().take(3).collect();
    let mut counts = before.iter().filter_map(|word| word.parse::<u8>().ok()).filter(|count| (2..=30).contains(count));
    let most = counts.next()?;
    let least = counts.next().unwrap_or(most).min(most);
    let count = if least == most { most.to_string() } else { format!("{least},{most}") };
    let dash = said.iter().skip(at).any(|word| {
        ["dash", "hyphen", "guion", "hifen", "traco", "bindestrich", "tiret", "trattino"].contains(&word.as_str())
    });
    let letter = said.iter().skip(at).any(|word| word == "k");
    Some(match (dash, letter) {
        (true, true) => format!(r"\b(\d{{{count}}} ?- ?[\dkK])\b"),
        (true, false) => format!(r"\b(\d{{{count}}} ?- ?\d+)\b"),
        (false, _) => format!(r"\b(\d{{{count}}})\b"),
    })
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn digits_that_are_counted_are_a_pattern() {
        for (description, expected) in [
            ("8-digit order number, such as 12345678", Some(r"\b(\d{8})\b")),
            ("The order's number, 8 digits.", Some(r"\b(\d{8})\b")),
            ("RUT: 7 u 8 dígitos, guion y dígito o K", Some(r"\b(\d{7,8} ?- ?[\dkK])\b")),
            ("8 consecutive digits, a dash and a digit or K", Some(r"\b(\d{8} ?- ?[\dkK])\b")),
            ("The name of the customer", None),
            ("digits", None),
        ] {
            assert_eq!(pattern(description).as_deref(), expected, "{description}");
        }
    }
}
