//! A call's arguments against the declared parameters. Every value leaves as text, as on Bedrock's wire.

use indexmap::IndexMap;
use serde_json::Value;

use super::team::type_name;
use crate::definition::agent::{Parameter, ParameterType};

/// Name, declared type and value of each argument that was given, in the model's order. What is not declared is left out.
/// `to_caller`: the caller executes the function. Then required arguments may lack: a person who takes over can ask for
/// them, and nobody is kept from a person by a number that is not at hand.
///
/// # Errors
/// What is wrong, for the model to put right.
pub(super) fn check(
    declared: &IndexMap<String, Parameter>,
    input: &Value,
    to_caller: bool,
) -> Result<Vec<(String, String, String)>, String> {
    let empty = serde_json::Map::new();
    let given = match input {
        Value::Object(members) => members,
        Value::Null => &empty,
        _ => return Err("The arguments must be one JSON object.".into()),
    };
    let mut arguments = Vec::new();
    let mut wrong = Vec::new();
    let mut misfits = Vec::new();
    for (name, value) in given {
        let Some(parameter) = declared.get(name) else { continue };
        match text(parameter.r#type, value) {
            Ok(Some(text)) => arguments.push((name.clone(), type_name(parameter.r#type).to_owned(), text)),
            Ok(None) => {}
            Err(()) => {
                misfits.push(name);
                wrong.push(format!("The argument {name} must be of type {}.", type_name(parameter.r#type)));
            }
        }
    }
    for (name, parameter) in declared {
        let taken = arguments.iter().any(|(given, ..)| given == name) || misfits.contains(&name);
        if parameter.required && !taken && !to_caller {
            wrong.push(format!("The argument {name} is missing."));
        }
    }
    if wrong.is_empty() { Ok(arguments) } else { Err(wrong.join(" ")) }
}

/// A value as text of its type; nothing for an empty one.
fn text(r#type: ParameterType, value: &Value) -> Result<Option<String>, ()> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    if text.is_empty() {
        return Ok(None);
    }
    let fits = match r#type {
        ParameterType::String => true,
        ParameterType::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        ParameterType::Integer => text.parse::<i128>().is_ok(),
        ParameterType::Boolean => matches!(text.as_str(), "true" | "false"),
        ParameterType::Array => serde_json::from_str::<Vec<Value>>(&text).is_ok(),
    };
    if fits { Ok(Some(text)) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn declared() -> IndexMap<String, Parameter> {
        let parameter = |r#type, required| Parameter { description: None, r#type, required };
        IndexMap::from([
            ("id".to_owned(), parameter(ParameterType::String, true)),
            ("count".to_owned(), parameter(ParameterType::Integer, false)),
            ("price".to_owned(), parameter(ParameterType::Number, false)),
            ("gift".to_owned(), parameter(ParameterType::Boolean, false)),
            ("tags".to_owned(), parameter(ParameterType::Array, false)),
        ])
    }

    #[test]
    fn values_leave_as_texts_in_the_models_order() {
        let given = json!({"tags": ["a", 1], "id": 10_020_030, "price": 1.5, "gift": true, "count": "3", "extra": 1});
        let arguments = check(&declared(), &given, false).unwrap();
        let flat: Vec<(&str, &str, &str)> =
            arguments.iter().map(|(n, t, v)| (n.as_str(), t.as_str(), v.as_str())).collect();
        assert_eq!(
            flat,
            [
                ("tags", "array", r#"["a",1]"#),
                ("id", "string", "10020030"),
                ("price", "number", "1.5"),
                ("gift", "boolean", "true"),
                ("count", "integer", "3"),
            ]
        );
    }

    #[test]
    fn the_caller_gets_what_is_known() {
        assert_eq!(check(&declared(), &json!({}), true).unwrap(), []);
        assert!(check(&declared(), &json!({"count": "x"}), true).is_err(), "what is given still has its type");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (given, says) in [
            (json!({}), "The argument id is missing."),
            (json!(null), "The argument id is missing."),
            (json!({"id": " "}), "The argument id is missing."),
            (json!({"id": "1", "count": 1.5}), "The argument count must be of type integer."),
            (json!({"id": "1", "price": "NaN"}), "The argument price must be of type number."),
            (json!({"id": "1", "gift": "sí"}), "The argument gift must be of type boolean."),
            (json!({"id": "1", "tags": "a"}), "The argument tags must be of type array."),
            (json!([1]), "The arguments must be one JSON object."),
        ] {
            assert_eq!(check(&declared(), &given, false).unwrap_err(), says, "{given}");
        }
    }
}
