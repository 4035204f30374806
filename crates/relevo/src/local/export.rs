//! A contact as a conversation for `relevo test`: what the customer said, and what must be true again.
//!
//! Numbers, dates and the like that the customer did not bring along may be others next time (a ticket's number), so an
//! answer is expected by the words between them; where the customer says such a number later, it is kept from the answer.

use std::fmt::Write as _;

use relevo_connect::{
    api::{AttributeSource, Attributes, ContactInspection},
    item::{Item, ItemType, Role, parse_iso_time},
};
use serde_json::{Value, json};

use super::TraceEntry;

/// Shorter pieces of an answer say nothing.
const SHORTEST_PIECE: usize = 12;
/// So many pieces of an answer are expected.
const MOST_PIECES: usize = 3;
/// A number that the customer repeats is one from so many digits on.
const LEAST_DIGITS: usize = 4;

struct Turn {
    at_us: i64,
    customer: String,
    answers: Vec<String>,
}

/// The YAML; none: the customer said nothing before a person came.
pub(crate) fn conversation(inspection: &ContactInspection, items: &[Item], traces: &[TraceEntry]) -> Option<String> {
    let (greeting, mut turns) = held(items);
    if turns.is_empty() {
        return None;
    }
    let kept = keep(&mut turns);
    let given = given(inspection);
    let mut yaml = String::from("# Exported from a contact; expectations that are too strict may go.\n");
    let name = format!("contact {}", inspection.contact_id);
    line(&mut yaml, 0, &format!("- name: {}", text(&name)));
    if let Some(language) = given.get("language") {
        line(&mut yaml, 1, &format!("language: {}", text(language)));
    }
    let others: Vec<_> = given.iter().filter(|(key, _)| *key != "language").collect();
    if !others.is_empty() {
        line(&mut yaml, 1, "attributes:");
        for (key, value) in others {
            line(&mut yaml, 2, &format!("{}: {}", text(key), text(value)));
        }
    }
    let known = turns.iter().map(|turn| turn.customer.as_str()).collect::<Vec<_>>().join("\n");
    if let Some(pieces) = greeting.map(|greeting| pieces(&greeting, "")).filter(|pieces| !pieces.is_empty()) {
        line(&mut yaml, 1, &format!("greeting: {{contains: {}}}", list(&pieces)));
    }
    line(&mut yaml, 1, "turns:");
    for (number, turn) in turns.iter().enumerate() {
        line(&mut yaml, 2, &format!("- customer: {}", text(&turn.customer)));
        let until = turns.get(number + 1).map_or(i64::MAX, |next| next.at_us);
        let last = number + 1 == turns.len();
        let expected = expected(turn, until, last, inspection, traces, &known);
        if !expected.is_empty() {
            line(&mut yaml, 3, "expect:");
            for expectation in expected {
                line(&mut yaml, 4, &expectation);
            }
        }
        let own: Vec<_> = kept.iter().filter(|keep| keep.turn == number).collect();
        if !own.is_empty() {
            line(&mut yaml, 3, "keep:");
            for keep in own {
                line(&mut yaml, 4, &format!("{}: {}", keep.name, text(&keep.pattern)));
            }
        }
    }
    Some(yaml)
}

/// The greeting, and the turns up to the person's coming. The bot's first words are its greeting; messages that the
/// customer sent in a row are one turn, as they are for the bot.
fn held(items: &[Item]) -> (Option<String>, Vec<Turn>) {
    let (mut greeting, mut turns) = (None, Vec::<Turn>::new());
    for item in items {
        if item.participant_role == Some(Role::Agent) {
            break;
        }
        if item.r#type != ItemType::Message {
            continue;
        }
        let Some(content) = item.content.clone() else { continue };
        match item.participant_role {
            Some(Role::CustomBot) if greeting.is_none() => greeting = Some(content),
            Some(Role::CustomBot) => {
                if let Some(turn) = turns.last_mut() {
                    turn.answers.push(content);
                }
            }
            Some(Role::Customer) => {
                let at_us = parse_iso_time(&item.absolute_time).unwrap_or_default() * 1000;
                match turns.last_mut().filter(|turn| turn.answers.is_empty()) {
                    Some(turn) => turn.customer = format!("{}\n{content}", turn.customer),
                    None => turns.push(Turn { at_us, customer: content, answers: Vec::new() }),
                }
            }
            _ => {}
        }
    }
    (greeting, turns)
}

/// What the conversation begins with: the attributes that client and flow have set, without the hand-off's.
fn given(inspection: &ContactInspection) -> Attributes {
    let changes = inspection.attribute_changes.iter();
    let before = changes.take_while(|change| change.by != AttributeSource::Api);
    before.flat_map(|change| change.set.clone()).filter(|(_, value)| !value.is_empty()).collect()
}

struct Keep {
    turn: usize,
    name: String,
    pattern: String,
}

/// Numbers that the customer has from an answer: a later turn says them by name.
fn keep(turns: &mut [Turn]) -> Vec<Keep> {
    let mut kept: Vec<Keep> = Vec::new();
    for later in 1..turns.len() {
        let Some((before, [turn, ..])) = turns.split_at_mut_checked(later) else { continue };
        let numbers: Vec<String> = numbers(&turn.customer).map(str::to_owned).collect();
        for number in numbers {
            let said = |turn: &Turn| turn.customer.contains(&number);
            let at = before.iter().position(|turn| turn.answers.iter().any(|answer| answer.contains(&number)));
            let Some(at) = at.filter(|at| !before.iter().take(at + 1).any(said)) else { continue };
            let Some(answer) = before.get(at).map(|turn| turn.answers.join("\n")) else { continue };
            let name = format!("number{}", kept.len() + 1);
            let before_it = answer.split(number.as_str()).next().unwrap_or_default();
            let context: Vec<char> = before_it.chars().rev().take_while(|c| !c.is_numeric()).take(16).collect();
            let context: String = context.into_iter().rev().collect();
            let pattern = format!("{}(\\d{{{}}})", escaped(&context), number.len());
            turn.customer = turn.customer.replace(&number, &format!("${{{name}}}"));
            kept.push(Keep { turn: at, name, pattern });
        }
    }
    kept
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() >= LEAST_DIGITS)
}

/// For a regular expression.
fn escaped(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => pattern.push_str("\\s"),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => {
                pattern.push('\\');
                pattern.push(c);
            }
            c => pattern.push(c),
        }
    }
    pattern
}

fn expected(
    turn: &Turn,
    until: i64,
    last: bool,
    inspection: &ContactInspection,
    traces: &[TraceEntry],
    known: &str,
) -> Vec<String> {
    let mut expected = Vec::new();
    let pieces: Vec<String> = turn.answers.iter().flat_map(|answer| pieces(answer, known)).take(MOST_PIECES).collect();
    if !pieces.is_empty() {
        expected.push(format!("answer: {}", list(&pieces)));
    }
    let own: Vec<&Value> =
        traces.iter().filter(|it| it.at_us >= turn.at_us && it.at_us < until).map(|it| &it.trace).collect();
    if !own.is_empty() {
        let functions: Vec<String> = own.iter().filter_map(|trace| function(trace, known)).collect();
        expected.push(format!("functions: [{}]", functions.join(", ")));
    }
    let reason = inspection.attributes.get("escalationReason").filter(|_| last);
    match reason.map(String::as_str) {
        Some("customer_quit") | None => {}
        Some(reason) => expected.push(format!("handoff: {}", text(reason))),
    }
    expected
}

/// A function as it was called, with the arguments that the customer brought along.
fn function(trace: &Value, known: &str) -> Option<String> {
    let input = trace.pointer("/trace/orchestrationTrace/invocationInput/actionGroupInvocationInput")?;
    let part = |key: &str| input.get(key).and_then(Value::as_str);
    let name = if let Some(name) = part("function") {
        name.to_owned()
    } else {
        format!("{} {}", part("verb")?.to_uppercase(), part("apiPath")?)
    };
    let arguments: Vec<String> = input
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|parameter| {
            let (name, value) = (parameter.get("name")?.as_str()?, parameter.get("value")?.as_str()?);
            known.contains(value).then(|| format!("{}: {}", text(name), text(value)))
        })
        .collect();
    if arguments.is_empty() {
        return Some(text(&name));
    }
    Some(format!("{{name: {}, arguments: {{{}}}}}", text(&name), arguments.join(", ")))
}

/// The pieces of a text between what has digits in it that the customer did not bring along.
fn pieces(answer: &str, known: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in answer.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        // Marks of emphasis and links are not there where Markdown is not taken.
        let marked = word.contains(['*', '_', '`', '[', '#', '|', '<']);
        let changes = bare.chars().any(char::is_numeric) && !known.contains(bare);
        match pieces.last_mut() {
            Some(piece) if !changes && !marked => {
                if !piece.is_empty() {
                    piece.push(' ');
                }
                piece.push_str(word);
            }
            _ => pieces.push(String::new()),
        }
    }
    pieces.retain(|piece| piece.chars().count() >= SHORTEST_PIECE);
    pieces.truncate(MOST_PIECES);
    pieces
}

fn line(yaml: &mut String, depth: usize, text: &str) {
    // Writing to a text does not fail.
    let _ = writeln!(yaml, "{}{text}", "  ".repeat(depth));
}

/// A JSON text is a YAML text.
fn text(text: &str) -> String {
    json!(text).to_string()
}

fn list(texts: &[String]) -> String {
    json!(texts).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_expected_by_what_stays() {
        let answer = "Abrí el ticket 202412041233 para tu pedido 10020030. Te responderemos en menos de 24 horas.";
        let expected = ["Abrí el ticket", "para tu pedido 10020030. Te responderemos en menos de"];
        assert_eq!(pieces(answer, "mi pedido 10020030"), expected);
        assert_eq!(pieces("**Listo**, todo quedó registrado", ""), ["todo quedó registrado"]);
    }

    #[test]
    fn a_number_from_an_answer_is_kept_and_said_by_name() {
        let turn =
            |customer: &str, answer: &str| Turn { at_us: 0, customer: customer.into(), answers: vec![answer.into()] };
        let mut turns = [
            turn("pedido 10020030", "Tu ticket: 202412041233 (abierto)"),
            turn("¿y el 202412041233?", "abierto"),
            turn("el 10020030", "sí"),
        ];
        let kept = keep(&mut turns);
        assert_eq!(turns[1].customer, "¿y el ${number1}?");
        assert_eq!(turns[2].customer, "el 10020030");
        assert_eq!((kept.len(), kept[0].turn, kept[0].pattern.as_str()), (1, 0, "Tu\\sticket\\:\\s(\\d{12})"));
    }
}
