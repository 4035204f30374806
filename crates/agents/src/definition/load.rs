//! Reads a bot's folder: `bot.yaml` and the data files it names, every problem at once.

use std::{collections::HashSet, fs, path::Path};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Definition, Row, check, data,
    decode::{Decoded, decode},
    knowledge::KnowledgeSource,
    node::{Node, Place},
    problem::{Problem, Spot, suggest},
    schemas,
};

/// The file in a bot's folder.
pub const FILE_NAME: &str = "bot.yaml";

impl<C: DeserializeOwned> Definition<C> {
    /// Reads `bot.yaml` of a folder and the data files it names.
    ///
    /// # Errors
    /// All problems that could be found, in the order of their places.
    pub fn load(dir: &Path) -> Result<Self, Vec<Problem>> {
        Self::load_with(dir, |_, _| Vec::new())
    }

    /// The same, with further checks of the conversation's section: they are given the definition and the document's
    /// places.
    ///
    /// # Errors
    /// All problems, with those of `more`.
    pub fn load_with(dir: &Path, more: impl FnOnce(&Self, Place<'_>) -> Vec<Problem>) -> Result<Self, Vec<Problem>> {
        let text = fs::read_to_string(dir.join(FILE_NAME)).map_err(|error| {
            let hint = dir.is_file().then(|| "give the folder that has it".to_owned());
            vec![Problem::new(FILE_NAME, Spot::START, format!("cannot read it: {error}")).with_hint(hint)]
        })?;
        read(&text, FILE_NAME, Some(dir), more)
    }

    /// Reads the text of a `bot.yaml`. Data files are not read: the tables are empty. `file_name` is for the problems.
    ///
    /// # Errors
    /// All problems that could be found, in the order of their places.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, Vec<Problem>> {
        read(text, file_name, None, |_, _| Vec::new())
    }

    /// [`Self::parse`] with further checks.
    ///
    /// # Errors
    /// All problems, with those of `more`.
    pub fn parse_with(
        text: &str,
        file_name: &str,
        more: impl FnOnce(&Self, Place<'_>) -> Vec<Problem>,
    ) -> Result<Self, Vec<Problem>> {
        read(text, file_name, None, more)
    }
}

/// Reads another document of the same kind, such as `hours.yaml`, with further checks by its places.
///
/// # Errors
/// All problems that could be found, in the order of their places.
pub fn read_as<T: DeserializeOwned>(
    text: &str,
    file: &str,
    more: impl FnOnce(&T, Place<'_>) -> Vec<Problem>,
) -> Result<T, Vec<Problem>> {
    let root = Node::parse(text, file).map_err(|problem| vec![problem])?;
    let Decoded { value, mut problems, .. } = decode::<T>(&root, file);
    let Some(value) = value else { return Err(sorted(problems)) };
    problems.extend(more(&value, Place::root(&root)));
    if problems.is_empty() { Ok(value) } else { Err(sorted(problems)) }
}

fn read<C: DeserializeOwned>(
    text: &str,
    file: &str,
    dir: Option<&Path>,
    more: impl FnOnce(&Definition<C>, Place<'_>) -> Vec<Problem>,
) -> Result<Definition<C>, Vec<Problem>> {
    let root = Node::parse(text, file).map_err(|problem| vec![problem])?;
    let place = Place::root(&root);
    let Decoded { value, mut problems, .. } = decode::<Definition<C>>(&root, file);
    let Some(mut definition) = value else { return Err(sorted(problems)) };
    if let Some(dir) = dir {
        problems.extend(read_tables(&mut definition, place, dir, file));
        for source in definition.knowledge_bases.values_mut() {
            if let KnowledgeSource::Folder(folder) = source {
                folder.path = dir.join(&folder.folder);
            }
        }
        for server in definition.mcp_servers.values_mut() {
            dir.clone_into(&mut server.dir);
        }
    }
    problems.extend(schemas::read(&mut definition.agent, place.value("agent"), dir, file));
    problems.extend(check::check(&definition, place, file, dir.is_some()));
    problems.extend(more(&definition, place));
    if !problems.is_empty() {
        return Err(sorted(problems));
    }
    definition.by_operation();
    Ok(definition)
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| (a.file.as_str(), a.line, a.column).cmp(&(b.file.as_str(), b.line, b.column)));
    problems.dedup();
    problems
}

fn read_tables<C>(definition: &mut Definition<C>, place: Place<'_>, dir: &Path, file: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, table) in &definition.tables {
        let Some(data_file) = &table.data else { continue };
        let spot = place.value("tables").value(name).value("data").spot();
        match data::read(dir, data_file) {
            Ok(read) => {
                if !read.rows.is_empty() && !read.columns.contains(&table.key) {
                    let at = place.value("tables").value(name).value("key").spot();
                    let hint = suggest(&table.key, read.columns.iter().map(String::as_str));
                    let message = format!("the key column `{}` is not in {data_file}", table.key);
                    problems.push(Problem::new(file, at, message).with_hint(hint));
                }
                if let Some((row, key)) = repeated(&read.rows, &table.key) {
                    let message = format!("data file {data_file}: row {row} has the key {key} of a row before it");
                    problems.push(Problem::new(file, spot, message));
                }
                definition.rows.insert(name.clone(), read.rows);
            }
            Err(data::DataError::File(message)) => {
                problems.push(Problem::new(file, spot, format!("data file {data_file}: {message}")));
            }
            Err(data::DataError::Content { line, message }) => {
                problems.push(Problem::new(data_file, Spot { line, column: 1 }, message));
            }
        }
    }
    problems
}

/// The first row, from 1, whose key is that of a row before: only one of them would be found.
fn repeated<'r>(rows: &'r [Row], key: &str) -> Option<(usize, &'r Value)> {
    let mut seen = HashSet::new();
    let keys = rows.iter().enumerate().filter_map(|(index, row)| Some((index + 1, row.get(key)?)));
    keys.into_iter().find(|(_, key)| !seen.insert(key.to_string()))
}
