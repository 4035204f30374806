//! What a template's functions come to, as far as the template alone tells.

use serde_json::{Map, Value, json};

use crate::document::spelling::is_function;

/// The value with what is known put in: parameters by their defaults, texts joined. What only a stack knows stays as
/// `${Name}` in a text, and as it is where it refers to a resource.
pub(super) fn resolved(value: &Value, template: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| resolved(item, template)).collect(),
        Value::Object(map) if is_function(map) => function(map, template).unwrap_or_else(|| value.clone()),
        Value::Object(map) => {
            let kept = map.iter().map(|(key, value)| (key.clone(), resolved(value, template)));
            kept.filter(|(_, value)| *value != json!({"Ref": "AWS::NoValue"})).collect()
        }
        scalar => scalar.clone(),
    }
}

fn function(map: &Map<String, Value>, template: &Value) -> Option<Value> {
    let (name, given) = map.iter().next()?;
    match (name.as_str(), given) {
        ("Ref", Value::String(name)) => default(name, template),
        ("Fn::Sub", Value::String(text)) => Some(json!(substituted(text, &Map::new(), template))),
        ("Fn::Sub", Value::Array(parts)) => {
            let own = parts.get(1).and_then(Value::as_object).cloned().unwrap_or_default();
            Some(json!(substituted(parts.first()?.as_str()?, &own, template)))
        }
        ("Fn::Join", Value::Array(parts)) => {
            let between = parts.first()?.as_str()?;
            let texts: Vec<String> = parts.get(1)?.as_array()?.iter().map(|part| shown(part, template)).collect();
            Some(json!(texts.join(between)))
        }
        // Which branch holds is the stack's to know: the first that says something.
        ("Fn::If", Value::Array(parts)) => {
            let branch = parts.iter().skip(1).find(|part| **part != json!({"Ref": "AWS::NoValue"}))?;
            Some(resolved(branch, template))
        }
        _ => None,
    }
}

/// A template's parameter by its default.
fn default(name: &str, template: &Value) -> Option<Value> {
    let default = template.get("Parameters")?.get(name)?.get("Default")?;
    Some(default.as_str().map_or_else(|| json!(default.to_string()), |text| json!(text)))
}

/// `${A}` filled in, `${!A}` as `${A}`.
fn substituted(text: &str, own: &Map<String, Value>, template: &Value) -> String {
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once('}') else {
            out.push_str(part);
            continue;
        };
        let shown = match name.strip_prefix('!') {
            Some(literal) => format!("${{{literal}}}"),
            None => shown(&own.get(name).cloned().unwrap_or_else(|| reference(name)), template),
        };
        out.push_str(&shown);
        out.push_str(rest);
    }
    out
}

fn reference(name: &str) -> Value {
    match name.split_once('.') {
        Some((resource, attribute)) => json!({"Fn::GetAtt": [resource, attribute]}),
        None => json!({"Ref": name}),
    }
}

/// A value inside a text.
fn shown(value: &Value, template: &Value) -> String {
    match resolved(value, template) {
        Value::String(text) => text,
        Value::Object(map) => match map.iter().next() {
            Some((_, Value::String(name))) => format!("${{{name}}}"),
            Some((_, Value::Array(parts))) => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                format!("${{{}}}", parts.join("."))
            }
            _ => "${?}".into(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_knows_is_put_in() {
        let template = json!({"Parameters": {"Model": {"Default": "m.x"}, "Days": {"Default": 3}, "Open": {}}});
        for (value, comes_to) in [
            (json!({"Ref": "Model"}), json!("m.x")),
            (json!({"Ref": "Open"}), json!({"Ref": "Open"})),
            (json!({"Fn::GetAtt": ["Fn", "Arn"]}), json!({"Fn::GetAtt": ["Fn", "Arn"]})),
            (json!({"Fn::Sub": "a ${Model} ${!Model} ${Fn.Arn} $5 ${"}), json!("a m.x ${Model} ${Fn.Arn} $5 ")),
            (json!({"Fn::Sub": ["${A}-${Days}", {"A": {"Ref": "Model"}}]}), json!("m.x-3")),
            (
                json!({"Fn::Join": ["", ["arn:aws:bedrock:", {"Ref": "AWS::Region"}, ":x/", {"Ref": "Model"}]]}),
                json!("arn:aws:bedrock:${AWS::Region}:x/m.x"),
            ),
            (
                json!({"a": {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, [{"Ref": "Days"}]]}, "b": {"Ref": "AWS::NoValue"}}),
                json!({"a": ["3"]}),
            ),
        ] {
            assert_eq!(resolved(&value, &template), comes_to, "{value}");
        }
    }
}
