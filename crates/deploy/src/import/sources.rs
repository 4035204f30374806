//! What each file is, by its content.

use relevo_agents::definition::Problem;
use serde_json::{Map, Value};

use super::{File, ImportError, Note, note};
use crate::cfn;

/// Files by what they are, each with its name.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Templates, in the long form.
    pub(super) templates: Vec<Named<Value>>,
    /// Answers of `aws bedrock-agent`.
    pub(super) answers: Vec<Named<Value>>,
    /// Lists of action groups.
    pub(super) groups: Vec<Named<Vec<Value>>>,
    /// Contact flows, as they are written.
    pub(super) flows: Vec<Named<String>>,
}

/// Something and the file it comes from.
#[derive(Debug, Clone)]
pub(super) struct Named<T> {
    /// The file.
    pub(super) file: String,
    /// What.
    pub(super) it: T,
}

/// Sorts them.
pub(super) fn sort(given: &[File], notes: &mut Vec<Note>) -> Result<Sources, ImportError> {
    let mut sources = Sources::default();
    for File { name, text, asked_for } in given {
        let documents = match documents(name, text) {
            Ok(documents) => documents,
            Err(problem) if *asked_for => return Err(ImportError::Unreadable(problem)),
            Err(_) => continue,
        };
        for document in documents {
            let file = name.clone();
            match document {
                Value::Object(map) if map.get("Resources").is_some_and(Value::is_object) => {
                    sources.templates.push(Named { file, it: Value::Object(map) });
                }
                Value::Object(map) if is_flow(&map) => sources.flows.push(Named { file, it: text.clone() }),
                // `aws connect describe-contact-flow` has the flow as a text inside.
                Value::Object(map) if map.get("ContactFlow").is_some() => {
                    let content = map.get("ContactFlow").and_then(|it| it.get("Content")).and_then(Value::as_str);
                    sources.flows.extend(content.map(|content| Named { file, it: content.to_owned() }));
                }
                Value::Object(map) if is_answer(&map) => sources.answers.push(Named { file, it: Value::Object(map) }),
                Value::Array(items) if is_groups(&items) => sources.groups.push(Named { file, it: items }),
                _ if *asked_for => {
                    let why = "it is no template, answer of bedrock-agent, list of action groups or contact flow";
                    note(notes, name, "the file", why);
                }
                _ => {}
            }
        }
    }
    if sources.templates.is_empty()
        && sources.answers.is_empty()
        && sources.groups.is_empty()
        && sources.flows.is_empty()
    {
        let names: Vec<&str> = given.iter().map(|file| file.name.as_str()).collect();
        return Err(ImportError::Nothing(names.join(", ")));
    }
    Ok(sources)
}

/// The documents in a file: several of JSON may stand one behind the other, as `aws` prints them.
fn documents(name: &str, text: &str) -> Result<Vec<Value>, Problem> {
    let json: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    match json {
        Ok(documents) if !documents.is_empty() => Ok(documents),
        _ => cfn::read(text, name).map(|document| vec![document]),
    }
}

fn is_flow(map: &Map<String, Value>) -> bool {
    map.get("Actions").is_some_and(Value::is_array) && map.contains_key("StartAction")
}

/// The members that answers of `bedrock-agent` have.
fn is_answer(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| super::api::MEMBERS.contains(&key.as_str()))
}

fn is_groups(items: &[Value]) -> bool {
    !items.is_empty()
        && items.iter().all(|item| item.get("action_group_name").or_else(|| item.get("actionGroupName")).is_some())
}
