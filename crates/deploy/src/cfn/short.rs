//! The short tags of intrinsic functions, and the keys they stand for.

use serde_json::{Map, Value, json};

/// Functions whose key has `Fn::` before the tag's name.
const FUNCTIONS: [&str; 18] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];
/// Those whose key is the tag's name.
const PLAIN: [&str; 2] = ["Condition", "Ref"];
/// Written with a tag as well, but with a mapping below it.
const TRANSFORM: &str = "Transform";

/// All names of tags.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.into_iter().chain(PLAIN).chain([TRANSFORM])
}

/// The long form of a tagged value; nothing where there is no such function.
pub(super) fn long(name: &str, value: Value) -> Option<Value> {
    let key = if PLAIN.contains(&name) {
        name.to_owned()
    } else if name == TRANSFORM || FUNCTIONS.contains(&name) {
        format!("Fn::{name}")
    } else {
        return None;
    };
    let value = match value {
        // A name has no dot, an attribute may have several.
        Value::String(text) if name == "GetAtt" => match text.split_once('.') {
            Some((resource, attribute)) => json!([resource, attribute]),
            None => Value::String(text),
        },
        other => other,
    };
    Some(Value::Object(Map::from_iter([(key, value)])))
}

/// What stands behind a tag: a function's name, and its value in the short form.
pub(super) fn short(value: &Map<String, Value>) -> Option<(&'static str, Value)> {
    let mut entries = value.iter();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else { return None };
    let bare = key.strip_prefix("Fn::");
    let name = match bare {
        Some(bare) => FUNCTIONS.into_iter().find(|name| *name == bare)?,
        None => PLAIN.into_iter().find(|name| *name == key)?,
    };
    let value = match (name, value) {
        ("GetAtt", Value::Array(items)) => match items.as_slice() {
            [Value::String(resource), Value::String(attribute)] if !resource.contains('.') => {
                Value::String(format!("{resource}.{attribute}"))
            }
            _ => return None,
        },
        ("Ref" | "Condition", Value::String(_)) => value.clone(),
        ("GetAtt" | "Ref" | "Condition", _) => return None,
        (_, Value::String(_) | Value::Array(_)) => value.clone(),
        // A node has one tag: a function of a function keeps its long form.
        _ => return None,
    };
    Some((name, value))
}
