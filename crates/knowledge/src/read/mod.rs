//! Documents as their parts: a section under its headings, a page, a row. One file for each format.

mod csv;
mod html;
mod markdown;
mod pdf;
mod text;

use std::{borrow::Cow, path::Path};

use encoding_rs::{Encoding, WINDOWS_1252};

/// A longer file is no document to look up in.
const LONGEST_BYTES: u64 = 32 * 1024 * 1024;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Markdown,
    Text,
    Html,
    Csv,
    Pdf,
}

impl Format {
    /// By the name's ending; none: it is no document.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        Some(match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Self::Markdown,
            "txt" | "text" => Self::Text,
            "html" | "htm" => Self::Html,
            "csv" | "tsv" => Self::Csv,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }
}

impl Format {
    /// By a media type; none: it is no document.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match essence.as_str() {
            "text/markdown" => Self::Markdown,
            "text/html" | "application/xhtml+xml" => Self::Html,
            "text/csv" | "text/tab-separated-values" => Self::Csv,
            "application/pdf" => Self::Pdf,
            "application/json" => Self::Text,
            text if text.starts_with("text/") => Self::Text,
            _ => return None,
        })
    }
}

/// A part of a document that is about one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The headings above it, the outermost first.
    pub(crate) headings: Vec<String>,
    /// Where it is, besides.
    pub(crate) place: Option<Place>,
    /// Paragraphs, lists, tables: what is better not cut.
    pub(crate) blocks: Vec<String>,
}

/// A place in a document that has no headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Of a PDF, from 1.
    Page(usize),
    /// Of a table, from 1, the header not counted.
    Row(u64),
}

/// Why a document cannot be read. It tells nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("cannot read it: {0}")]
    File(#[from] std::io::Error),
    #[error("it has {0} bytes, more than {LONGEST_BYTES}")]
    TooLong(u64),
    #[error("it is no text")]
    NoText,
    #[error("there is no text in it")]
    Empty,
    #[error("line {line}: {reason}")]
    Table { line: u64, reason: String },
    #[error("not a PDF that can be read: {0}")]
    Pdf(String),
    #[error("the PDF has no text: a scan has to go through text recognition first")]
    Scan,
}

/// Reads a document. It has at least one part, and each part has text.
pub(crate) fn read(path: &Path, format: Format) -> Result<Vec<Part>, ReadError> {
    let length = std::fs::metadata(path)?.len();
    if length > LONGEST_BYTES {
        return Err(ReadError::TooLong(length));
    }
    parts(&std::fs::read(path)?, format)
}

/// The same of what is in it.
pub(crate) fn parts(bytes: &[u8], format: Format) -> Result<Vec<Part>, ReadError> {
    let mut parts = match format {
        Format::Pdf => pdf::parts(bytes)?,
        Format::Markdown => markdown::parts(&decoded(bytes)?),
        Format::Text => text::parts(&decoded(bytes)?),
        Format::Html => html::parts(&decoded(bytes)?),
        Format::Csv => csv::parts(&decoded(bytes)?)?,
    };
    for part in &mut parts {
        part.blocks.retain(|block| !block.trim().is_empty());
    }
    parts.retain(|part| !part.blocks.is_empty());
    if parts.is_empty() {
        return Err(if format == Format::Pdf { ReadError::Scan } else { ReadError::Empty });
    }
    Ok(parts)
}

/// UTF-8, UTF-16 where a mark at the beginning says so, else what Windows wrote in the west.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None if bytes.contains(&0) => return Err(ReadError::NoText),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(Cow::Borrowed(text)),
            Err(_) => (WINDOWS_1252, bytes),
        },
    };
    Ok(encoding.decode_without_bom_handling(bytes).0)
}

/// Words with one space between them.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headings that are open, by level.
#[derive(Debug, Default)]
struct Headings(Vec<(u8, String)>);

impl Headings {
    /// A heading ends those of its level and below.
    fn enter(&mut self, level: u8, text: String) {
        self.0.retain(|(above, _)| *above < level);
        if !text.is_empty() {
            self.0.push((level, text));
        }
    }

    fn path(&self) -> Vec<String> {
        self.0.iter().map(|(_, text)| text.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_encodings_are_read() {
        assert_eq!(decoded("¿cuándo?".as_bytes()).unwrap(), "¿cuándo?");
        assert_eq!(decoded(b"\xef\xbb\xbfhola").unwrap(), "hola");
        assert_eq!(decoded(b"\xbfcu\xe1ndo?").unwrap(), "¿cuándo?");
        assert_eq!(decoded(b"\xff\xfeh\0i\0").unwrap(), "hi");
        assert!(matches!(decoded(b"\x00\x01"), Err(ReadError::NoText)));
    }

    #[test]
    fn headings_end_those_of_their_level_and_below() {
        let mut headings = Headings::default();
        for (level, text) in [(1, "A"), (2, "B"), (4, "C"), (3, "D"), (2, "E")] {
            headings.enter(level, text.into());
        }
        assert_eq!(headings.path(), ["A", "E"]);
    }
}
