//! An answer as the chunks that go out.

use std::borrow::Cow;

use super::AgentEvent;
use crate::knowledge::Citation;

/// Bedrock's limit of a chunk's bytes.
const MAX_BYTES: usize = 1_000_000;

/// The chunks of a whole answer, each with the citations of parts that begin in it.
pub(super) fn events(text: &str, citations: &[Citation], streamed: bool) -> Vec<AgentEvent> {
    rest("", text, citations, streamed)
}

/// The chunks behind what has gone out, with the citations of what has gone out in the first. What has gone out is the
/// answer's beginning, or was said before it.
pub(super) fn rest(out: &str, text: &str, citations: &[Citation], streamed: bool) -> Vec<AgentEvent> {
    let (mut from, more) = match text.strip_prefix(out) {
        Some(more) => (text.chars().count() - more.chars().count(), Cow::Borrowed(more)),
        None if text == out.trim_end() => return Vec::new(),
        None if out.ends_with(char::is_whitespace) => (0, Cow::Borrowed(text)),
        None => (0, Cow::Owned(format!("\n\n{text}"))),
    };
    let mut first = true;
    let begins = |citation: &Citation| citation.generated_response_part.text_response_part.span.start;
    let event = |bytes: Vec<u8>| {
        // Characters that begin in it: a chunk may cut one.
        let to = from + bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let begun = if std::mem::take(&mut first) { 0 } else { from };
        let own: Vec<Citation> = citations.iter().filter(|c| (begun..to).contains(&begins(c))).cloned().collect();
        from = to;
        if own.is_empty() { AgentEvent::Chunk(bytes) } else { AgentEvent::CitedChunk(bytes, own) }
    };
    chunks(&more, streamed).into_iter().map(event).collect()
}

/// One chunk for the whole answer; one for each paragraph when it is to be streamed. Together they are the text.
fn chunks(text: &str, streamed: bool) -> Vec<Vec<u8>> {
    let parts: Vec<&str> = if streamed { paragraphs(text) } else { vec![text] };
    let chunks: Vec<Vec<u8>> =
        parts.into_iter().flat_map(|part| part.as_bytes().chunks(MAX_BYTES)).map(<[u8]>::to_vec).collect();
    if chunks.is_empty() { vec![Vec::new()] } else { chunks }
}

/// The blank lines stay at the end of their paragraph.
fn paragraphs(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find("\n\n") {
        let after = rest.get(end..).unwrap_or_default();
        let blank = after.len() - after.trim_start_matches('\n').len();
        let Some((part, remaining)) = rest.split_at_checked(end + blank) else { break };
        parts.push(part);
        rest = remaining;
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn together_they_are_the_text() {
        for text in ["", "hola", "a\n\nb", "a\n\n\nb\nc\n\n", "\n\nñ", &"é".repeat(1_200_000)] {
            for streamed in [false, true] {
                let chunks = chunks(text, streamed);
                assert!(chunks.iter().all(|chunk| chunk.len() <= MAX_BYTES));
                assert_eq!(chunks.concat(), text.as_bytes());
            }
        }
    }

    #[test]
    fn what_has_gone_out_does_not_go_out_again() {
        let all = |out: &str, text: &str| {
            let bytes = rest(out, text, &[], true).into_iter().map(|event| match event {
                AgentEvent::Chunk(bytes) => bytes,
                other => panic!("{other:?}"),
            });
            out.to_owned() + std::str::from_utf8(&bytes.collect::<Vec<_>>().concat()).unwrap()
        };
        for (out, text, whole) in [
            ("", "a", "a"),
            ("a\n\n", "a\n\nb", "a\n\nb"),
            ("¿Sí? ", "¿Sí? No", "¿Sí? No"),
            ("a\n\n", "a", "a\n\n"),
            ("a\n\n", "b", "a\n\nb"),
            ("a", "b", "a\n\nb"),
        ] {
            assert_eq!(all(out, text), whole);
        }
    }

    #[test]
    fn citations_of_what_has_gone_out_come_with_the_first_of_the_rest() {
        let cited = |start: usize| -> Citation {
            serde_json::from_value(serde_json::json!({
                "generatedResponsePart": {"textResponsePart": {"text": "x", "span": {"start": start, "end": start}}},
                "retrievedReferences": [],
            }))
            .unwrap()
        };
        let events = rest("ñ\n\n", "ñ\n\nb\n\nc", &[cited(0), cited(6)], true);
        let wanted = [
            AgentEvent::CitedChunk(b"b\n\n".to_vec(), vec![cited(0)]),
            AgentEvent::CitedChunk(b"c".to_vec(), vec![cited(6)]),
        ];
        assert_eq!(events, wanted);
    }

    #[test]
    fn a_streamed_answer_comes_by_paragraph() {
        assert_eq!(chunks("a\n\nb\n\nc", true), [b"a\n\n".to_vec(), b"b\n\n".to_vec(), b"c".to_vec()]);
        assert_eq!(chunks("a\n\nb", false).len(), 1);
    }
}
