//! Files of conversations: `conversations/*.yaml`, and the AWS agent-evaluation's `agenteval.yml`.

mod agenteval;
mod conversation;
mod expectations;
mod fields;
mod known;

use std::{
    fs,
    path::{Path, PathBuf},
};

use relevo_agents::definition::{Problem, Spot, node::Node};
use serde_json::Value;

use crate::{expect::Expectation, matcher::Matcher};
use fields::Reader;
pub use known::Known;

/// The folder in a bot's folder.
pub const FOLDER: &str = "conversations";

/// A conversation to be held.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// The file it is in, as it was named to us.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// The contact attributes that a flow would have set before the bot starts.
    pub attributes: Vec<(String, String)>,
    /// What functions answer instead of whoever executes them, by name.
    pub functions: Vec<(String, Vec<Stub>)>,
    /// What must be true of the greeting.
    pub greeting: Option<(u32, Matcher)>,
    /// What is said, in order.
    pub turns: Vec<Said>,
    /// Results that are expected in words that only a reader, or a language model, can judge.
    pub unchecked: Vec<(u32, String)>,
    /// Nothing in it is checked but that the agent answers.
    pub unjudged: bool,
}

/// What a customer says, and what must be true then.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its line.
    pub line: u32,
    /// The words.
    pub customer: String,
    /// What must be true.
    pub expect: Vec<Expectation>,
    /// What is kept of the answer for later turns: a name, and an expression whose first group (or all of it) is kept.
    pub keep: Vec<(u32, String, regex::Regex)>,
}

/// What a function answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Stub {
    /// Its result.
    Returns(Value),
    /// It fails.
    Fails(String),
}

/// Reads the conversations of a file, for a bot of which this is known.
///
/// # Errors
/// Every problem that could be found.
pub fn read(path: &Path, known: &Known) -> Result<Vec<Conversation>, Vec<Problem>> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| vec![Problem::new(&name, Spot::START, format!("cannot read it: {error}"))])?;
    parse(&text, &name, known)
}

/// Reads conversations from a text; `file` is for the problems, `known` what is known of the bot.
///
/// # Errors
/// Every problem that could be found.
pub fn parse(text: &str, file: &str, known: &Known) -> Result<Vec<Conversation>, Vec<Problem>> {
    let root = Node::parse(text, file).map_err(|problem| vec![problem])?;
    let reader = Reader::new(file, known);
    let conversations =
        if agenteval::is(&root) { agenteval::read(&reader, &root) } else { conversation::read_all(&reader, &root) };
    let mut problems = reader.into_problems();
    let mut names: Vec<(&str, u32)> = conversations.iter().map(|it| (it.name.as_str(), it.line)).collect();
    names.sort_unstable();
    for pair in names.windows(2) {
        if let [(first, _), (second, line)] = pair
            && first == second
        {
            let spot = Spot { line: *line, column: 1 };
            problems.push(Problem::new(file, spot, format!("a second conversation has the name “{second}”")));
        }
    }
    if conversations.is_empty() && problems.is_empty() {
        problems.push(Problem::new(file, Spot::START, "no conversation is in it"));
    }
    if problems.is_empty() { Ok(conversations) } else { Err(problems) }
}

/// The files of a bot's folder, by name.
///
/// # Errors
/// When the folder cannot be read.
pub fn of_bot(bot: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(bot.join(FOLDER))? {
        let path = entry?.path();
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if yaml && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
