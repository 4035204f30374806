//! Cutting a text into pieces of at most so many bytes: at Markdown blocks, lines, sentences, words, graphemes.

use pulldown_cmark::{Event, Parser};
use unicode_segmentation::UnicodeSegmentation;

use super::paragraphs::opens;

/// No piece can be smaller than the longest character of UTF-8.
const LEAST_BYTES: usize = 4;

/// Where a text may be cut, the best place first.
const LEVELS: &[fn(&str) -> Vec<&str>] = &[blocks, lines, sentences, words, graphemes, chars];

/// The pieces of `text`, none empty, none longer than `max_bytes` (at least 4) bytes of UTF-8. Nothing but white space
/// at the cuts is lost; a code block that is cut keeps its fences in every piece.
pub(crate) fn split(text: &str, max_bytes: usize) -> Vec<String> {
    cut(text, max_bytes.max(LEAST_BYTES), LEVELS)
}

fn cut(text: &str, max: usize, levels: &[fn(&str) -> Vec<&str>]) -> Vec<String> {
    let text = trim(text);
    if text.is_empty() {
        return Vec::new();
    }
    if text.len() <= max {
        return vec![text.to_owned()];
    }
    let Some((level, finer)) = levels.split_first() else {
        return vec![text.to_owned()];
    };
    if let Some(pieces) = code_block(text, max) {
        return pieces;
    }
    let mut pieces = Vec::new();
    let mut held = String::new();
    for segment in level(text) {
        if trim(&held).len() + segment.trim_end().len() + (held.len() - held.trim_end().len()) <= max {
            held.push_str(segment);
            continue;
        }
        pieces.extend(cut(&std::mem::take(&mut held), max, finer));
        if trim(segment).len() <= max {
            held.push_str(segment);
        } else {
            pieces.extend(cut(segment, max, finer));
        }
    }
    pieces.extend(cut(&held, max, finer));
    pieces
}

fn trim(text: &str) -> &str {
    text.trim_start_matches(['\n', '\r']).trim_end()
}

/// A fenced code block that is too long: its lines in several blocks with the same fence.
fn code_block(text: &str, max: usize) -> Option<Vec<String>> {
    let (first, rest) = text.split_once('\n')?;
    let (mark, length) = opens(first)?;
    let fence = mark.to_string().repeat(length);
    let body = rest.trim_end().strip_suffix(fence.as_str())?;
    if body.contains(fence.as_str()) {
        return None;
    }
    let frame = first.len() + fence.len() + 2;
    // With so little room the fences would leave nothing to say.
    let room = max.checked_sub(frame).filter(|room| *room >= 2 * LEAST_BYTES)?;
    let mut pieces = Vec::new();
    let mut held = String::new();
    for line in body.split_inclusive('\n') {
        if held.len() + line.trim_end().len() > room {
            pieces.push(std::mem::take(&mut held));
        }
        if line.trim_end().len() > room {
            pieces.extend(cut(line, room, LEVELS.get(3..).unwrap_or_default()));
        } else {
            held.push_str(line);
        }
    }
    pieces.push(held);
    let framed = pieces.iter().map(|piece| piece.trim_end()).filter(|piece| !piece.is_empty());
    Some(framed.map(|piece| format!("{first}\n{piece}\n{fence}")).collect())
}

/// Top-level Markdown blocks, each with the white space after it.
fn blocks(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut starts = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        if depth == 0 {
            starts.push(range.start);
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    // A block begins with its line: the indentation belongs to it.
    let starts = starts.into_iter().map(|start| text.get(..start).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1));
    at(text, starts)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_sentence_bounds().collect()
}

/// Words with the punctuation and the white space around them: a piece begins only after white space.
fn words(text: &str) -> Vec<&str> {
    let starts = text.char_indices().zip(text.chars().skip(1)).filter_map(|((at, char), next)| {
        (char.is_whitespace() && !next.is_whitespace()).then_some(at + char.len_utf8())
    });
    at(text, starts)
}

fn graphemes(text: &str) -> Vec<&str> {
    text.graphemes(true).collect()
}

fn chars(text: &str) -> Vec<&str> {
    at(text, text.char_indices().map(|(start, _)| start))
}

/// The segments of `text` that begin at `starts`.
fn at(text: &str, starts: impl Iterator<Item = usize>) -> Vec<&str> {
    let mut starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    starts.push(text.len());
    starts.sort_unstable();
    starts.dedup();
    starts.iter().zip(starts.iter().skip(1)).filter_map(|(from, to)| text.get(*from..*to)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn the_best_place_is_chosen() {
        let table: &[(&str, usize, &[&str])] = &[
            ("short", 100, &["short"]),
            ("   ", 100, &[]),
            ("First block.\n\nSecond block.", 15, &["First block.", "Second block."]),
            ("- one\n- two\n- three", 12, &["- one\n- two", "- three"]),
            ("One sentence. Two more. And three.", 24, &["One sentence. Two more.", "And three."]),
            ("anunusuallylongword and small", 19, &["anunusuallylongword", "and small"]),
            ("Hello, world again", 13, &["Hello, world", "again"]),
            ("ññññ", 4, &["ññ", "ññ"]),
            ("👩‍👩‍👧👩‍👩‍👧", 20, &["👩‍👩‍👧", "👩‍👩‍👧"]),
        ];
        for (text, max, expected) in table {
            assert_eq!(split(text, *max), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_code_block_keeps_its_fences() {
        let text = "Look:\n\n```rust\nlet one = 1;\nlet two = 2;\nlet three = 3;\n```\n\nDone.";
        for max in 30..text.len() {
            for piece in split(text, max) {
                assert!(piece.len() <= max, "{piece}");
                assert_eq!(piece.matches("```").count() % 2, 0, "{max}: {piece}");
            }
        }
        assert!(split(text, 40).iter().any(|piece| piece == "```rust\nlet three = 3;\n```"), "{:?}", split(text, 40));
    }

    proptest! {
        #[test]
        fn no_piece_is_too_long_and_nothing_is_lost(
            text in "([a-zA-ZñÑ¿áé😉👩‍👧\u{301}0-9.,;:!?#*_>|-]|[ \n]|\n\n|- |1\\. ){0,400}",
            max in 4usize..120,
        ) {
            let pieces = split(&text, max);
            for piece in &pieces {
                prop_assert!(piece.len() <= max && !piece.trim().is_empty(), "{:?}", piece);
            }
            prop_assert_eq!(squeezed(&pieces.concat()), squeezed(&text));
        }

        #[test]
        fn any_text_at_all_fits(text in "\\PC*|(```|~~~|\n|[a-z\\x00-\\x1f]| ){0,80}", max in 0usize..64) {
            for piece in split(&text, max) {
                prop_assert!(piece.len() <= max.max(4), "{:?}", piece);
            }
        }
    }
}
