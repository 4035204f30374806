//! Reads a placed YAML tree key by key and collects every problem.

use std::{cell::RefCell, collections::BTreeSet};

use regex::Regex;
use relevo_agents::definition::{
    Problem, Spot,
    node::{Node, Scalar, Value},
    suggest,
};
use serde_json::{Map, Value as Json};

use super::Known;

/// Reads one file.
pub(super) struct Reader<'f> {
    pub(super) file: &'f str,
    /// What is known of the bot.
    pub(super) known: &'f Known,
    problems: RefCell<Vec<Problem>>,
    /// What the turns up to here have kept.
    kept: RefCell<BTreeSet<String>>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(file: &'f str, known: &'f Known) -> Self {
        Self { file, known, problems: RefCell::default(), kept: RefCell::default() }
    }

    /// A conversation begins: nothing is kept.
    pub(super) fn begin(&self) {
        self.kept.borrow_mut().clear();
    }

    /// From here on `${name}` stands for something.
    pub(super) fn keep(&self, name: &str) {
        self.kept.borrow_mut().insert(name.to_owned());
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    pub(super) fn problem(&self, spot: Spot, message: impl Into<String>, hint: Option<String>) {
        self.problems.borrow_mut().push(Problem::new(self.file, spot, message).with_hint(hint));
    }

    /// The entries of a mapping of which these keys are known.
    pub(super) fn known<'n>(&self, node: &'n Node, known: &[&str]) -> Vec<(&'n str, Spot, &'n Node)> {
        let entries = self.entries(node);
        for (name, spot, _) in &entries {
            if !known.contains(name) {
                self.problem(*spot, format!("unknown key `{name}`"), suggest(name, known.iter().copied()));
            }
        }
        entries
    }

    /// The entries of a mapping, whatever their keys; a repeated key is a problem.
    pub(super) fn entries<'n>(&self, node: &'n Node) -> Vec<(&'n str, Spot, &'n Node)> {
        let Value::Map(entries) = &node.value else {
            self.problem(node.spot, "expected a mapping here", None);
            return Vec::new();
        };
        for (index, (key, _)) in entries.iter().enumerate() {
            if entries.iter().take(index).any(|(other, _)| other.name == key.name) {
                self.problem(key.spot, format!("the key `{}` is repeated", key.name), None);
            }
        }
        entries.iter().map(|(key, node)| (key.name.as_str(), key.spot, node)).collect()
    }

    /// The value of a key that must be there.
    pub(super) fn needed<'n>(&self, node: &'n Node, name: &str, otherwise: &str) -> Option<&'n Node> {
        let found = node.get(name).map(|(_, value)| value);
        if found.is_none() {
            self.problem(node.spot, otherwise, None);
        }
        found
    }

    /// A text, however it is written.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        let text = text_of(node);
        if text.is_none() {
            self.problem(node.spot, "expected a text here", None);
        }
        text
    }

    /// A text in which `${name}` stands for what an earlier turn has kept.
    pub(super) fn filled(&self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        let kept = self.kept.borrow();
        let name = |rest: &'_ str| rest.split_once('}').map(|(name, _)| name.to_owned());
        for name in text.split("${").skip(1).filter_map(name) {
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
            if is_name && !kept.contains(&name) {
                let hint = suggest(&name, kept.iter().map(String::as_str));
                let hint = hint.unwrap_or_else(|| format!("an earlier turn does, by `keep: {{{name}: …}}`"));
                self.problem(node.spot, format!("no turn before has kept `{name}`"), Some(hint));
            }
        }
        Some(text)
    }

    /// The texts of a list, or one, filled.
    pub(super) fn filled_texts(&self, node: &Node) -> Vec<String> {
        items(node).iter().filter_map(|item| self.filled(item)).collect()
    }

    pub(super) fn bool(&self, node: &Node) -> Option<bool> {
        if let Value::Scalar { scalar: Scalar::Bool(value), .. } = &node.value {
            return Some(*value);
        }
        self.problem(node.spot, "expected `true` or `false` here", None);
        None
    }

    pub(super) fn regex(&self, node: &Node) -> Option<Regex> {
        let text = self.text(node)?;
        match Regex::new(&text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = error.to_string();
                let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.problem(node.spot, format!("not a regular expression: {last}"), None);
                None
            }
        }
    }
}

/// The text of a scalar, as it is written.
pub(super) fn text_of(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Scalar { written, .. } => Some(written.clone()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// The items of a list; anything else is a list of itself.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

/// The value as JSON.
pub(super) fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Text(text) => Json::String(text.clone()),
        Value::Scalar { scalar, .. } => match scalar {
            Scalar::Bool(value) => (*value).into(),
            Scalar::Unsigned(value) => (*value).into(),
            Scalar::Signed(value) => (*value).into(),
            Scalar::Float(value) => (*value).into(),
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, node)| (key.name.clone(), json(node))).collect::<Map<_, _>>())
        }
    }
}
