//! A value against a JSON schema: what is near is put right, what is wrong is named for the model.
//!
//! The part of JSON schema that API schemas and tools use. A whole validator would be the larger part of what is deployed;
//! what is not known here (`format`, `not`, conditions) is left to who executes the call.

use serde_json::{Map, Number, Value};

use crate::definition::suggest;

/// The value as the schema wants it. What is wrong is added to `wrong`, in words about `name`.
pub(super) fn fit(schema: &Value, value: Value, name: &str, wrong: &mut Vec<String>) -> Value {
    let Value::Object(schema) = schema else {
        if *schema == Value::Bool(false) {
            wrong.push(format!("The argument {name} must not be given."));
        }
        return value;
    };
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let Some(value) = typed(&types, value) else {
        wrong.push(format!("The argument {name} must be of type {}.", types.join(" or ")));
        return Value::Null;
    };
    let value = listed(schema, value, name, wrong);
    let value = joined(schema, value, name, wrong);
    match value {
        Value::String(text) => {
            string(schema, &text, name, wrong);
            Value::String(text)
        }
        Value::Number(number) => {
            bounds(schema, number.as_f64().unwrap_or_default(), name, wrong);
            Value::Number(number)
        }
        Value::Array(items) => array(schema, items, name, wrong),
        Value::Object(members) => object(schema, members, name, wrong),
        other => other,
    }
}

/// The value in one of the types; models write numbers as texts, and texts of digits as numbers.
fn typed(types: &[&str], value: Value) -> Option<Value> {
    if types.is_empty() || types.iter().any(|name| is(name, &value)) {
        return Some(value);
    }
    types.iter().find_map(|name| converted(name, &value))
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn converted(name: &str, value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => Some(text.trim()),
        _ => None,
    };
    match name {
        "string" => match value {
            Value::Number(_) | Value::Bool(_) => Some(Value::String(value.to_string())),
            _ => None,
        },
        "integer" => match text {
            Some(text) => integer(text),
            None => value
                .as_f64()
                .filter(|number| number.fract() == 0.0)
                .and_then(|_| integer(value.to_string().strip_suffix(".0")?)),
        },
        "number" => {
            let text = text?;
            let float = || text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number);
            integer(text).filter(Value::is_number).or_else(float)
        }
        "boolean" => match text? {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        "array" | "object" => serde_json::from_str(text?).ok().filter(|inner| is(name, inner)),
        _ => None,
    }
}

/// A whole number; one that is too long for a JSON number of ours stays a text.
fn integer(text: &str) -> Option<Value> {
    let small = text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from));
    small.ok().or_else(|| text.parse::<i128>().ok().map(|_| Value::String(text.to_owned())))
}

/// `enum` and `const`; words are taken in any case.
fn listed(schema: &Map<String, Value>, value: Value, name: &str, wrong: &mut Vec<String>) -> Value {
    let allowed: Vec<&Value> = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => values.iter().collect(),
        (_, Some(one)) => vec![one],
        _ => return value,
    };
    if allowed.contains(&&value) {
        return value;
    }
    let said = plain(&value).to_lowercase();
    if let Some(meant) = allowed.iter().find(|one| plain(one).to_lowercase() == said) {
        return (*meant).clone();
    }
    let words: Vec<String> = allowed.iter().map(|one| plain(one)).collect();
    wrong.push(format!("The argument {name} must be one of: {}.", words.join(", ")));
    value
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// `allOf`, and the first of `anyOf` and `oneOf` that fits.
fn joined(schema: &Map<String, Value>, mut value: Value, name: &str, wrong: &mut Vec<String>) -> Value {
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        value = fit(part, value, name, wrong);
    }
    for choice in ["anyOf", "oneOf"] {
        let Some(Value::Array(parts)) = schema.get(choice) else { continue };
        let mut reasons = Vec::new();
        let fits = parts.iter().find_map(|part| {
            let mut own = Vec::new();
            let fitted = fit(part, value.clone(), name, &mut own);
            if own.is_empty() {
                return Some(fitted);
            }
            reasons.push(own);
            None
        });
        match fits {
            Some(fitted) => value = fitted,
            // The one that was nearly met says most.
            None => wrong.extend(reasons.into_iter().min_by_key(Vec::len).unwrap_or_default()),
        }
    }
    value
}

fn string(schema: &Map<String, Value>, text: &str, name: &str, wrong: &mut Vec<String>) {
    let length = text.chars().count();
    if limit(schema, "minLength").is_some_and(|least| length < least)
        || limit(schema, "maxLength").is_some_and(|most| length > most)
    {
        wrong.push(format!("The argument {name} has {length} characters{}.", range(schema, "minLength", "maxLength")));
    }
    // Other dialects have patterns that this one cannot read: those are left to the executor.
    let pattern = schema.get("pattern").and_then(Value::as_str);
    if let Some(pattern) = pattern
        && regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
    {
        wrong.push(format!("The argument {name} must match {pattern}."));
    }
}

fn bounds(schema: &Map<String, Value>, number: f64, name: &str, wrong: &mut Vec<String>) {
    type Rule = fn(f64, f64) -> bool;
    let rules: [(&str, &str, Rule); 4] = [
        ("minimum", "at least", |number, limit| number < limit),
        ("maximum", "at most", |number, limit| number > limit),
        ("exclusiveMinimum", "more than", |number, limit| number <= limit),
        ("exclusiveMaximum", "less than", |number, limit| number >= limit),
    ];
    for (rule, words, broken) in rules {
        let Some(limit) = schema.get(rule).and_then(Value::as_f64) else { continue };
        if broken(number, limit) {
            wrong.push(format!("The argument {name} must be {words} {limit}."));
        }
    }
}

fn array(schema: &Map<String, Value>, items: Vec<Value>, name: &str, wrong: &mut Vec<String>) -> Value {
    let count = items.len();
    if limit(schema, "minItems").is_some_and(|least| count < least)
        || limit(schema, "maxItems").is_some_and(|most| count > most)
    {
        wrong.push(format!("The argument {name} has {count} items{}.", range(schema, "minItems", "maxItems")));
    }
    match schema.get("items") {
        Some(inner) => {
            let each = items.into_iter().enumerate();
            each.map(|(index, item)| fit(inner, item, &format!("{name}[{index}]"), wrong)).collect()
        }
        None => Value::Array(items),
    }
}

fn object(schema: &Map<String, Value>, members: Map<String, Value>, name: &str, wrong: &mut Vec<String>) -> Value {
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut fitted = Map::new();
    for (member, value) in members {
        let path = format!("{name}.{member}");
        match (properties.get(&member), schema.get("additionalProperties")) {
            // Nothing is said of what is optional: as if it had not been.
            (Some(_), _) if value.is_null() && !required.contains(&member.as_str()) => {}
            (None, Some(Value::Bool(false))) => wrong.push(unknown(&path, &member, properties.keys())),
            (Some(inner), _) | (None, Some(inner)) => drop(fitted.insert(member, fit(inner, value, &path, wrong))),
            (None, None) => drop(fitted.insert(member, value)),
        }
    }
    for member in required.into_iter().filter(|member| !fitted.contains_key(*member)) {
        wrong.push(format!("The argument {name}.{member} is missing."));
    }
    Value::Object(fitted)
}

/// That there is no argument with this name.
pub(super) fn unknown<'k>(path: &str, name: &str, known: impl Iterator<Item = &'k String>) -> String {
    let hint = suggest(name, known.map(String::as_str)).map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("There is no argument {path}{hint}.")
}

fn limit(schema: &Map<String, Value>, name: &str) -> Option<usize> {
    schema.get(name).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok())
}

fn range(schema: &Map<String, Value>, least: &str, most: &str) -> String {
    match (limit(schema, least), limit(schema, most)) {
        (Some(least), Some(most)) => format!("; it must have {least} to {most}"),
        (Some(least), None) => format!("; it must have at least {least}"),
        (None, Some(most)) => format!("; it must have at most {most}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_near_is_put_right() {
        for (schema, given, wanted) in [
            (json!({"type": "integer"}), json!("7"), json!(7)),
            (json!({"type": "integer"}), json!(7.0), json!(7)),
            (json!({"type": "number"}), json!(" 1.5 "), json!(1.5)),
            (json!({"type": "string"}), json!(7), json!("7")),
            (json!({"type": "boolean"}), json!("true"), json!(true)),
            (json!({"type": "array"}), json!("[1]"), json!([1])),
            (json!({"type": ["string", "null"]}), json!(null), json!(null)),
            (json!({"type": "string", "enum": ["LARGE"]}), json!("large "), json!("LARGE")),
            (json!({"enum": [1, 2]}), json!("2"), json!(2)),
            (
                json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}),
                json!(r#"{"a": "1", "b": null, "c": 3}"#),
                json!({"a": 1, "c": 3}),
            ),
            (json!({"type": "array", "items": {"type": "integer"}}), json!(["1", 2]), json!([1, 2])),
            (json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}), json!("x"), json!("x")),
            (json!({"allOf": [{"type": "integer"}]}), json!("3"), json!(3)),
            (json!(true), json!([]), json!([])),
        ] {
            let mut wrong = Vec::new();
            assert_eq!(fit(&schema, given.clone(), "x", &mut wrong), wanted, "{schema} {given}");
            assert!(wrong.is_empty(), "{schema} {given}: {wrong:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (schema, given, says) in [
            (json!({"type": "integer"}), json!("siete"), "The argument x must be of type integer."),
            (json!({"type": "integer"}), json!(7.5), "The argument x must be of type integer."),
            (json!({"type": "string"}), json!({}), "The argument x must be of type string."),
            (json!({"type": "string"}), json!(null), "The argument x must be of type string."),
            (json!({"enum": ["a", "b"]}), json!("c"), "The argument x must be one of: a, b."),
            (json!({"const": 5}), json!(6), "The argument x must be one of: 5."),
            (json!({"minimum": 2}), json!(1), "The argument x must be at least 2."),
            (json!({"exclusiveMaximum": 2}), json!(2), "The argument x must be less than 2."),
            (
                json!({"minLength": 8, "maxLength": 8}),
                json!("1"),
                "The argument x has 1 characters; it must have 8 to 8.",
            ),
            (json!({"pattern": "^[0-9]+$"}), json!("a"), "The argument x must match ^[0-9]+$."),
            (json!({"maxItems": 1}), json!([1, 2]), "The argument x has 2 items; it must have at most 1."),
            (json!({"items": {"type": "integer"}}), json!([1, "b"]), "The argument x[1] must be of type integer."),
            (json!({"required": ["a"]}), json!({}), "The argument x.a is missing."),
            (
                json!({"properties": {"street": {}}, "additionalProperties": false}),
                json!({"stret": 1}),
                "There is no argument x.stret (did you mean `street`?).",
            ),
            (json!(false), json!(1), "The argument x must not be given."),
            (
                json!({"anyOf": [{"type": "integer"}, {"required": ["a", "b"], "type": "object"}]}),
                json!("x"),
                "The argument x must be of type integer.",
            ),
        ] {
            let mut wrong = Vec::new();
            fit(&schema, given.clone(), "x", &mut wrong);
            assert_eq!(wrong, [says], "{schema} {given}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e6..1e6_f64).prop_map(Value::from),
            "[0-9]{1,40}|-?[0-9]{1,4}\\.[0-9]|true|false|[a-c]{0,4}|\\[1, \"2\"\\]|\\{\"a\": \"1\"\\}|\\PC{0,8}"
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[a-c]", inner), 0..4).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    fn schema() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec!["string", "number", "integer", "boolean", "array", "object"]);
        let leaf = prop_oneof![
            Just(json!({})),
            Just(json!(true)),
            Just(json!({"type": "string", "enum": ["a", "b", "1"]})),
            Just(json!({"type": ["integer", "null"], "minimum": 0})),
            Just(json!({"type": "string", "maxLength": 4, "pattern": "^[a-c0-9]*$"})),
            name.prop_map(|name| json!({"type": name})),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                inner.clone().prop_map(|items| json!({"type": "array", "items": items, "maxItems": 3})),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
                (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(a, b, open)| {
                    json!({"type": "object", "properties": {"a": a, "b": b}, "required": ["a"], "additionalProperties": open})
                }),
                inner.prop_map(|part| json!({"allOf": [part]})),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// What was put right is right: looked at again it stays as it is.
        #[test]
        fn what_fits_stays(schema in schema(), value in value()) {
            let mut wrong = Vec::new();
            let fitted = fit(&schema, value, "x", &mut wrong);
            if wrong.is_empty() {
                let again = fit(&schema, fitted.clone(), "x", &mut wrong);
                prop_assert!(wrong.is_empty(), "{} {}: {:?}", schema, fitted, wrong);
                prop_assert_eq!(again, fitted);
            }
        }

        /// A plain type is what it says, but for whole numbers that no JSON number holds.
        #[test]
        fn what_fits_is_of_its_type(
            name in prop::sample::select(vec!["string", "number", "integer", "boolean", "array", "object"]),
            value in value(),
        ) {
            let mut wrong = Vec::new();
            let fitted = fit(&json!({"type": name}), value, "x", &mut wrong);
            let long = fitted.as_str().is_some_and(|text| text.parse::<i128>().is_ok());
            prop_assert_eq!(wrong.is_empty(), is(name, &fitted) || (name == "integer" && long), "{}", fitted);
        }
    }
}
