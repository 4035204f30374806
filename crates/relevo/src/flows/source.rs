//! Files that have flows in them: a flow itself, what the console exports, what `describe-contact-flow` answers and
//! `create-contact-flow` is given, and templates.

use std::path::{Path, PathBuf};

use relevo_connect::flow::FlowKind;
use serde_json::Value;

use super::{Finding, lines::Lines, template};

/// A flow's text, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The file.
    pub file: PathBuf,
    /// The template's resource.
    pub resource: Option<String>,
    /// Where the text's lines stand in the file.
    pub lines: Lines,
    /// The flow's JSON.
    pub text: String,
    /// Its type, where the file says so.
    pub kind: Option<FlowKind>,
    /// What else a template may make of the flow: it is checked too.
    pub others: Vec<Self>,
}

/// Every flow of a file, and what is wrong with the file itself.
pub(crate) fn read(file: &Path) -> (Vec<Source>, Vec<Finding>) {
    match std::fs::read_to_string(file) {
        Ok(text) => of_text(file, &text),
        Err(error) => (Vec::new(), vec![Finding::of_file(file, 1, "unreadable", format!("cannot be read: {error}"))]),
    }
}

fn of_text(file: &Path, text: &str) -> (Vec<Source>, Vec<Finding>) {
    let whole = Source {
        file: file.to_path_buf(),
        resource: None,
        lines: Lines::Same,
        text: text.to_owned(),
        kind: None,
        others: Vec::new(),
    };
    let is_yaml = file
        .extension()
        .is_some_and(|extension| ["yaml", "yml", "template"].iter().any(|known| extension.eq_ignore_ascii_case(known)));
    match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
        Ok(json) if json.get("Resources").is_some() => template::flows(file, text),
        Ok(json) => match json.get("ContactFlow").or_else(|| json.get("ContactFlowModule")) {
            Some(described) => (vec![of_answer(whole, described)], Vec::new()),
            None if is_request(&json) => (vec![of_answer(whole, &json)], Vec::new()),
            None => (vec![whole], Vec::new()),
        },
        Err(_) if is_yaml => template::flows(file, text),
        // The flow's own reader says where the text stops being JSON.
        Err(_) => (vec![whole], Vec::new()),
    }
}

/// What `create-contact-flow` and `update-contact-flow-content` are given: the flow is a text in it.
fn is_request(json: &Value) -> bool {
    json.get("Content").is_some_and(Value::is_string) && json.get("Actions").is_none()
}

/// `aws connect describe-contact-flow`: the flow is a text in the answer, all of it on one line.
fn of_answer(whole: Source, described: &Value) -> Source {
    let text_of = |key: &str| described.get(key).and_then(Value::as_str);
    let line = whole.text.lines().position(|line| line.contains("\"Content\"")).map_or(1, |at| at + 1);
    Source {
        lines: Lines::Each(vec![line]),
        text: text_of("Content").unwrap_or_default().to_owned(),
        kind: text_of("Type").and_then(FlowKind::from_name),
        resource: text_of("Name").map(str::to_owned),
        ..whole
    }
}
