//! Knowledge bases of folders: read, cut into passages by their structure, indexed with BM25, searched.
//!
//! [`read`] makes parts of a document (a section, a page, a row), [`chunk`] makes passages of parts, [`index`] is the search
//! library's index of them, [`indexer`] keeps it like the folder, [`folder`] searches it by words, [`meaning`]
//! also by the vectors of a model, [`shelf`] finds a knowledge base by its id. No network.

mod chunk;
mod files;
mod folder;
mod index;
mod indexer;
mod meaning;
mod read;
mod sent;
mod shelf;
mod vectors;

pub use files::FileProblem;
pub use folder::{FolderBase, FolderSettings, Keep, check};
pub use sent::SentFiles;
pub use shelf::{Embedders, Shelf};

/// Why a knowledge base cannot be used. For the log: it names files and no content.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// The folder cannot be listed.
    #[error("the folder {path} cannot be read: {reason}")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// The index.
    #[error("index: {0}")]
    Index(#[from] tantivy::TantivyError),
}
