//! A bot's folder made of what stands on AWS, or was made to stand there: templates, the API's answers, action groups as
//! files, contact flows.
//!
//! Everything here is pure: texts of files in, texts of files out. What cannot be carried over is said, with its source and why.

mod api;
mod carried;
mod definition;
mod flow;
mod groups;
mod guardrail;
mod handoff;
mod mend;
mod offline;
mod resolve;
mod sources;
mod team;
mod template;
mod words;

use std::{collections::BTreeMap, fmt};

use relevo_agents::definition::{FILE_NAME, Problem};
use serde_json::Value;

use crate::{cfn, document::back::Lost};

/// A file that was given.
#[derive(Debug, Clone)]
pub struct File {
    /// As it is named to a person.
    pub name: String,
    /// Its content.
    pub text: String,
    /// Whether it was named itself, so that something is expected of it; else it was found in a folder.
    pub asked_for: bool,
}

/// What a person may say about it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The name or id of the agent at the top, where several could be.
    pub agent: Option<String>,
    /// The bot's languages; empty: what its texts are written in.
    pub languages: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The folder's files, by path below it.
    pub files: BTreeMap<String, String>,
    /// Folders that stand empty.
    pub folders: Vec<String>,
    /// What could not be carried over, or must be looked at.
    pub notes: Vec<Note>,
}

/// Something a person must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file it is about.
    pub source: String,
    /// What.
    pub what: String,
    /// Why, and what can be done.
    pub why: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.source, self.what, self.why)
    }
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// A file is a template, and cannot be read.
    #[error("{0}")]
    Unreadable(Problem),
    /// Nothing of what was given tells of an agent or a flow.
    #[error("no agent and no contact flow in what was given ({0})")]
    Nothing(String),
    /// No agent, only a flow.
    #[error("a contact flow alone is no bot: give what tells of its agents as well")]
    NoAgents,
    /// More than one agent could be at the top.
    #[error("several agents are asked by no other ({0}): say which is the bot's with --agent")]
    SeveralAtTheTop(String),
    /// The one that was named is not there.
    #[error("there is no agent `{0}`; there are {1}")]
    NoSuchAgent(String, String),
}

/// Makes a bot's folder.
///
/// # Errors
/// When there is nothing to make it of.
pub fn import(given: &[File], options: &Options) -> Result<Imported, ImportError> {
    let mut notes = Vec::new();
    let sources = sources::sort(given, &mut notes)?;
    let mut imported = Imported::default();
    let (document, flow) = match carried::of(&sources.templates) {
        Some(found) => {
            let document = carried::definition(&found, &mut imported, &mut notes);
            (document, carried::flow(&found, &mut notes))
        }
        None => (team::of(&sources, options, &mut notes)?.definition(options, &mut notes), None),
    };
    let flow = flow::choose(&sources, flow, &document, &mut notes);
    imported.files.insert(flow::FILE_NAME.into(), flow);
    imported.files.insert(FILE_NAME.into(), text(&document, given));
    imported.notes = notes;
    Ok(imported)
}

fn text(document: &Value, given: &[File]) -> String {
    let names: Vec<&str> = given.iter().map(|file| file.name.as_str()).collect();
    format!("# Made by `relevo import` of {}.\n{}", names.join(", "), cfn::plain(document))
}

fn note(notes: &mut Vec<Note>, source: &str, what: impl Into<String>, why: impl Into<String>) {
    notes.push(Note { source: source.to_owned(), what: what.into(), why: why.into() });
}

fn told(notes: &mut Vec<Note>, source: &str, lost: Lost) {
    notes.extend(lost.into_iter().map(|(what, why)| Note { source: source.to_owned(), what, why }));
}
