//! A template of ours: what its supervisor carries, with what its resources say, is the definition as it was.

use serde_json::{Map, Value, json};

use super::{Imported, Note, note, resolve::resolved, sources::Named, template};
use crate::{
    classic,
    document::{CARRIED, patch, template as resources},
};

/// What stands for what a stack would know.
const STANDS_FOR: [(&str, &str); 5] = [
    ("${AWS::Partition}", "aws"),
    ("${AWS::Region}", "us-east-1"),
    ("${AWS::AccountId}", "123456789012"),
    ("${instanceId}", "00000000-0000-4000-8000-000000000001"),
    ("${queueId}", "00000000-0000-4000-8000-000000000010"),
];

/// A template of ours.
pub(super) struct Carried<'t> {
    file: &'t str,
    template: &'t Value,
    supervisor: &'t str,
    carried: &'t Map<String, Value>,
}

/// The first template whose supervisor carries a definition.
pub(super) fn of(templates: &[Named<Value>]) -> Option<Carried<'_>> {
    templates.iter().find_map(|Named { file, it }| {
        let (supervisor, carried) = template::resources(it).iter().find_map(|(id, resource)| {
            let is_agent = resource.get("Type").and_then(Value::as_str) == Some(resources::AGENT);
            let carried = resource.get("Metadata")?.get(CARRIED)?.as_object()?;
            is_agent.then_some((id.as_str(), carried))
        })?;
        Some(Carried { file, template: it, supervisor, carried })
    })
}

/// The definition, with the files that it names.
pub(super) fn definition(found: &Carried<'_>, imported: &mut Imported, notes: &mut Vec<Note>) -> Value {
    let resources = template::resources(found.template);
    let mut agent = classic::back(resources, found.supervisor, found.carried.get("tools"));
    schema_files(&agent, found.carried.get("agent"), imported);
    if let Some(rest) = found.carried.get("agent") {
        patch::apply(&mut agent, rest);
    }
    let mut document = Map::new();
    for (key, value) in found.carried.iter().filter(|(key, _)| *key != "agent") {
        document.insert(key.clone(), value.clone());
        if key == "languages" {
            document.insert("agent".into(), agent.clone());
        }
    }
    document.entry("agent").or_insert(agent);
    let document = Value::Object(document);
    named_files(&document, found.file, imported, notes);
    document
}

/// The text of each API schema that was a file.
fn schema_files(agent: &Value, rest: Option<&Value>, imported: &mut Imported) {
    let Some(rest) = rest else { return };
    for group in list(agent, "actionGroups") {
        let name = group.get("actionGroupName").and_then(Value::as_str).unwrap_or_default();
        let path = rest.get("actionGroups").and_then(|groups| groups.get(name)?.pointer("/apiSchema/file")?.as_str());
        let text = group.pointer("/apiSchema/payload").and_then(Value::as_str);
        if let (Some(path), Some(text)) = (path, text) {
            imported.files.insert(path.to_owned(), text.to_owned());
        }
    }
    for collaborator in list(agent, "collaborators") {
        let name = collaborator.get("agentName").and_then(Value::as_str).unwrap_or_default();
        schema_files(collaborator, rest.get("collaborators").and_then(|below| below.get(name)), imported);
    }
}

/// Files that a definition names and a template does not have: they begin empty.
fn named_files(document: &Value, file: &str, imported: &mut Imported, notes: &mut Vec<Note>) {
    let map = |key: &str| document.get(key).and_then(Value::as_object).into_iter().flatten();
    for (name, table) in map("tables") {
        let Some(path) = table.get("data").and_then(Value::as_str) else { continue };
        let columns = columns(document, name, table);
        let text = if path.ends_with(".json") { "[]\n".to_owned() } else { columns.join(",") + "\n" };
        imported.files.insert(path.to_owned(), text);
        note(
            notes,
            file,
            format!("tables.{name}: {path}"),
            "the rows are not in the template; the file has its columns alone",
        );
    }
    for (id, base) in map("knowledgeBases") {
        if let Some(folder) = base.get("folder").and_then(Value::as_str) {
            imported.folders.push(folder.to_owned());
            note(
                notes,
                file,
                format!("knowledgeBases.{id}: {folder}"),
                "the documents are not in the template; the folder is empty",
            );
        }
    }
    for (name, server) in map("mcpServers") {
        if server.get("command").is_some() {
            note(notes, file, format!("mcpServers.{name}"), "the program that it starts is not in the template");
        }
    }
}

/// The columns that the tools of a table name, its key first.
fn columns(document: &Value, table: &str, declared: &Value) -> Vec<String> {
    let mut columns: Vec<String> = declared.get("key").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    let tools = document.get("tools").and_then(Value::as_object).into_iter().flatten();
    let tools =
        tools.filter_map(|(_, tools)| tools.as_object()).flatten().filter_map(|(_, tool)| tool.as_object()).flatten();
    for (_, tool) in tools {
        for part in [Some(tool), tool.get("requires")].into_iter().flatten() {
            if part.get("table").and_then(Value::as_str) != Some(table) {
                continue;
            }
            let keys =
                ["match", "row"].iter().filter_map(|key| part.get(*key)?.as_object()).flat_map(Map::keys).cloned();
            let returned = list(part, "return").filter_map(Value::as_str).map(str::to_owned);
            for column in keys.chain(returned) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
    }
    columns
}

/// The flow of the stack, with names that stand for what the stack knew.
pub(super) fn flow(found: &Carried<'_>, notes: &mut Vec<Note>) -> Option<Named<String>> {
    let (id, properties) = resources::of_type(template::resources(found.template), super::flow::RESOURCE).next()?;
    let mut text = resolved(properties.get("Content")?, &json!({})).as_str()?.to_owned();
    for (name, value) in STANDS_FOR {
        text = text.replace(name, value);
    }
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(".Arn}") {
            Some((function, rest)) if function.chars().all(|c| c.is_ascii_alphanumeric()) => {
                whole.push_str(&format!("arn:aws:lambda:us-east-1:123456789012:function:{}{rest}", kebab(function)));
            }
            _ => whole.push_str(&format!("${{{part}")),
        }
    }
    let why =
        "region, account, instance, queue and functions are the stack's; names that stand for them are in their place";
    note(notes, found.file, format!("{id}: Content"), why);
    Some(Named { file: found.file.to_owned(), it: whole })
}

/// `StartBot` is the function `start-bot`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

fn list<'d>(value: &'d Value, key: &str) -> impl Iterator<Item = &'d Value> + use<'d> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
