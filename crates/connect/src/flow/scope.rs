//! What the JSONPath expressions of a flow lead to, and what a run keeps of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    FlowWorld,
    problem::Problems,
    template::{JsonPath, Template},
};

/// What a run knows that its contact does not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The last function's answer; `null` before the first, and after one that failed.
    pub(super) external: Value,
    pub(super) flow_attributes: BTreeMap<String, String>,
    /// How often each `Loop` went round.
    pub(super) loops: BTreeMap<String, i64>,
    /// What else actions leave behind, by namespace: `Metrics`, `Views`, `Lex`, `LambdaInvocation`, `Modules`, `Loop`,
    /// `StoredCustomerInput`. Runs that were stored before these were known have none.
    #[serde(default)]
    pub(super) left: BTreeMap<String, Value>,
    /// The customer's first message (`InitialMessage`) has been taken as an input.
    #[serde(default)]
    pub(super) initial_message_taken: bool,
}

impl Memory {
    /// Writes down what an action leaves under a namespace.
    pub(super) fn leave(&mut self, namespace: &str, value: Value) {
        self.left.insert(namespace.to_owned(), value);
    }

    /// The same one name further down, beside what is there.
    pub(super) fn leave_below(&mut self, namespace: &str, name: &str, value: Value) {
        let space = self.left.entry(namespace.to_owned()).or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Some(space) = space.as_object_mut() {
            space.insert(name.to_owned(), value);
        }
    }
}

/// What an action sees when it is entered.
pub(super) struct Scope<'a> {
    pub(super) identifier: &'a str,
    pub(super) memory: &'a mut Memory,
    pub(super) world: &'a dyn FlowWorld,
}

impl Scope<'_> {
    /// A text with every JSONPath replaced; a missing value is an empty text.
    pub(super) fn fill(&self, template: &Template) -> String {
        template.fill(|path| self.value(path).unwrap_or_default())
    }

    /// Like [`Scope::fill`], for a parameter that may not be empty.
    pub(super) fn fill_some(&self, template: &Template) -> Option<String> {
        Some(self.fill(template)).filter(|text| !text.is_empty())
    }

    /// Every text of a map, filled; a key may be found as its value is.
    pub(super) fn fill_all(&self, templates: &BTreeMap<String, Template>) -> BTreeMap<String, String> {
        templates.iter().map(|(key, template)| (self.fill(&Template::parse(key)), self.fill(template))).collect()
    }

    /// What stands at a path.
    pub(super) fn value(&self, path: &JsonPath) -> Option<String> {
        match path.names().as_slice() {
            ["Attributes", key] => self.world.attribute(key),
            ["FlowAttributes", key] => self.memory.flow_attributes.get(*key).cloned(),
            ["External", rest @ ..] => lookup(&self.memory.external, rest),
            [namespace, rest @ ..] if LEFT_BY_ACTIONS.contains(namespace) => {
                lookup(self.memory.left.get(*namespace)?, rest)
            }
            system => self.world.system(system),
        }
    }

    /// What stands at a path, in its own shape.
    pub(super) fn json(&self, path: &JsonPath) -> Option<Value> {
        let names = path.names();
        let root = match names.first()? {
            &"External" => Some(&self.memory.external),
            namespace => self.memory.left.get(*namespace),
        };
        match root {
            Some(root) => find(root, names.get(1..)?).cloned(),
            None => self.value(path).map(Value::from),
        }
    }

    /// The list at a path: one of JSON, or of a text that is one.
    pub(super) fn list(&self, path: &JsonPath) -> Option<Vec<Value>> {
        match self.json(path)? {
            Value::Array(items) => Some(items),
            Value::String(text) => serde_json::from_str(&text).ok(),
            _ => None,
        }
    }

    /// The message that the chat began with, the first time.
    pub(super) fn take_initial_message(&mut self) -> Option<String> {
        if self.memory.initial_message_taken {
            return None;
        }
        self.memory.initial_message_taken = true;
        self.world.system(&["Media", "InitialMessage"]).filter(|words| !words.is_empty())
    }

    /// Whether a key stands below a path.
    pub(super) fn has_key(&self, path: &JsonPath, key: &str) -> bool {
        self.value(&path.below(key)).is_some()
    }
}

fn find<'v>(root: &'v Value, names: &[&str]) -> Option<&'v Value> {
    names.iter().try_fold(root, |value, name| match value {
        Value::Object(map) => map.get(*name),
        Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    })
}

fn lookup(root: &Value, names: &[&str]) -> Option<String> {
    match find(root, names)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Namespaces that an action fills, with the actions that do.
pub(super) const LEFT_BY_ACTIONS: &[&str] =
    &["Metrics", "Views", "Lex", "LambdaInvocation", "Modules", "Loop", "StoredCustomerInput"];

/// Namespaces that have values here.
const NAMESPACES: &[&str] = &[
    "Attributes",
    "External",
    "FlowAttributes",
    "Metrics",
    "Views",
    "Lex",
    "LambdaInvocation",
    "Modules",
    "Loop",
    "StoredCustomerInput",
    "Queue",
    "Agent",
    "Channel",
    "ContactId",
    "InitialContactId",
    "PreviousContactId",
    "RelatedContactId",
    "CustomerId",
    "InstanceARN",
    "InitiationMethod",
    "LanguageCode",
    "AwsRegion",
    "Name",
    "Description",
    "Tags",
    "CustomerEndpoint",
    "SystemEndpoint",
    "References",
    "SegmentAttributes",
    "Media",
];

/// Namespaces that only services or channels fill which are not here.
const ALWAYS_EMPTY: &[&str] = &[
    "AdditionalEmailRecipients",
    "Case",
    "Customer",
    "Wisdom",
    "DataTables",
    "Task",
    "MediaStreams",
    "TextToSpeechVoiceId",
];

/// Warns of a path that can never have a value.
pub(super) fn check_path(path: &JsonPath, line: usize, problems: &mut Problems) {
    let names = path.names();
    let Some(namespace) = names.first() else { return };
    if ALWAYS_EMPTY.contains(namespace) {
        problems.warn(
            "empty-jsonpath",
            line,
            format!("$.{namespace} has no values here: nothing that fills it is run"),
        );
    } else if !NAMESPACES.contains(namespace) {
        let message = format!("$.{namespace} is no namespace of Connect: it is always empty");
        problems.warn("unknown-jsonpath", line, message).did_you_mean(namespace, NAMESPACES.iter().copied());
    } else if matches!(*namespace, "Attributes" | "FlowAttributes" | "SegmentAttributes") && names.len() != 2 {
        let message = format!("$.{namespace} is used with exactly one key below it: it is empty as written");
        problems.warn("empty-jsonpath", line, message);
    }
}
