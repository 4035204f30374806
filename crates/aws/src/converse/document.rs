//! JSON and the SDK's documents.

use aws_smithy_types::{Document, Number};
use serde_json::{Map, Value};

/// A document of a value.
pub(super) fn of_json(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(it) => Document::Bool(*it),
        Value::String(it) => Document::String(it.clone()),
        Value::Array(them) => Document::Array(them.iter().map(of_json).collect()),
        Value::Object(members) => {
            Document::Object(members.iter().map(|(name, it)| (name.clone(), of_json(it))).collect())
        }
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(it), _) => Number::PosInt(it),
            (None, Some(it)) => Number::NegInt(it),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
    }
}

/// The value of a document. Members are in the order of their names: the SDK does not keep the model's.
pub(crate) fn to_json(document: Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(it) => Value::Bool(it),
        Document::String(it) => Value::String(it),
        Document::Array(them) => Value::Array(them.into_iter().map(to_json).collect()),
        Document::Object(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, it)| (name, to_json(it))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().collect::<Map<_, _>>())
        }
        Document::Number(Number::PosInt(it)) => it.into(),
        Document::Number(Number::NegInt(it)) => it.into(),
        Document::Number(Number::Float(it)) => it.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_come_back_in_the_order_of_their_names() {
        let value = json!({"a": [1, -1, 1.5, u64::MAX, null, true], "b": {"¿": "é"}, "c": {}});
        assert_eq!(to_json(of_json(&value)), value);
        let names = to_json(of_json(&json!({"b": 1, "a": 2})));
        assert_eq!(names.to_string(), r#"{"a":2,"b":1}"#);
    }
}
