//! A template of ours: what its supervisor carries, with what its resources say, is the definition as it was.

use std::{fmt::Write, path::Path};

use serde_json::{Map, Value, json};

use super::{Imported, Note, note, resolve::resolved, sources::Named, template};
use crate::{
    classic,
    document::{CARRIED, parts::list, patch, template as resources},
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
    /// The agent whose tree it is; none where the whole definition stands in the template's own metadata.
    supervisor: Option<&'t str>,
    kept: &'t Map<String, Value>,
}

/// The first template that carries a definition: in its supervisor's metadata what its resources have no word for, or all of
/// it in its own.
pub(super) fn of(templates: &[Named<Value>]) -> Option<Carried<'_>> {
    templates.iter().find_map(|Named { file, it }| {
        let (supervisor, kept) = template::resources(it).iter().find_map(by_supervisor).or_else(|| {
            let kept = kept(it)?;
            kept.contains_key("agent").then_some((None, kept))
        })?;
        Some(Carried { file, template: it, supervisor, kept })
    })
}

fn by_supervisor<'t>((id, resource): (&'t String, &'t Value)) -> Option<(Option<&'t str>, &'t Map<String, Value>)> {
    let is_agent = resource.get("Type").and_then(Value::as_str) == Some(resources::AGENT);
    Some((Some(id.as_str()), kept(resource).filter(|_| is_agent)?))
}

fn kept(of: &Value) -> Option<&Map<String, Value>> {
    of.get("Metadata")?.get(CARRIED)?.as_object()
}

/// The definition, with the files that it names.
pub(super) fn definition(found: &Carried<'_>, imported: &mut Imported, notes: &mut Vec<Note>) -> Value {
    let mut document = found.kept.clone();
    if let Some(supervisor) = found.supervisor {
        let rest = document.shift_remove("agent");
        let mut agent = classic::back(template::resources(found.template), supervisor, found.kept.get("tools"));
        if let Some(rest) = &rest {
            schema_files(&agent, rest, imported);
            patch::apply(&mut agent, rest);
        }
        // Where people look for it.
        let at = document.keys().position(|key| key == "languages").map_or(0, |at| at + 1);
        document.shift_insert(at, "agent".into(), agent);
    }
    let document = Value::Object(document);
    named_files(&document, found.file, imported, notes);
    document
}

/// The text of each API schema that was a file.
fn schema_files(agent: &Value, rest: &Value, imported: &mut Imported) {
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
        if let Some(rest) = rest.get("collaborators").and_then(|below| below.get(name)) {
            schema_files(collaborator, rest, imported);
        }
    }
}

/// API schemas that are files of which nothing is known.
fn unknown_schemas(agent: &Value, file: &str, imported: &Imported, notes: &mut Vec<Note>) {
    for path in list(agent, "actionGroups").filter_map(|group| group.pointer("/apiSchema/file")?.as_str()) {
        if !imported.files.contains_key(path) {
            note(notes, file, format!("apiSchema: {path}"), "it is not in the template: put the file there");
        }
    }
    for collaborator in list(agent, "collaborators") {
        unknown_schemas(collaborator, file, imported, notes);
    }
}

/// Files that a definition names and a template does not have: they begin empty.
fn named_files(document: &Value, file: &str, imported: &mut Imported, notes: &mut Vec<Note>) {
    unknown_schemas(document.get("agent").unwrap_or(&Value::Null), file, imported, notes);
    let map = |key: &str| document.get(key).and_then(Value::as_object).into_iter().flatten();
    for (name, table) in map("tables") {
        let Some(path) = table.get("data").and_then(Value::as_str) else { continue };
        let columns = columns(document, name, table);
        let text = if Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
            "[]\n".to_owned()
        } else {
            columns.join(",") + "\n"
        };
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
        // Writing into a text does not fail.
        let _written = match part.split_once(".Arn}") {
            Some((function, rest)) if function.chars().all(|c| c.is_ascii_alphanumeric()) => {
                write!(whole, "arn:aws:lambda:us-east-1:123456789012:function:{}{rest}", kebab(function))
            }
            _ => write!(whole, "${{{part}"),
        };
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
