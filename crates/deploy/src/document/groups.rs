//! Action groups on the way back.

use serde_json::{Map, Value, json};

use super::{
    back::Lost,
    parts::{list, one_of, plain_name, texts},
};

/// An action group as `bot.yaml` has it; nothing for one that there is no place for.
pub(super) fn group(document: &Value, agent: &str, lost: &mut Lost) -> Option<Value> {
    let mut group = texts(document, &["actionGroupName", "description"]);
    let Some(name) = group.get("actionGroupName").and_then(Value::as_str).map(plain_name) else {
        lost.push((format!("agent {agent}: an action group"), "its name is not known".into()));
        return None;
    };
    let mut lose =
        |what: &str, why: &str| lost.push((format!("agent {agent}: action group {name}{what}"), why.to_owned()));
    if document.get("actionGroupState").and_then(Value::as_str) == Some("DISABLED") {
        lose("", "it is disabled");
        return None;
    }
    // The API answers with another name than it is asked with.
    let signature = document.get("parentActionGroupSignature").or_else(|| document.get("parentActionSignature"));
    match signature.and_then(Value::as_str) {
        None => {}
        Some("AMAZON.UserInput") => {
            group.insert("parentActionGroupSignature".into(), json!("AMAZON.UserInput"));
            return Some(group.into());
        }
        Some(other) => {
            lose("", &format!("there is no {other} here"));
            return None;
        }
    }
    let executor = document.get("actionGroupExecutor").map(executor).unwrap_or_default();
    if !executor.is_empty() {
        group.insert("actionGroupExecutor".into(), executor.into());
    }
    let functions: Vec<Value> = document
        .get("functionSchema")
        .into_iter()
        .flat_map(|schema| list(schema, "functions"))
        .filter_map(function)
        .collect();
    if !functions.is_empty() {
        group.insert("functionSchema".into(), json!({"functions": functions}));
    }
    match document.get("apiSchema") {
        Some(schema) if schema.get("payload").is_some_and(Value::is_string) => {
            group.insert("apiSchema".into(), texts(schema, &["payload"]).into());
        }
        Some(schema) if schema.get("s3").is_some() => {
            let at =
                |key: &str| schema.pointer(&format!("/s3/{key}")).and_then(Value::as_str).unwrap_or("?").to_owned();
            let (bucket, object) = (at("s3BucketName"), at("s3ObjectKey"));
            lose(
                ": apiSchema",
                &format!(
                    "it lies at s3://{bucket}/{object}: put the file beside bot.yaml and name it, `apiSchema: {{file: …}}`"
                ),
            );
        }
        _ => {}
    }
    Some(group.into())
}

fn executor(document: &Value) -> Map<String, Value> {
    let control: Map<String, Value> = one_of(document, "customControl", &["RETURN_CONTROL"]).into_iter().collect();
    if control.is_empty() { texts(document, &["lambda"]) } else { control }
}

fn function(document: &Value) -> Option<Value> {
    let mut function = texts(document, &["name", "description"]);
    if !function.contains_key("name") {
        return None;
    }
    if let Some(Value::Object(parameters)) = document.get("parameters") {
        let parameters = parameters.iter().map(|(name, it)| (name.clone(), parameter(it)));
        function.insert("parameters".into(), parameters.collect());
    }
    function.extend(one_of(document, "requireConfirmation", &["ENABLED", "DISABLED"]));
    Some(function.into())
}

fn parameter(document: &Value) -> Value {
    let known = one_of(document, "type", &["string", "number", "integer", "boolean", "array"]);
    // On the wire every value is a text.
    let mut parameter = Map::from_iter([known.unwrap_or_else(|| ("type".into(), json!("string")))]);
    match document.get("required") {
        Some(Value::Bool(required)) => drop(parameter.insert("required".into(), json!(required))),
        // Some tools write what CloudFormation takes as well.
        Some(Value::String(text)) => drop(parameter.insert("required".into(), json!(text == "true"))),
        _ => {}
    }
    parameter.extend(texts(document, &["description"]));
    parameter.into()
}
