//! One condition of a key: what a policy's list holds.

use serde_json::Value;

use super::{
    amount::{Amount, Range},
    cidr::Cidr,
    leaves::{Leaf, Leaves},
    wildcard::Wildcard,
};

/// A condition (SNS developer guide, "String value matching", "Numeric value matching", "Key matching").
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Exists(bool),
    Is(Test),
    /// `anything-but`.
    NoneOf(Vec<Test>),
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Text(String),
    TextIgnoringCase(String),
    Prefix(String),
    Suffix(String),
    Wildcard(Wildcard),
    Cidr(Cidr),
    Number(Amount),
    Range(Range),
    Flag(bool),
    Null,
}

impl Condition {
    /// Reads an element of a key's list.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self::Is(Test::Text(text.clone()))),
            Value::Number(number) => Ok(Self::Is(Test::Number(Amount::read(number)?))),
            Value::Bool(flag) => Ok(Self::Is(Test::Flag(*flag))),
            Value::Null => Ok(Self::Is(Test::Null)),
            Value::Object(map) if map.len() == 1 => {
                map.iter().next().map_or_else(|| Err(FORM.into()), |(operator, operand)| operation(operator, operand))
            }
            Value::Object(_) | Value::Array(_) => Err(FORM.into()),
        }
    }

    /// Whether a message satisfies it: of several values at the path, one is enough. What is absent is not "anything
    /// but". `exists: false` "only matches if at least one attribute is present" (SNS developer guide, "Key matching").
    pub(super) fn holds(&self, leaves: &Leaves<'_>, path: &str) -> bool {
        let mut found = leaves.at(path);
        match self {
            Self::Exists(wanted) => found.any(Leaf::is_something) == *wanted && !leaves.is_empty(),
            Self::Is(test) => found.any(|leaf| test.holds(leaf)),
            Self::NoneOf(tests) => found.any(|leaf| !tests.iter().any(|test| test.holds(leaf))),
        }
    }

    /// What it asks for, where no text can be that.
    pub(super) fn beyond_text(&self) -> Option<&'static str> {
        match self {
            Self::Is(Test::Number(_)) => Some("a number"),
            Self::Is(Test::Range(_)) => Some("\"numeric\""),
            Self::Is(Test::Flag(_)) => Some("true or false"),
            Self::Is(Test::Null) => Some("null"),
            Self::Is(_) | Self::Exists(_) | Self::NoneOf(_) => None,
        }
    }
}

impl Test {
    fn holds(&self, leaf: &Leaf<'_>) -> bool {
        match (self, leaf) {
            (Self::Text(wanted), Leaf::Text(text)) => text == wanted,
            (Self::TextIgnoringCase(wanted), Leaf::Text(text)) => text.to_lowercase() == wanted.to_lowercase(),
            (Self::Prefix(prefix), Leaf::Text(text)) => text.starts_with(prefix.as_str()),
            (Self::Suffix(suffix), Leaf::Text(text)) => text.ends_with(suffix.as_str()),
            (Self::Wildcard(wildcard), Leaf::Text(text)) => wildcard.matches(text),
            (Self::Cidr(cidr), Leaf::Text(text)) => cidr.contains(text),
            (Self::Number(wanted), Leaf::Number(Some(amount))) => amount == wanted,
            (Self::Range(range), Leaf::Number(Some(amount))) => range.contains(*amount),
            (Self::Flag(wanted), Leaf::Flag(flag)) => flag == wanted,
            (Self::Null, Leaf::Null) => true,
            _ => false,
        }
    }
}

const FORM: &str = "a condition is a string, a number, true, false, null or an object with one operator";

const ANYTHING_BUT: &str = "\"anything-but\" takes a string or a number, a list of either, or an object with one of \
                            prefix, suffix, equals-ignore-case, wildcard";

fn operation(operator: &str, operand: &Value) -> Result<Condition, String> {
    match (operator, operand) {
        ("exists", Value::Bool(wanted)) => Ok(Condition::Exists(*wanted)),
        ("exists", _) => Err("\"exists\" takes true or false".into()),
        ("numeric", list) => Ok(Condition::Is(Test::Range(Range::read(list)?))),
        ("anything-but", refused) => Ok(Condition::NoneOf(refusals(refused)?)),
        ("cidr", Value::String(block)) => Ok(Condition::Is(Test::Cidr(Cidr::read(block)?))),
        ("cidr", _) => Err("\"cidr\" takes a string".into()),
        _ => match (comparison(operator), operand) {
            (Some(test), Value::String(text)) => Ok(Condition::Is(test(text)?)),
            (Some(_), _) => Err(format!("\"{operator}\" takes a string")),
            (None, _) => Err(format!(
                "there is no operator \"{operator}\"; there are prefix, suffix, equals-ignore-case, wildcard, cidr, \
                 numeric, anything-but and exists"
            )),
        },
    }
}

/// What `anything-but` refuses.
fn refusals(operand: &Value) -> Result<Vec<Test>, String> {
    if let Value::Object(map) = operand {
        let entry = map.iter().next().filter(|_| map.len() == 1);
        return match entry.and_then(|(operator, texts)| Some((comparison(operator)?, several(texts)))) {
            Some((test, texts)) if !texts.is_empty() => {
                texts.iter().map(|text| text.as_str().map_or_else(|| Err(ANYTHING_BUT.into()), test)).collect()
            }
            _ => Err(ANYTHING_BUT.into()),
        };
    }
    let values = several(operand);
    // AWS's matcher takes no list of both kinds.
    if values.is_empty() || !(values.iter().all(Value::is_string) || values.iter().all(Value::is_number)) {
        return Err(ANYTHING_BUT.into());
    }
    values
        .iter()
        .map(|value| match Condition::read(value)? {
            Condition::Is(test) => Ok(test),
            Condition::Exists(_) | Condition::NoneOf(_) => Err(ANYTHING_BUT.into()),
        })
        .collect()
}

/// How an operator's text becomes a test.
type Comparison = fn(&str) -> Result<Test, String>;

/// The operators that compare with a text, also under `anything-but`.
fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "prefix" => |text| Ok(Test::Prefix(text.into())),
        "suffix" => |text| Ok(Test::Suffix(text.into())),
        "equals-ignore-case" => |text| Ok(Test::TextIgnoringCase(text.into())),
        "wildcard" => |text| Ok(Test::Wildcard(Wildcard::read(text)?)),
        _ => return None,
    })
}

fn several(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}
