//! `bot.yaml` as a JSON value: what templates carry along, and what a definition is compared by.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::{Number, Value as Json};

use super::{
    Definition,
    decode::{Decoded, decode},
    node::{Node, Scalar, Value},
    problem::Problem,
};

impl<C: DeserializeOwned> Definition<C> {
    /// The document itself, keys in its order. Each plain scalar is of the type that its key has, whatever YAML would take it for:
    /// a language `no` is a text, and `required: yes` is true.
    ///
    /// # Errors
    /// All problems of its types. References are not checked.
    pub fn document(text: &str, file_name: &str) -> Result<Json, Vec<Problem>> {
        let root = Node::parse(text, file_name).map_err(|problem| vec![problem])?;
        let Decoded { value, problems, texts } = decode::<Self>(&root, file_name);
        match value {
            Some(_) if problems.is_empty() => Ok(json(&root, &texts)),
            _ => Err(problems),
        }
    }
}

fn json(node: &Node, texts: &HashSet<usize>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Scalar { written, .. } if texts.contains(&node.address()) => Json::from(written.as_str()),
        Value::Scalar { scalar, .. } => scalar.json(),
        Value::List(items) => items.iter().map(|item| json(item, texts)).collect(),
        Value::Map(entries) => entries.iter().map(|(key, node)| (key.name.clone(), json(node, texts))).collect(),
    }
}

impl Scalar {
    /// As JSON has it; nothing for what it does not have, such as infinity.
    pub fn json(self) -> Json {
        match self {
            Self::Bool(value) => Json::from(value),
            Self::Unsigned(value) => Json::from(value),
            Self::Signed(value) => Json::from(value),
            Self::Float(value) => Number::from_f64(value).map_or(Json::Null, Json::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_have_the_types_of_their_keys() {
        let text = "
name: 12.50
languages: [no, en]
agent: {agentName: a, instruction: yes, idleSessionTTLInSeconds: 0x3C, actionGroups: [{actionGroupName: 7, functionSchema: {functions: [
  {name: f, parameters: {p: {type: string, required: yes}}}]}}]}
conversation: {x: 1}
tables: {t: {key: on}}
";
        let document = Definition::<serde_json::Value>::document(text, "bot.yaml").unwrap();
        assert_eq!(document["name"], json!("12.50"));
        assert_eq!(document["languages"], json!(["no", "en"]));
        assert_eq!(document["agent"]["instruction"], json!("yes"));
        assert_eq!(document["agent"]["idleSessionTTLInSeconds"], json!(60));
        let group = &document["agent"]["actionGroups"][0];
        assert_eq!(group["actionGroupName"], json!("7"));
        assert_eq!(
            group["functionSchema"]["functions"][0]["parameters"]["p"],
            json!({"type": "string", "required": true})
        );
        assert_eq!(document["tables"]["t"]["key"], json!("on"));
        assert_eq!(document["conversation"], json!({"x": 1}));
        let problems = Definition::<serde_json::Value>::document("name: a\nnam: b\n", "bot.yaml").unwrap_err();
        assert!(problems.iter().any(|problem| problem.message.contains("`nam`")), "{problems:?}");
    }
}
