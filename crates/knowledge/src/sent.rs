//! Files that a customer sends along: read as text, for a model.

use std::path::Path;

use async_trait::async_trait;
use relevo_agents::runtime::{FileError, FileReader, InputFile};

use crate::read::{Format, Part, Place, ReadError, decoded, parts};

/// Reads text, CSV, JSON, Markdown, HTML and PDF.
#[derive(Debug, Clone, Copy, Default)]
pub struct SentFiles;

#[async_trait]
impl FileReader for SentFiles {
    async fn text(&self, file: InputFile) -> Result<String, FileError> {
        let format = Format::of_media_type(&file.media_type).or_else(|| {
            // What the sender does not know may be told by the name.
            let unknown = matches!(file.media_type.as_str(), "application/octet-stream" | "");
            unknown.then(|| Format::of(Path::new(&file.name))).flatten()
        });
        let Some(format) = format else {
            let known = "text, CSV, JSON, Markdown, HTML and PDF can be";
            return Err(FileError(format!("files of the type {} cannot be read, {known}", file.media_type)));
        };
        let read = tokio::task::spawn_blocking(move || text(&file.data, format)).await;
        read.map_err(|error| FileError(error.to_string()))?.map_err(|error| FileError(error.to_string()))
    }
}

/// What is text by itself stays as it was written.
fn text(bytes: &[u8], format: Format) -> Result<String, ReadError> {
    match format {
        Format::Markdown | Format::Text | Format::Csv => match decoded(bytes)?.trim() {
            "" => Err(ReadError::Empty),
            text => Ok(text.to_owned()),
        },
        Format::Html | Format::Pdf => {
            let parts = parts(bytes, format)?;
            Ok(parts.iter().map(written).collect::<Vec<_>>().join("\n\n"))
        }
    }
}

fn written(part: &Part) -> String {
    let headings = (!part.headings.is_empty()).then(|| format!("# {}", part.headings.join(" > ")));
    let place = part.place.and_then(|place| match place {
        Place::Page(page) => Some(format!("[Page {page}]")),
        Place::Row(_) => None,
    });
    headings.into_iter().chain(place).chain(part.blocks.iter().cloned()).collect::<Vec<_>>().join("\n\n")
}
