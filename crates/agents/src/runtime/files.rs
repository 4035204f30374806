//! Files that come with the customer's words (`sessionState.files`).

use async_trait::async_trait;

use super::AgentError;
use crate::run::FileText;

/// The service's limit of files in a request.
const MOST_FILES: usize = 5;
/// The service's limit of all of them together.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// A file of `useCase: CHAT` with its content: what the agents are to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its name.
    pub name: String,
    /// `mediaType`.
    pub media_type: String,
    /// `data`.
    pub data: Vec<u8>,
}

/// Why a file cannot be read; for who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FileError(pub String);

/// Reads files as text.
#[async_trait]
pub trait FileReader: Send + Sync {
    /// The text of a file.
    async fn text(&self, file: InputFile) -> Result<String, FileError>;
}

/// Reads what is text by itself, in UTF-8.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainFiles;

#[async_trait]
impl FileReader for PlainFiles {
    async fn text(&self, file: InputFile) -> Result<String, FileError> {
        if !file.media_type.starts_with("text/") && file.media_type != "application/json" {
            return Err(FileError(format!("files of the type {} cannot be read here", file.media_type)));
        }
        String::from_utf8(file.data).map_err(|_| FileError("it is no text in UTF-8".into()))
    }
}

/// Holds the files against the service's limits.
pub(super) fn validate(files: &[InputFile]) -> Result<(), AgentError> {
    let bytes: usize = files.iter().map(|file| file.data.len()).sum();
    let refused = |rule: &str| {
        let path = "sessionState.files";
        Err(AgentError::validation(format!(
            "1 validation error detected: Value '[...]' at '{path}' failed to satisfy constraint: {rule}"
        )))
    };
    if files.len() > MOST_FILES {
        return refused("Member must have length less than or equal to 5");
    }
    if bytes > MOST_BYTES {
        return refused("The files together must have at most 10 MB");
    }
    Ok(())
}

/// The texts of the files.
pub(super) async fn read(reader: &dyn FileReader, files: Vec<InputFile>) -> Result<Vec<FileText>, AgentError> {
    let mut texts = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let name = file.name.clone();
        let text = reader.text(file).await.map_err(|FileError(why)| {
            AgentError::validation(format!(
                "Value '{name}' at 'sessionState.files.{}' cannot be used: {why}",
                index + 1
            ))
        })?;
        texts.push(FileText { name, text });
    }
    Ok(texts)
}
