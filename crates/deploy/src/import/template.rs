//! The agents of a template that is not ours.

use serde_json::{Map, Value, json};

use super::{Note, note, resolve::resolved, sources::Named, told};
use crate::document::{
    back::{self, Found},
    camel, template,
};

/// The agents of a template, by logical id.
pub(super) fn agents(template: &Named<Value>, notes: &mut Vec<Note>) -> Vec<Found> {
    let resources = resources(&template.it);
    let mut found = Vec::new();
    for (id, properties) in template::of_type(resources, template::AGENT) {
        let mut properties = resolved(properties, &template.it);
        name_functions(&mut properties, resources, &template.file, notes);
        name_model(&mut properties);
        let mut lost = Vec::new();
        let properties = camel(&properties);
        let guardrail = properties.get("guardrailConfiguration").and_then(|it| it.get("guardrailIdentifier"));
        let elsewhere =
            |id: &Value| !id.is_string() && !template::referred(id).is_some_and(|id| resources.contains_key(id));
        if guardrail.is_some_and(elsewhere) {
            lost.push((
                format!("agent {id}: guardrailConfiguration"),
                "its id is known to the stack alone: write it in".into(),
            ));
        }
        let agent = back::found(id, &properties, &mut lost);
        if let Some(instruction) =
            agent.agent.get("instruction").and_then(Value::as_str).filter(|text| text.contains("${"))
        {
            let of = instruction.split("${").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
            lost.push((
                format!("agent {id}: instruction"),
                format!("`${{{of}}}` in it is known to the stack alone: write it in"),
            ));
        }
        told(notes, &template.file, lost);
        found.push(agent);
    }
    found
}

/// A template's resources.
pub(super) fn resources(template: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    template.get("Resources").and_then(Value::as_object).unwrap_or(&NONE)
}

/// An executor that is the template's own function is called by that function's name.
fn name_functions(properties: &mut Value, resources: &Map<String, Value>, file: &str, notes: &mut Vec<Note>) {
    for group in properties.get_mut("ActionGroups").and_then(Value::as_array_mut).into_iter().flatten() {
        let group_name = group.get("ActionGroupName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(lambda) = group.get_mut("ActionGroupExecutor").and_then(|it| it.get_mut("Lambda")) else { continue };
        let name = match &*lambda {
            Value::String(text) if !text.contains("${") => continue,
            Value::String(text) => text
                .rsplit(":function:")
                .next()
                .unwrap_or(text)
                .trim_matches(['$', '{', '}'])
                .split('.')
                .next()
                .map(str::to_owned),
            other => template::referred(other).map(str::to_owned),
        };
        let Some(name) = name else { continue };
        let own = resources.get(&name).and_then(|it| it.pointer("/Properties/FunctionName")).and_then(Value::as_str);
        let function = own.unwrap_or(&name).to_owned();
        if own.is_none() {
            let why = format!(
                "the function's ARN is known to the stack alone; it is called `{function}` here: put the ARN in its place"
            );
            note(notes, file, format!("action group {group_name}: executor"), why);
        }
        *lambda = json!(function);
    }
}

/// A profile in the stack's own account is called by its id.
fn name_model(properties: &mut Value) {
    if let Some(model) = properties.get_mut("FoundationModel")
        && let Some(text) = model.as_str().filter(|text| text.contains("${"))
    {
        let id = text.rsplit('/').next().unwrap_or_default().to_owned();
        *model = if id.contains("${") || id.is_empty() { Value::Null } else { json!(id) };
    }
}
