//! Tools of a server as the functions of an action group: what their own schemas say.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    agent::{Agent, Function, Parameter, RequireConfirmation},
    node::Node,
    openapi,
};

/// A tool that a server offers.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedTool {
    /// Its name there.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// JSON schema of its arguments: a structure. References within it are followed.
    pub input_schema: Value,
}

impl OfferedTool {
    /// The function that calls it.
    ///
    /// # Errors
    /// What is wrong with its schema.
    pub fn function(self) -> Result<Function, String> {
        // JSON is YAML.
        let node = Node::parse(&self.input_schema.to_string(), "").map_err(|problem| problem.message)?;
        let whole = openapi::alone(&node)?;
        if let Some(Value::Object(properties)) = whole.get("properties")
            && let Some(name) = properties.keys().find(|name| !is_for_models(name))
        {
            return Err(format!("its parameter `{name}` has a name that models do not take"));
        }
        let required: Vec<&str> =
            whole.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let parameter = |(name, schema): (&String, &Value)| {
            let parameter = Parameter {
                description: schema.get("description").and_then(Value::as_str).map(str::to_owned),
                r#type: openapi::type_of(schema),
                required: required.contains(&name.as_str()),
                schema: Some(schema.clone()),
            };
            (name.clone(), parameter)
        };
        let properties = whole.get("properties").and_then(Value::as_object).into_iter().flatten();
        let parameters: IndexMap<String, Parameter> = properties.map(parameter).collect();
        let require_confirmation = RequireConfirmation::Disabled;
        Ok(Function {
            name: self.name,
            description: self.description,
            parameters,
            require_confirmation,
            operation: None,
        })
    }
}

/// What providers take of a property's name.
fn is_for_models(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (1..=64).contains(&name.len()) && name.chars().all(letter)
}

impl Agent {
    /// Gives action groups the functions that a server offers, by action group.
    pub fn offer(&mut self, functions: &BTreeMap<String, Vec<Function>>) {
        for group in &mut self.action_groups {
            if let Some(offered) = functions.get(&group.action_group_name) {
                group.operations.clone_from(offered);
            }
        }
        for collaborator in &mut self.collaborators {
            collaborator.offer(functions);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::definition::agent::ParameterType;

    fn function(input_schema: Value) -> Result<Function, String> {
        OfferedTool { name: "find".into(), description: None, input_schema }.function()
    }

    #[test]
    fn a_schema_becomes_parameters() {
        let found = function(json!({
            "allOf": [{"$ref": "#/$defs/Page"}],
            "required": ["city"],
            "properties": {"city": {"type": "string", "description": "Where"}, "when": {"type": ["integer", "null"]}},
            "$defs": {"Page": {"properties": {"page": {"type": "integer"}}}},
        }));
        let parameters = found.unwrap().parameters;
        let flat: Vec<_> = parameters.iter().map(|(name, it)| (name.as_str(), it.r#type, it.required)).collect();
        let integer = ParameterType::Integer;
        assert_eq!(flat, [("page", integer, false), ("city", ParameterType::String, true), ("when", integer, false)]);
        assert_eq!(function(json!({"type": "object"})).unwrap().parameters.len(), 0);
    }

    #[test]
    fn a_schema_that_no_model_can_be_given_is_refused() {
        for (schema, says) in [
            (json!({"properties": {"filter[state]": {}}}), "`filter[state]` has a name that models do not take"),
            (json!({"properties": {"a": {"$ref": "#/$defs/None"}}}), "refers to nothing"),
            (json!({"properties": {"a": {"type": "text"}}}), "is not a type of JSON schema"),
            (json!([]), "a schema must be a structure"),
        ] {
            let refused = function(schema.clone()).unwrap_err();
            assert!(refused.contains(says), "{schema}: {refused}");
        }
    }
}
