//! Keys that begin in lower or in upper case.

use serde_json::{Map, Value};

/// Maps whose keys are names, with structures below them.
const BY_NAME: &str = "parameters";
/// What is below is somebody else's.
const FOREIGN: &str = "additionalModelRequestFields";

/// The document with `CloudFormation`'s keys.
pub(crate) fn pascal(value: &Value) -> Value {
    spelled(value, char::to_ascii_uppercase)
}

/// The document with the API's keys. Functions (`Ref`) stay as they are.
pub(crate) fn camel(value: &Value) -> Value {
    spelled(value, char::to_ascii_lowercase)
}

fn spelled(value: &Value, case: fn(&char) -> char) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| spelled(item, case)).collect(),
        Value::Object(map) if is_function(map) => value.clone(),
        Value::Object(map) => map.iter().map(|(name, below)| (key(name, case), content(name, below, case))).collect(),
        scalar => scalar.clone(),
    }
}

fn content(name: &str, below: &Value, case: fn(&char) -> char) -> Value {
    match below {
        _ if name.eq_ignore_ascii_case(FOREIGN) => below.clone(),
        Value::Object(map) if name.eq_ignore_ascii_case(BY_NAME) && !is_function(map) => {
            map.iter().map(|(name, below)| (name.clone(), spelled(below, case))).collect()
        }
        _ => spelled(below, case),
    }
}

fn key(name: &str, case: fn(&char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| case(&first)).into_iter().chain(letters).collect()
}

/// A function of `CloudFormation` in its long form.
pub(crate) fn is_function(map: &Map<String, Value>) -> bool {
    map.len() == 1 && map.keys().all(|key| key == "Ref" || key.starts_with("Fn::"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_stay_and_keys_change() {
        let ours = json!({"actionGroups": [{"functionSchema": {"functions": [{"name": "f", "parameters": {"ParamA": {"type": "string"}}}]}}],
            "promptOverrideConfiguration": {"promptConfigurations": [{"additionalModelRequestFields": {"top_k": 1}}]}, "idleSessionTTLInSeconds": 60});
        let theirs = json!({"ActionGroups": [{"FunctionSchema": {"Functions": [{"Name": "f", "Parameters": {"ParamA": {"Type": "string"}}}]}}],
            "PromptOverrideConfiguration": {"PromptConfigurations": [{"AdditionalModelRequestFields": {"top_k": 1}}]}, "IdleSessionTTLInSeconds": 60});
        assert_eq!(pascal(&ours), theirs);
        assert_eq!(camel(&theirs), ours);
        assert_eq!(camel(&json!({"RoleArn": {"Ref": "X"}})), json!({"roleArn": {"Ref": "X"}}));
    }
}
