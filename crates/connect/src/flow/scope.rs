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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    /// The last function's answer; `null` before the first, and after one that failed.
    pub(super) external: Value,
    pub(super) flow_attributes: BTreeMap<String, String>,
    /// How often each `Loop` went round.
    pub(super) loops: BTreeMap<String, i64>,
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

    /// Every text of a map, filled.
    pub(super) fn fill_all(&self, templates: &BTreeMap<String, Template>) -> BTreeMap<String, String> {
        templates.iter().map(|(key, template)| (key.clone(), self.fill(template))).collect()
    }

    fn value(&self, path: &JsonPath) -> Option<String> {
        match path.names().as_slice() {
            ["Attributes", key] => self.world.attribute(key),
            ["FlowAttributes", key] => self.memory.flow_attributes.get(*key).cloned(),
            ["External", rest @ ..] => lookup(&self.memory.external, rest),
            system => self.world.system(system),
        }
    }
}

fn lookup(root: &Value, names: &[&str]) -> Option<String> {
    let value = names.iter().try_fold(root, |value, name| match value {
        Value::Object(map) => map.get(*name),
        Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    })?;
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// Namespaces that have values here.
const NAMESPACES: &[&str] = &[
    "Attributes",
    "External",
    "FlowAttributes",
    "Queue",
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

/// Namespaces that only actions or channels fill which are not run here.
const ALWAYS_EMPTY: &[&str] = &[
    "Lex",
    "StoredCustomerInput",
    "Views",
    "Metrics",
    "Agent",
    "Case",
    "Customer",
    "LambdaInvocation",
    "Loop",
    "Modules",
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
