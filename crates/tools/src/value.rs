//! Values as texts in a request.

use relevo_agents::tools::Argument;
use serde_json::Value;

/// The value as one text, for a path or a header: the items of a list with commas.
pub(crate) fn joined(argument: &Argument) -> String {
    match argument.json() {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => plain(&other),
    }
}

/// A value without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
