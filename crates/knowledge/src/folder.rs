//! A knowledge base of a folder: its index follows the folder.
//!
//! Before a search the folder is looked at, at most once in a while. Files whose size or time of change is another are read
//! anew, and those alone. One search looks, others meanwhile use the index as it is.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, TryLockError},
    time::Duration,
};

use relevo_agents::{
    knowledge::{Location, RetrievedReference},
    words::Words,
};
use serde_json::{Map, json};

use crate::{
    KnowledgeError,
    files::{File, FileProblem, list},
    index::{Passage, View},
    indexer::Indexer,
    read::read,
};

/// A folder of documents.
#[derive(Debug, Clone)]
pub struct FolderSettings {
    /// The folder.
    pub folder: PathBuf,
    /// The documents' language; none: each one's own is found out.
    pub language: Option<String>,
    /// The languages of short documents: one of these.
    pub languages: Vec<String>,
    /// How long the folder is not looked at again.
    pub look_every: Duration,
}

/// Where the index is.
#[derive(Debug, Clone)]
pub enum Keep {
    /// In memory: it is made when it is first needed.
    Memory,
    /// In a folder of its own, which may be removed at any time.
    Folder(PathBuf),
}

/// A knowledge base. Its methods block: they are for threads that may.
pub struct FolderBase {
    settings: FolderSettings,
    keep: Keep,
    indexer: Mutex<Indexer>,
    current: RwLock<Option<Current>>,
}

/// What is searched.
#[derive(Clone)]
pub(crate) struct Current {
    /// The index.
    pub(crate) view: View,
    /// The languages of the documents in it.
    pub(crate) languages: Vec<String>,
    /// What is left out.
    pub(crate) problems: Vec<FileProblem>,
}

impl FolderBase {
    /// Nothing is read yet.
    pub fn new(settings: FolderSettings, keep: Keep) -> Self {
        Self { settings, keep, indexer: Mutex::default(), current: RwLock::default() }
    }

    /// The passages that fit best, best first.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<RetrievedReference>, KnowledgeError> {
        let (_, found) = self.by_words(query, limit)?;
        Ok(found.into_iter().map(reference).collect())
    }

    /// The passages that fit best by their words, and what was searched.
    pub(crate) fn by_words(&self, query: &str, limit: usize) -> Result<(View, Vec<Passage>), KnowledgeError> {
        let current = self.current()?;
        let stems: BTreeSet<String> =
            current.languages.iter().flat_map(|language| Words::of(language).stems(query)).collect();
        let found = current.view.search(&stems, limit)?;
        Ok((current.view, found))
    }

    /// The files that are left out, after a look at the folder.
    pub fn problems(&self) -> Result<Vec<FileProblem>, KnowledgeError> {
        Ok(self.current()?.problems)
    }

    fn current(&self) -> Result<Current, KnowledgeError> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut indexer = match (self.indexer.try_lock(), &current) {
            (Ok(indexer), _) => indexer,
            (Err(TryLockError::WouldBlock), Some(current)) => return Ok(current.clone()),
            (Err(_), _) => self.indexer.lock().unwrap_or_else(PoisonError::into_inner),
        };
        // Another one may have looked while this one waited.
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let fresh = indexer.looked.is_some_and(|looked| looked.elapsed() < self.settings.look_every);
        if let Some(current) = current.as_ref().filter(|_| fresh) {
            return Ok(current.clone());
        }
        match (indexer.look(&self.settings, &self.keep), current) {
            (Ok(Some(new)), _) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(new.clone());
                Ok(new)
            }
            (Ok(None), Some(current)) => Ok(current),
            // The folder may be on its way to another place: what was read is still good.
            (Err(error), Some(current)) => {
                tracing::warn!(%error, "a knowledge base could not be brought up to date");
                Ok(current)
            }
            (Ok(None), None) => indexer.see(),
            (Err(error), None) => Err(error),
        }
    }
}

/// A passage in the shape of Bedrock's.
pub(crate) fn reference(passage: Passage) -> RetrievedReference {
    let mut metadata = Map::new();
    let Passage { file, section, page, row, language, text } = passage;
    if !section.is_empty() {
        metadata.insert("section".into(), json!(section));
    }
    metadata.extend(page.map(|page| ("page".to_owned(), json!(page))));
    metadata.extend(row.map(|row| ("row".to_owned(), json!(row))));
    if !language.is_empty() {
        metadata.insert("language".into(), json!(language));
    }
    RetrievedReference::new(text, Some(Location::custom(file)), metadata)
}

/// The files of a folder that cannot be read, without an index; also when there is none that can.
pub fn check(folder: &Path) -> io::Result<Vec<FileProblem>> {
    let files = list(folder)?;
    if files.is_empty() {
        let reason = "there is no .md, .txt, .html, .csv or .pdf file in it".to_owned();
        return Ok(vec![FileProblem { file: String::new(), reason }]);
    }
    let problem = |file: File| {
        let reason = read(&file.path, file.format).err()?.to_string();
        Some(FileProblem { file: file.name, reason })
    };
    Ok(files.into_iter().filter_map(problem).collect())
}
