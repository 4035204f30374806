//! What a value should have been and what it is, in the words of who writes a definition: serde speaks of Rust's types.

use serde::de::Unexpected;

use super::{
    node::{Node, Scalar, Value},
    problem::suggest,
};

/// Longest text that is repeated in a message, in characters.
const REPEATED: usize = 40;

/// A fault's message and its hint.
pub(super) fn instead(expected: &str, found: &str) -> (String, Option<String>) {
    let hint = match expected {
        "a sequence" if found.starts_with("the text") => {
            Some("a list stands in brackets, `[a, b]`, or has `- ` before each item".to_owned())
        }
        "a sequence" if found == "a mapping" => Some("each item of a list begins with `- `".to_owned()),
        _ => None,
    };
    (format!("expected {} here, found {found}", in_words(expected)), hint)
}

/// A structure that is none: its keys are the hint.
pub(super) fn no_mapping(node: &Node, known: &[&str]) -> (String, Option<String>) {
    (format!("expected a mapping (`key: value`) here, found {}", found(node)), suggest("", known.iter().copied()))
}

/// One of several things that is none of them: their names are the hint.
pub(super) fn no_choice(node: &Node, known: &[&str]) -> (String, Option<String>) {
    let message = match &node.value {
        Value::Map(entries) => format!("expected exactly one key here, found {}", entries.len()),
        _ => format!("expected one of several keys here, found {}", found(node)),
    };
    (message, suggest("", known.iter().copied()))
}

/// serde's word for a value.
pub(super) fn unexpected(value: &Unexpected<'_>) -> String {
    match value {
        Unexpected::Str(text) => the_text(text),
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Unit | Unexpected::Option => "nothing".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a mapping".into(),
        other => other.to_string(),
    }
}

fn found(node: &Node) -> String {
    match &node.value {
        Value::Null => "nothing".into(),
        Value::Text(text) => the_text(text),
        Value::Scalar { scalar: Scalar::Bool(_), written } => format!("`{written}`"),
        Value::Scalar { written, .. } => format!("the number {written}"),
        Value::List(_) => "a list".into(),
        Value::Map(_) => "a mapping".into(),
    }
}

fn the_text(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(REPEATED).collect();
    let more = if short.len() < text.trim_end().len() { "…" } else { "" };
    format!("the text `{short}{more}`")
}

/// A Rust type as a person calls it.
fn in_words(expected: &str) -> String {
    let words = match expected {
        "a sequence" => "a list",
        "a map" => "a mapping (`key: value`)",
        "a string" | "a borrowed string" => "a text",
        "a boolean" => "`true` or `false`",
        "f32" | "f64" => "a number",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        other if other.starts_with("struct ") || other.starts_with("enum ") => "a mapping (`key: value`)",
        other => other,
    };
    words.to_owned()
}
