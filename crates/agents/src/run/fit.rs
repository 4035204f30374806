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
mod tests;
