//! Asking the customer before a function that requires it, and reading the answer.

use crate::{
    holder::Holder,
    phrases::{Consent, consent},
    policy::Policy,
    ports::{Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult},
    sessions::{Outgoing, Pending},
    texts::{builtin_confirm, text},
};

/// Part of the outbox that holds the question.
pub(super) const PART: &str = "confirm";
/// A value's longest part in the question.
const VALUE_CHARS: usize = 80;

/// Puts the question into the outbox, and what waits for its answer into the session.
pub(super) fn ask(
    holder: &mut Holder<'_>,
    invocation_id: String,
    inputs: Vec<FunctionInput>,
    results: Vec<Option<FunctionResult>>,
) {
    let config = &holder.bot.config;
    let language = holder.session.language.clone();
    let asked = inputs.iter().filter(|input| input.confirmation != Confirmation::NotNeeded);
    let mut questions: Vec<String> = Vec::new();
    for input in asked {
        let question = question(input, &config.policy, &language, &config.languages);
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    holder.session.pending = Some(Pending { invocation_id, inputs, results });
    let turn = holder.turn();
    turn.outbox.push(Outgoing { part: PART.into(), text: questions.join("\n"), sent: false });
    turn.complete = true;
    holder.session.failures = 0;
}

/// What the customer's words answer; nothing if they answer something else.
pub(super) fn answer(pending: &Pending, words: &str) -> Option<ConfirmationAnswer> {
    if pending.inputs.is_empty() {
        return None;
    }
    match consent(words) {
        Consent::Yes => Some(ConfirmationAnswer::Confirm),
        Consent::No => Some(ConfirmationAnswer::Deny),
        Consent::Other => None,
    }
}

/// The definition's words for the function, or those for all; no name of a function or a parameter is shown.
fn question(input: &FunctionInput, policy: &Policy, language: &str, languages: &[String]) -> String {
    let own = policy.confirmations.get(&input.function).map(|words| text(words, language, languages));
    if let Some(words) = own.filter(|words| !words.is_empty()) {
        let fill = |text: String, (name, value): &(String, String)| text.replace(&format!("{{{name}}}"), &head(value));
        return without_placeholders(&input.values().fold(words.to_owned(), fill));
    }
    let values: Vec<String> = input.values().map(|(_, value)| head(value)).collect();
    let words = match text(&policy.texts.confirm, language, languages) {
        "" => builtin_confirm(language),
        words => words,
    };
    let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
    words
        .replace("{values}", &values)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ?", "?")
        .replace(" .", ".")
}

/// A parameter that was not given leaves nothing behind.
fn without_placeholders(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        match after.split_once('}') {
            Some((name, behind)) if name.chars().all(|char| char.is_alphanumeric() || "_-".contains(char)) => {
                kept.push_str(before);
                rest = behind;
            }
            _ => {
                kept.push_str(before);
                kept.push('{');
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    kept
}

fn head(value: &str) -> String {
    let value = value.trim();
    match value.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::policy::{Texts, Words};

    fn input(parameters: &[(&str, &str)]) -> FunctionInput {
        FunctionInput {
            action_group: "Tickets".into(),
            function: "cutTicket".into(),
            agent_id: None,
            collaborator_name: None,
            parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: None,
            confirmation: Confirmation::AskAndRun,
        }
    }

    fn words(text: &str) -> Words {
        BTreeMap::from([("es".to_owned(), text.to_owned())])
    }

    fn asked(policy: &Policy, language: &str, parameters: &[(&str, &str)]) -> String {
        question(&input(parameters), policy, language, &["es".to_owned()])
    }

    #[test]
    fn a_functions_own_words_with_its_values() {
        let mut policy = Policy::of_texts(Texts::default());
        policy.confirmations.insert("cutTicket".into(), words("¿Abro un reclamo por el pedido {order_number}{note}?"));
        let parameters = [("order_number", "10020030"), ("description", "{note}")];
        assert_eq!(asked(&policy, "es", &parameters), "¿Abro un reclamo por el pedido 10020030?");
        policy.confirmations.insert("cutTicket".into(), words("¿{a b} y {description}?"));
        assert_eq!(
            asked(&policy, "es", &[("description", &"x".repeat(100))]),
            format!("¿{{a b}} y {}…?", "x".repeat(80))
        );
    }

    #[test]
    fn words_for_all_functions_show_values_and_no_names() {
        let mut policy = Policy::of_texts(Texts::default());
        let parameters = [("order_number", "10020030"), ("rut", "12345678-9")];
        let es = asked(&policy, "es", &parameters);
        assert!(es.contains("(10020030, 12345678-9)") && es.contains("confirm") && !es.contains("order"), "{es}");
        assert_ne!(asked(&policy, "en", &parameters), es);
        assert!(!asked(&policy, "xx", &[]).contains("()"), "{}", asked(&policy, "xx", &[]));
        policy.texts.confirm = words("¿Seguimos {values}?");
        assert_eq!(asked(&policy, "es", &[]), "¿Seguimos?");
        assert_eq!(asked(&policy, "es", &parameters), "¿Seguimos (10020030, 12345678-9)?");
    }
}
