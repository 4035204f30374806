//! The documents of a folder: which there are, and what tells that one has changed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use crate::read::Format;

/// Folders in folders are followed so far.
const DEPTH: usize = 16;

/// A document's file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Below the folder, with `/`.
    pub(crate) name: String,
    /// On this machine.
    pub(crate) path: PathBuf,
    /// How it is read.
    pub(crate) format: Format,
    /// As it is now.
    pub(crate) stamp: Stamp,
}

/// What tells that a file is another than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// In bytes.
    pub(crate) length: u64,
    /// The time of its last change.
    pub(crate) changed_ns: u64,
}

/// A file that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// Below the folder.
    pub file: String,
    /// Why; without what is in it.
    pub reason: String,
}

/// The documents, by name: always in the same order. Hidden files, links and other kinds of files are no documents.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    walk(folder, "", DEPTH, &mut files)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn walk(folder: &Path, below: &str, depth: usize, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is no text cannot be cited.
        let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with('.')).map(str::to_owned) else {
            continue;
        };
        let (path, name) = (entry.path(), if below.is_empty() { name } else { format!("{below}/{name}") });
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            walk(&path, &name, depth - 1, files)?;
        } else if kind.is_file()
            && let Some(format) = Format::of(&path)
        {
            // It may be gone since it was listed.
            if let Ok(metadata) = entry.metadata() {
                files.push(File { name, path, format, stamp: stamp(&metadata) });
            }
        }
    }
    Ok(())
}

fn stamp(metadata: &fs::Metadata) -> Stamp {
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Stamp { length: metadata.len(), changed_ns: u64::try_from(changed.as_nanos()).unwrap_or(u64::MAX) }
}
