//! A call's arguments against the declared parameters. Every value leaves as text, as on Bedrock's wire.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{
    fit::{fit, unknown},
    team::type_name,
};
use crate::{
    definition::agent::{Function, Parameter},
    tools::{Argument, Arguments},
};

/// The arguments of a call that a Bedrock agent made, as texts, against what the function declares.
///
/// # Errors
/// What is wrong, for the model to put right.
pub fn read_arguments(function: &Function, given: &[(String, String)]) -> Result<Arguments, String> {
    let given = given.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    let arguments = check(&function.parameters, &given, false)?;
    Ok(arguments.into_iter().map(|(name, r#type, value)| Argument { name, r#type, value }).collect())
}

/// Name, declared type and value of each argument that was given, in the model's order.
/// `to_caller`: the caller executes the function. Then required arguments may lack, and what is not declared is left out: a
/// person who takes over can ask, and nobody is kept from a person by a number that is not at hand.
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
        let Some(parameter) = declared.get(name) else {
            if !to_caller {
                wrong.push(unknown(name, name, declared.keys()));
            }
            continue;
        };
        // Models write an empty text where they have no value.
        if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
            continue;
        }
        let known = wrong.len();
        let value = match &parameter.schema {
            Some(schema) => fit(schema, value.clone(), name, &mut wrong),
            None => fit(&json!({"type": type_name(parameter.r#type)}), value.clone(), name, &mut wrong),
        };
        if wrong.len() > known {
            misfits.push(name);
        } else if !value.is_null() {
            let text = match value {
                Value::String(text) => text.trim().to_owned(),
                other => other.to_string(),
            };
            arguments.push((name.clone(), type_name(parameter.r#type).to_owned(), text));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{definition::agent::ParameterType, tools::Argument};

    fn declared() -> IndexMap<String, Parameter> {
        let parameter = |r#type, required| Parameter { description: None, r#type, required, schema: None };
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
        let given = json!({"tags": ["a", 1], "id": 10_020_030, "price": 1.5, "gift": true, "count": "3"});
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
        assert_eq!(check(&declared(), &json!({"extra": 1}), true).unwrap(), []);
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
            (json!({"id": "1", "prize": 2}), "There is no argument prize (did you mean `price`?)."),
            (json!([1]), "The arguments must be one JSON object."),
        ] {
            assert_eq!(check(&declared(), &given, false).unwrap_err(), says, "{given}");
        }
    }

    proptest! {
        /// Whatever a model writes: an answer, and what is accepted reads back as what was declared.
        #[test]
        fn accepted_texts_are_of_their_types(
            given in proptest::collection::vec(("id|count|price|gift|tags|other", "-?[0-9]{0,3}(\\.5)?|true|\\[\\]|\\PC{0,6}"), 0..6),
            to_caller in any::<bool>(),
        ) {
            let input = given.into_iter().map(|(name, text)| (name, Value::from(text))).collect();
            if let Ok(arguments) = check(&declared(), &input, to_caller) {
                prop_assert!(to_caller || arguments.iter().any(|(name, ..)| name == "id"));
                for (name, r#type, value) in arguments {
                    prop_assert!(!value.trim().is_empty() && name != "other");
                    let argument = Argument { name, r#type, value };
                    let json = argument.json();
                    let fits = match argument.r#type.as_str() {
                        "integer" => json.is_i64(),
                        "number" => json.is_number(),
                        "boolean" => json.is_boolean(),
                        "array" => json.is_array(),
                        _ => json.is_string(),
                    };
                    prop_assert!(fits, "{:?}", argument);
                }
            }
        }
    }
}
