//! What a policy is held against: the leaves of a message, each under its path.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::amount::Amount;

/// A value of a message, as conditions see it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf<'a> {
    Text(&'a str),
    /// None: out of the range in which SNS compares numbers.
    Number(Option<Amount>),
    Flag(bool),
    Null,
}

impl Leaf<'_> {
    /// Whether it counts as there: a key "must have a non-null and non-empty value" (SNS developer guide, "Key
    /// matching").
    pub(super) fn is_something(&self) -> bool {
        !matches!(self, Self::Null | Self::Text(""))
    }
}

/// The leaves of one message. They are few, so that looking through them is quicker than a map.
pub(super) struct Leaves<'a>(Vec<(Cow<'a, str>, Leaf<'a>)>);

impl<'a> Leaves<'a> {
    /// Of attributes, which are all of type `String`.
    pub(super) fn of_attributes(attributes: &'a BTreeMap<String, String>) -> Self {
        Self(attributes.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Leaf::Text(value))).collect())
    }

    /// Of a body. A list stands for each of its elements. Names are joined by dots, so that a dot in a name and a level
    /// are the same, as they are at AWS (which does not document it).
    pub(super) fn of_body(body: &'a Value) -> Self {
        let mut leaves = Vec::new();
        gather(Cow::Borrowed(""), body, &mut leaves);
        Self(leaves)
    }

    /// What lies at a path: several where the message has lists.
    pub(super) fn at(&self, path: &str) -> impl Iterator<Item = &Leaf<'a>> {
        self.0.iter().filter(move |(at, _)| at == path).map(|(_, leaf)| leaf)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn gather<'a>(path: Cow<'a, str>, value: &'a Value, leaves: &mut Vec<(Cow<'a, str>, Leaf<'a>)>) {
    let leaf = match value {
        Value::Object(map) => {
            for (name, value) in map {
                let below =
                    if path.is_empty() { Cow::Borrowed(name.as_str()) } else { Cow::Owned(format!("{path}.{name}")) };
                gather(below, value, leaves);
            }
            return;
        }
        Value::Array(list) => {
            for element in list {
                gather(path.clone(), element, leaves);
            }
            return;
        }
        Value::String(text) => Leaf::Text(text),
        Value::Number(number) => Leaf::Number(Amount::of(number)),
        Value::Bool(flag) => Leaf::Flag(*flag),
        Value::Null => Leaf::Null,
    };
    leaves.push((path, leaf));
}
