//! Keeps an index like its folder: what has changed since is read anew, and that alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    time::Instant,
};

use relevo_agents::words::{Words, language_of};
use serde::{Deserialize, Serialize};

use crate::{
    FolderSettings, Keep, KnowledgeError,
    chunk::chunks,
    files::{File, FileProblem, Stamp, list},
    folder::Current,
    index::{Change, Index, Passage},
    read::{Part, Place, read},
};

/// Another version of the index's content: it is made anew.
const VERSION: u32 = 1;
/// So much of a document tells its language, in characters.
const SAMPLE: usize = 2_000;

/// The index, and what it was made of.
#[derive(Default)]
pub(crate) struct Indexer {
    index: Option<Index>,
    known: Known,
    /// When the folder was last looked at.
    pub(crate) looked: Option<Instant>,
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

impl Indexer {
    /// Looks at the folder; what is to be searched from now on, when that has changed.
    pub(crate) fn look(&mut self, settings: &FolderSettings, keep: &Keep) -> Result<Option<Current>, KnowledgeError> {
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

    /// What is searched from now on.
    pub(crate) fn see(&self) -> Result<Current, KnowledgeError> {
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
