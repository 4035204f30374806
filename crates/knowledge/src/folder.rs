//! A knowledge base of a folder: its index follows the folder.
//!
//! Before a search the folder is looked at, at most once in a while. Files whose size or time of change is another are read
//! anew, and those alone. One search looks, others meanwhile use the index as it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, TryLockError},
    time::{Duration, Instant},
};

use relevo_agents::{
    knowledge::{Location, RetrievedReference},
    words::{Words, language_of},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

use crate::{
    KnowledgeError,
    chunk::chunks,
    files::{File, FileProblem, Stamp, list},
    index::{Change, Index, Passage, View},
    read::{Part, Place, read},
};

/// Another version of the index's content: it is made anew.
const VERSION: u32 = 1;
/// So much of a document tells its language, in characters.
const SAMPLE: usize = 2_000;

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
struct Current {
    view: View,
    languages: Vec<String>,
    problems: Vec<FileProblem>,
}

#[derive(Default)]
struct Indexer {
    index: Option<Index>,
    known: Known,
    looked: Option<Instant>,
}

/// What the index holds.
#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Known {
    version: u32,
    language: Option<String>,
    languages: Vec<String>,
    files: BTreeMap<String, Document>,
}

/// A file as it was read.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Document {
    stamp: Stamp,
    language: String,
    problem: Option<String>,
}

impl FolderBase {
    /// Nothing is read yet.
    pub fn new(settings: FolderSettings, keep: Keep) -> Self {
        Self { settings, keep, indexer: Mutex::default(), current: RwLock::default() }
    }

    /// The passages that fit best, best first.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<RetrievedReference>, KnowledgeError> {
        let current = self.current()?;
        let stems: BTreeSet<String> =
            current.languages.iter().flat_map(|language| Words::of(language).stems(query)).collect();
        Ok(current.view.search(&stems, limit)?.into_iter().map(reference).collect())
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

impl Indexer {
    /// Looks at the folder; what is to be searched from now on, when that has changed.
    fn look(&mut self, settings: &FolderSettings, keep: &Keep) -> Result<Option<Current>, KnowledgeError> {
        let files = list(&settings.folder)
            .map_err(|reason| KnowledgeError::Folder { path: settings.folder.display().to_string(), reason })?;
        let opened = self.index.is_none();
        if opened {
            self.open(settings, keep)?;
        }
        let Some(index) = &self.index else { return Ok(None) };
        let mut known = Known {
            version: VERSION,
            language: settings.language.clone(),
            languages: settings.languages.clone(),
            files: BTreeMap::new(),
        };
        let anew = (self.known.version, &self.known.language, &self.known.languages)
            != (known.version, &known.language, &known.languages);
        let mut changed: Vec<&File> = Vec::new();
        for file in &files {
            match self.known.files.get(&file.name).filter(|document| !anew && document.stamp == file.stamp) {
                Some(document) => drop(known.files.insert(file.name.clone(), document.clone())),
                None => changed.push(file),
            }
        }
        let gone = self.known.files.keys().filter(|name| !known.files.contains_key(*name));
        let gone: Vec<&String> = gone.collect();
        if anew || !changed.is_empty() || !gone.is_empty() {
            let change = index.change()?;
            if anew {
                change.clear()?;
            }
            for name in gone {
                change.remove(name);
            }
            for file in changed {
                let document = add(&change, file, settings)?;
                known.files.insert(file.name.clone(), document);
            }
            let note = serde_json::to_string(&known).map_err(io::Error::other).map_err(tantivy::TantivyError::from)?;
            change.done(&note)?;
            self.known = known;
        } else if !opened {
            self.looked = Some(Instant::now());
            return Ok(None);
        }
        self.looked = Some(Instant::now());
        self.see().map(Some)
    }

    /// Opens the index; one that cannot be opened is made anew.
    fn open(&mut self, settings: &FolderSettings, keep: &Keep) -> Result<(), KnowledgeError> {
        let index = match keep {
            Keep::Memory => Index::open(None)?,
            Keep::Folder(folder) => {
                let made = |reason| KnowledgeError::Folder { path: folder.display().to_string(), reason };
                fs::create_dir_all(folder).map_err(made)?;
                Index::open(Some(folder)).and_then(|index| index.note().map(|_| index)).or_else(|error| {
                    tracing::warn!(%error, folder = %settings.folder.display(), "an index cannot be opened; it is made anew");
                    fs::remove_dir_all(folder)?;
                    fs::create_dir_all(folder)?;
                    Index::open(Some(folder))
                })?
            }
        };
        self.known = index.note()?.and_then(|note| serde_json::from_str(&note).ok()).unwrap_or_default();
        self.index = Some(index);
        Ok(())
    }

    fn see(&self) -> Result<Current, KnowledgeError> {
        let Some(index) = &self.index else {
            return Err(tantivy::TantivyError::from(io::Error::other("not open")).into());
        };
        let languages: BTreeSet<&String> =
            self.known.files.values().filter(|it| it.problem.is_none()).map(|it| &it.language).collect();
        let problem = |(file, document): (&String, &Document)| {
            document.problem.as_ref().map(|reason| FileProblem { file: file.clone(), reason: reason.clone() })
        };
        Ok(Current {
            view: index.view()?,
            languages: languages.into_iter().cloned().collect(),
            problems: self.known.files.iter().filter_map(problem).collect(),
        })
    }
}

/// Reads a file into the index. One that cannot be read is left out, and said once.
fn add(change: &Change, file: &File, settings: &FolderSettings) -> tantivy::Result<Document> {
    let parts = match read(&file.path, file.format) {
        Ok(parts) => parts,
        Err(error) => {
            tracing::warn!(file = file.name, %error, "a document is left out of its knowledge base");
            return Ok(Document { stamp: file.stamp, language: String::new(), problem: Some(error.to_string()) });
        }
    };
    let language = settings.language.clone().or_else(|| language_of(&sample(&parts), &settings.languages));
    let language = language.unwrap_or_default();
    let words = Words::of(&language);
    for (number, chunk) in (0_u64..).zip(chunks(&parts)) {
        let (page, row) = match chunk.place {
            Some(Place::Page(page)) => (Some(page), None),
            Some(Place::Row(row)) => (None, Some(row)),
            None => (None, None),
        };
        let (file, section, text) = (file.name.clone(), chunk.section, chunk.text);
        change.add(&Passage { file, section, page, row, language: language.clone(), text }, number, &words)?;
    }
    Ok(Document { stamp: file.stamp, language, problem: None })
}

fn sample(parts: &[Part]) -> String {
    let texts = parts.iter().flat_map(|part| part.headings.iter().chain(&part.blocks));
    let mut sample = String::new();
    for text in texts {
        if sample.len() > SAMPLE {
            break;
        }
        sample.push_str(text);
        sample.push('\n');
    }
    sample.chars().take(SAMPLE).collect()
}

fn reference(passage: Passage) -> RetrievedReference {
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
