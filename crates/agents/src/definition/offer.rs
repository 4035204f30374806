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
