//! PDF, by pages.
//!
//! The library gives the text in the order in which the file draws it: columns and tables may come out mixed, and what is drawn
//! as a picture (a scan) has no text. It gives up by panicking on some files; that is caught, and the file is left out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Part, Place, ReadError, squeezed, text::paragraphs};

pub(super) fn parts(bytes: &[u8]) -> Result<Vec<Part>, ReadError> {
    let pages = catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_from_mem_by_pages(bytes)))
        .map_err(|_| ReadError::Pdf("something in it is unknown to the reader".into()))?
        .map_err(|error| ReadError::Pdf(error.to_string()))?;
    let part = |(index, page): (usize, &String)| Part {
        place: Some(Place::Page(index + 1)),
        blocks: paragraphs(page).iter().map(|paragraph| joined(paragraph)).collect(),
        ..Part::default()
    };
    Ok(pages.iter().enumerate().map(part).collect())
}

/// Lines end where the page does: a word that was parted is put together, and the rest is one line.
fn joined(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len());
    for line in paragraph.lines().map(str::trim) {
        let parted = text.ends_with('-')
            && text.chars().rev().nth(1).is_some_and(char::is_alphabetic)
            && line.chars().next().is_some_and(char::is_lowercase);
        if parted {
            text.pop();
        } else if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    squeezed(&text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_of_a_paragraph_are_joined() {
        assert_eq!(
            super::joined("las devolu-\nciones se\n aceptan 10-\n20 días"),
            "las devoluciones se aceptan 10- 20 días"
        );
    }
}
