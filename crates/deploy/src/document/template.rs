//! The agents of a template's resources.

use serde_json::{Map, Value};

use super::{
    back::{self, Found, Lost},
    camel,
};

/// `Type` of an agent.
pub(crate) const AGENT: &str = "AWS::Bedrock::Agent";
/// `Type` of an alias.
pub(crate) const ALIAS: &str = "AWS::Bedrock::AgentAlias";

/// All agents, by their logical ids.
pub(crate) fn agents(resources: &Map<String, Value>, lost: &mut Lost) -> Vec<Found> {
    of_type(resources, AGENT).map(|(id, properties)| back::found(id, &camel(properties), lost)).collect()
}

/// The logical id of the agent that an alias is of. The alias is what a supervisor names: its resource, or an agent's own.
pub(crate) fn agent_of<'r>(resources: &'r Map<String, Value>, alias: &'r Value) -> Option<&'r str> {
    let id = referred(alias)?;
    let resource = resources.get(id)?;
    match resource.get("Type").and_then(Value::as_str)? {
        AGENT => Some(id),
        ALIAS => referred(resource.pointer("/Properties/AgentId")?),
        _ => None,
    }
}

/// The resources of a type, with their properties.
pub(crate) fn of_type<'r>(resources: &'r Map<String, Value>, kind: &str) -> impl Iterator<Item = (&'r str, &'r Value)> {
    let is = move |resource: &&Value| resource.get("Type").and_then(Value::as_str) == Some(kind);
    resources
        .iter()
        .filter(move |(_, resource)| is(resource))
        .filter_map(|(id, it)| Some((id.as_str(), it.get("Properties")?)))
}

/// The logical id in `Ref` or `Fn::GetAtt`.
pub(crate) fn referred(value: &Value) -> Option<&str> {
    let text = value.get("Ref").or_else(|| value.get("Fn::GetAtt"));
    match text? {
        Value::String(text) => text.split('.').next(),
        Value::Array(parts) => parts.first()?.as_str(),
        _ => None,
    }
}
