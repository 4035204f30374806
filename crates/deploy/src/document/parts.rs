//! Parts of a document, taken where they are of the right kind.

use serde_json::{Map, Value, json};

/// The key with its value, where that is one that there is.
pub(crate) fn one_of(document: &Value, key: &str, known: &[&str]) -> Option<(String, Value)> {
    let text = document.get(key).and_then(Value::as_str).filter(|text| known.contains(text))?;
    Some((key.to_owned(), json!(text)))
}

/// The keys whose values are texts, in this order.
pub(crate) fn texts(document: &Value, keys: &[&str]) -> Map<String, Value> {
    let text = |key: &&str| {
        document.get(*key).filter(|value| value.is_string()).map(|value| ((*key).to_owned(), value.clone()))
    };
    keys.iter().filter_map(text).collect()
}

/// The items below a key; none where there is no list.
pub(crate) fn list<'d>(document: &'d Value, key: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    document.get(key).and_then(Value::as_array).into_iter().flatten()
}
