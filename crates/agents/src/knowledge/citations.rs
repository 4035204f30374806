//! Which part of an answer stands on which passages.
//!
//! The rule: a sentence (or line) of the answer stands on a passage when the passage has at least two of its telling words
//! and at least half of them; a sentence of one telling word needs that one. Telling are numbers, and words of four letters and
//! more. Neighbours that stand on the same passages are one citation, as long as they are of one paragraph. An answer in
//! another language than its passages shares few words with them, and then has no citations.

use std::{collections::BTreeSet, ops::Range};

use serde::{Deserialize, Serialize};

use super::RetrievedReference;
use crate::words::{sentences, words};

/// `Citation`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// The part of the answer.
    pub generated_response_part: GeneratedResponsePart,
    /// What it stands on, never empty.
    pub retrieved_references: Vec<RetrievedReference>,
}

/// `GeneratedResponsePart`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedResponsePart {
    /// The text and where it is.
    pub text_response_part: TextResponsePart,
}

/// `TextResponsePart`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextResponsePart {
    /// The part's text.
    pub text: String,
    /// Where it is in the whole answer.
    pub span: Span,
}

/// `Span`: characters, from 0; `end` is the part's last character (in recorded answers of Bedrock a part of 518 characters has
/// the span 0 to 517).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The last character.
    pub end: usize,
}

/// The citations of an answer, in the order of its text.
pub fn cite(answer: &str, found: &[RetrievedReference]) -> Vec<Citation> {
    let passages: Vec<BTreeSet<String>> = found.iter().map(telling_of).collect();
    let mut parts: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    for at in sentences(answer) {
        let sentence = answer.get(at.clone()).unwrap_or_default();
        let supported = supporting(&telling(sentence), &passages);
        match parts.last_mut() {
            Some((before, same)) if *same == supported && is_one_paragraph(answer, before.end..at.start) => {
                before.end = at.end;
            }
            _ => parts.push((at, supported)),
        }
    }
    parts.retain(|(_, supported)| !supported.is_empty());
    parts
        .into_iter()
        .map(|(at, supported)| citation(answer, at, supported.iter().filter_map(|i| found.get(*i))))
        .collect()
}

fn citation<'a>(answer: &str, at: Range<usize>, found: impl Iterator<Item = &'a RetrievedReference>) -> Citation {
    let start = answer.get(..at.start).unwrap_or_default().chars().count();
    let text = answer.get(at).unwrap_or_default().to_owned();
    let end = (start + text.chars().count()).saturating_sub(1);
    Citation {
        generated_response_part: GeneratedResponsePart {
            text_response_part: TextResponsePart { text, span: Span { start, end } },
        },
        retrieved_references: found.cloned().collect(),
    }
}

fn is_one_paragraph(answer: &str, between: Range<usize>) -> bool {
    answer.get(between).is_some_and(|between| between.matches('\n').count() < 2)
}

/// The passages a sentence stands on: those with most of its words.
fn supporting(sentence: &BTreeSet<String>, passages: &[BTreeSet<String>]) -> Vec<usize> {
    let shared: Vec<usize> = passages.iter().map(|passage| sentence.intersection(passage).count()).collect();
    let most = shared.iter().copied().max().unwrap_or_default();
    let enough = most >= sentence.len().min(2) && 2 * most >= sentence.len();
    let supports = |(index, count): (usize, &usize)| (most > 0 && enough && *count == most).then_some(index);
    shared.iter().enumerate().filter_map(supports).collect()
}

/// The words of a passage, and of what it is called: its title is what a sentence may repeat.
fn telling_of(passage: &RetrievedReference) -> BTreeSet<String> {
    let section = passage.metadata.get("section").and_then(serde_json::Value::as_str).unwrap_or_default();
    telling(passage.text()).into_iter().chain(telling(section)).collect()
}

fn telling(text: &str) -> BTreeSet<String> {
    let tells = |word: &String| word.chars().count() >= 4 || word.chars().any(char::is_numeric);
    words(text).map(|(_, word)| word).filter(tells).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn found(texts: &[&str]) -> Vec<RetrievedReference> {
        texts.iter().map(|text| RetrievedReference::new(*text, None, Map::new())).collect()
    }

    fn cited(answer: &str, texts: &[&str]) -> Vec<(String, Vec<String>)> {
        let of = |citation: Citation| {
            let references = citation.retrieved_references.iter().map(|r| r.text().to_owned()).collect();
            (citation.generated_response_part.text_response_part.text, references)
        };
        cite(answer, &found(texts)).into_iter().map(of).collect()
    }

    const RETURNS: &str = "Los productos se pueden devolver dentro de 30 días con la boleta.";
    const SHIPPING: &str = "El envío a regiones tarda 5 días hábiles.";

    #[test]
    fn each_sentence_cites_what_it_stands_on() {
        let answer = "¡Hola! Puedes devolver productos dentro de 30 días. El envío a regiones tarda 5 días.";
        assert_eq!(
            cited(answer, &[RETURNS, SHIPPING]),
            [
                ("Puedes devolver productos dentro de 30 días.".to_owned(), vec![RETURNS.to_owned()]),
                ("El envío a regiones tarda 5 días.".to_owned(), vec![SHIPPING.to_owned()]),
            ]
        );
    }

    #[test]
    fn spans_count_characters_and_end_with_the_last() {
        let answer = "¡Sí! Los productos se pueden devolver dentro de 30 días.";
        let citations = cite(answer, &found(&[RETURNS]));
        let [Citation { generated_response_part: part, .. }] = citations.as_slice() else { panic!("{citations:?}") };
        let Span { start, end } = part.text_response_part.span;
        let spanned: String = answer.chars().skip(start).take(end + 1 - start).collect();
        assert_eq!((start, &spanned), (5, &part.text_response_part.text));
    }

    #[test]
    fn neighbours_of_one_paragraph_are_one_part_and_paragraphs_are_not() {
        let two = "Los productos se pueden devolver. Es dentro de 30 días con la boleta.";
        assert_eq!(cited(two, &[RETURNS]).len(), 1);
        assert_eq!(cited(&two.replace(". ", ".\n\n"), &[RETURNS]).len(), 2);
    }

    #[test]
    fn what_nothing_supports_is_not_cited() {
        for answer in
            ["", "No encontré nada sobre eso.", "Buenos días, ¿en qué puedo ayudarte?", "You may return it in a month."]
        {
            assert_eq!(cite(answer, &found(&[RETURNS, SHIPPING])), [], "{answer}");
        }
        assert_eq!(cite(RETURNS, &[]), []);
    }
}
