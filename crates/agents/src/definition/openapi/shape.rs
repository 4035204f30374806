//! What a schema without references is, taken as a whole.

use serde_json::{Map, Value, json};

use crate::definition::agent::ParameterType;

/// A structure that is put together by `allOf`, as one.
pub(super) fn merged(schema: &Value) -> Value {
    let Some(parts) = schema.get("allOf").and_then(Value::as_array) else { return schema.clone() };
    let mut properties = Map::new();
    let mut required = Vec::new();
    let own = schema
        .as_object()
        .map(|own| own.iter().filter(|(name, _)| *name != "allOf").map(|(n, v)| (n.clone(), v.clone())).collect());
    for part in parts.iter().map(merged).chain(own.map(Value::Object)) {
        if let Some(Value::Object(more)) = part.get("properties") {
            properties.extend(more.clone());
        }
        required.extend(part.get("required").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    if properties.is_empty() {
        json!({"type": "object"})
    } else {
        json!({"type": "object", "properties": properties, "required": required})
    }
}

/// The type on Bedrock's wire, which has one for a parameter.
pub(in crate::definition) fn type_of(schema: &Value) -> ParameterType {
    let named = |name: &str| match name {
        "number" => Some(ParameterType::Number),
        "integer" => Some(ParameterType::Integer),
        "boolean" => Some(ParameterType::Boolean),
        "array" => Some(ParameterType::Array),
        "object" => Some(ParameterType::Object),
        "string" => Some(ParameterType::String),
        _ => None,
    };
    let has = |name: &str| schema.get(name).is_some();
    match schema.get("type") {
        Some(Value::String(name)) => named(name).unwrap_or(ParameterType::String),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find_map(named).unwrap_or(ParameterType::String)
        }
        _ if has("properties") => ParameterType::Object,
        _ if has("items") => ParameterType::Array,
        _ => {
            // Put together: of the type of its first part that has one.
            let parts =
                ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| schema.get(name)?.as_array()).flatten();
            parts.map(type_of).find(|part| *part != ParameterType::String).unwrap_or(ParameterType::String)
        }
    }
}
