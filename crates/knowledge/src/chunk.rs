//! Passages: as much of one part as is looked up and read at once.

use relevo_agents::words::sentences;

use crate::read::{Part, Place};

/// A passage has at most so many characters.
pub(crate) const LONGEST: usize = 900;

/// A passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// `A > B`: the headings above it.
    pub(crate) section: String,
    /// See [`Place`].
    pub(crate) place: Option<Place>,
    /// The text.
    pub(crate) text: String,
}

/// The passages of a document. Blocks of one part stay together as far as they fit; only a block that does not fit by itself is
/// cut, behind a sentence where there is one.
pub(crate) fn chunks(parts: &[Part]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for part in parts {
        let mut text = String::new();
        for piece in part.blocks.iter().flat_map(|block| pieces(block)) {
            if !text.is_empty() && length(&text) + length(piece) + 2 > LONGEST {
                chunks.push(chunk(part, std::mem::take(&mut text)));
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(piece);
        }
        if !text.is_empty() {
            chunks.push(chunk(part, text));
        }
    }
    chunks
}

fn chunk(part: &Part, text: String) -> Chunk {
    Chunk { section: part.headings.join(" > "), place: part.place, text }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A block whole, or in pieces that fit.
fn pieces(block: &str) -> Vec<&str> {
    let block = block.trim();
    if length(block) <= LONGEST {
        return vec![block];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut to = 0;
    for at in sentences(block) {
        if to > from && block.get(from..at.end).is_some_and(|piece| length(piece) > LONGEST) {
            pieces.extend(block.get(from..to));
            from = at.start;
        }
        to = at.end;
        // A sentence that does not fit is cut between words, or anywhere.
        while let Some(rest) = block.get(from..to).filter(|rest| length(rest) > LONGEST) {
            let most = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at);
            let head = rest.get(..most).unwrap_or(rest);
            let cut = head.rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(most);
            pieces.extend(rest.get(..cut).map(str::trim));
            let gap = rest.get(cut..).map_or(0, |rest| rest.len() - rest.trim_start().len());
            from += cut + gap;
        }
    }
    pieces.extend(block.get(from..to).filter(|piece| !piece.trim().is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(blocks: &[String]) -> Vec<String> {
        let part = Part { blocks: blocks.to_vec(), ..Part::default() };
        chunks(&[part]).into_iter().map(|chunk| chunk.text).collect()
    }

    #[test]
    fn blocks_stay_together_while_they_fit() {
        let block = "x".repeat(LONGEST / 2 - 1);
        assert_eq!(
            texts(&[block.clone(), block.clone(), "tail".into()]),
            [format!("{block}\n\n{block}"), "tail".into()]
        );
    }

    #[test]
    fn a_long_block_is_cut_behind_a_sentence() {
        let sentence = format!("Some {}end. ", "word ".repeat(60));
        let parts = texts(&[sentence.repeat(7)]);
        assert!(parts.len() >= 3 && parts.iter().all(|part| part.ends_with("end.")), "{parts:?}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_all_fits(text in "([a-zñ]{1,12}[ .\n]{1,3}|[a-z]{1200}){0,16}") {
            let parts = texts(std::slice::from_ref(&text));
            assert!(parts.iter().all(|part| length(part) <= LONGEST));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&parts.concat()), letters(&text));
        }
    }
}
