//! The value in a reply to a question for something that declares no patterns: "it's Silva, thanks" is Silva, and
//! "why do you ask?" is nothing.

use std::collections::BTreeSet;

use super::OfflineModel;
use super::kinds::{Kind, Part, frames, is_ignorance, is_interrogative, is_particle, nouns};
use super::labelled::{Labels, Word, is_question, items, shouts};
use super::slots::Claim;
use super::text::fold;
use crate::definition::agent::ParameterType;

/// A name in small letters that nobody introduced is not longer, in words.
const PLAIN_NAME: usize = 4;

/// A piece of the reply between punctuation and other values.
struct Piece<'a> {
    text: &'a str,
    /// Another value stands right beside it.
    beside: bool,
}

impl OfflineModel {
    /// The value of a parameter that was asked for, when the reply has one.
    pub(super) fn free_value(&self, parameter: &str, text: &str, claims: &[Claim]) -> Option<String> {
        let (kind, labels) = self.slots.free(parameter)?;
        if let Some(claim) = claims.iter().find(|c| c.parameter == parameter) {
            return Some(claim.value.clone());
        }
        let list = self.slots.type_of(parameter) == Some(ParameterType::Array);
        if kind == Kind::Text && !list {
            let rest = self.without_values(text, claims);
            return (!rest.is_empty() && !is_bare_question(&rest)).then_some(rest);
        }
        if is_question(text) {
            return None;
        }
        if kind == Kind::Identifier
            && let Some(value) = code(text, claims)
        {
            return Some(value);
        }
        let frames = frames();
        let values: Vec<String> = pieces(text, claims)
            .iter()
            .filter_map(|piece| self.value_in(piece, kind, labels, &frames, !shouts(text)))
            .collect();
        if list {
            let all = items(&values.join(", "));
            return (!all.is_empty()).then_some(all);
        }
        match kind {
            Kind::Phrase | Kind::Date => {
                Some(values.join(", ")).filter(|v| !v.is_empty() && v.split_whitespace().count() <= kind.longest())
            }
            _ => values.into_iter().next(),
        }
    }

    fn value_in(
        &self,
        piece: &Piece<'_>,
        kind: Kind,
        labels: &Labels,
        frames: &BTreeSet<&str>,
        capitals: bool,
    ) -> Option<String> {
        let vocabulary = self.intents.vocabulary();
        let words = Word::all(piece.text);
        if self.smalltalk_only(piece.text) {
            return None;
        }
        let nouns = nouns();
        let named = |w: &Word| labels.names(&w.folded, vocabulary).is_some();
        let around = |w: &Word| {
            (frames.contains(w.folded.as_str()) && !(keeps(w) && matches!(kind, Kind::Name(_))))
                || named(w)
                || (piece.beside && (nouns.contains(w.folded.as_str()) || self.slots.names_any(&w.folded, vocabulary)))
        };
        let from = words.iter().take_while(|w| around(w)).count();
        let to = words.len() - words.iter().rev().take_while(|w| around(w)).count();
        let inner = words.get(from..to).filter(|inner| !inner.is_empty())?;
        let before = words.get(..from).unwrap_or_default();
        // "My dog …" is no answer, "my surname is …" is.
        let owns =
            |w: &&Word| matches!(w.folded.as_str(), "my" | "mi" | "meu" | "minha" | "mein" | "meine" | "mon" | "mio");
        let dangling = before.last().as_ref().is_some_and(|w| owns(w) && !named(w));
        let no = words.iter().any(|w| self.particles.is_negation(&w.folded) || is_ignorance(&w.folded));
        if let Kind::Name(part) = kind
            && part != Part::Other
            && capitals
            && !no
            && let Some(value) = self.last_capitals(piece.text, &words)
        {
            return Some(value);
        }
        if dangling || no || inner.len() > kind.longest() {
            return None;
        }
        let shown = |w: &Word| capitals && w.capital();
        let tells = |w: &Word| w.unknown(vocabulary) || w.digits() || (shown(w) && w.at.start > 0);
        let fits = match kind {
            Kind::Name(part) => {
                let content: Vec<&Word> = inner.iter().filter(|w| !is_particle(&w.folded) || shown(w)).collect();
                let telling = content.iter().filter(|w| tells(w)).count();
                let light = content.iter().any(|w| vocabulary.is_function_word(&w.folded) && !shown(w));
                let digits = inner.iter().any(Word::digits) && part != Part::Other;
                let plain = content.iter().all(|w| !shown(w));
                telling > 0
                    && telling * 2 >= content.len()
                    && !(light || digits)
                    && !inner.iter().any(|w| is_interrogative(&w.folded) && !is_particle(&w.folded) && !shown(w))
                    && (!plain || content.len() <= PLAIN_NAME)
                    && (!piece.beside || content.iter().all(|w| shown(w)))
            }
            Kind::Identifier => inner.len() == 1 && !piece.beside && inner.iter().all(|w| w.unknown(vocabulary)),
            // Words of everyday can be such a value, but not words of everyday alone.
            Kind::Date | Kind::Phrase | Kind::Text => {
                !piece.beside && inner.iter().any(|w| w.digits() || !vocabulary.is_function_word(&w.folded))
            }
        };
        let (first, last) = (inner.first()?, inner.last()?);
        let value = piece.text.get(first.at.start..last.at.end).filter(|_| fits)?;
        Some(value.to_owned())
    }

    /// "The guest is called Meyer": small letters, and the capitals they lead to.
    fn last_capitals(&self, text: &str, words: &[Word]) -> Option<String> {
        let tail = words.iter().rev().take_while(|w| w.capital() || is_particle(&w.folded)).count();
        let from = words.len().checked_sub(tail)?;
        let (before, tail) = (words.get(..from)?, words.get(from..)?);
        let first = tail.iter().find(|w| w.capital() && !w.digits())?;
        let range = first.at.start..tail.last()?.at.end;
        let value = text.get(range)?;
        let lead = before.len() >= 2 && before.len() <= Kind::Name(Part::Whole).longest();
        let wants = before.iter().any(|w| self.particles.is_desire(&w.folded));
        (lead && !wants && !super::kinds::is_date(value)).then(|| value.to_owned())
    }

    /// "Thanks a lot" is what stands around a value.
    fn smalltalk_only(&self, text: &str) -> bool {
        let units = super::text::units(text, &[]);
        let reading = self.intents.read(&self.particles, &units, None);
        reading.smalltalk.is_some() || self.particles.answer(&units).is_some()
    }
}

/// A particle that begins a name: "da Silva", but not "el".
fn keeps(word: &Word) -> bool {
    is_particle(&word.folded)
        && !matches!(word.folded.as_str(), "el" | "la" | "los" | "las" | "le" | "y" | "e" | "i" | "al")
}

/// A question that tells nothing: "why?", "what do you mean?".
fn is_bare_question(text: &str) -> bool {
    is_question(text) && text.split_whitespace().count() <= 8
}

/// The run of words with digits (or the address of mail) that no other parameter has.
fn code(text: &str, claims: &[Claim]) -> Option<String> {
    let mut run: Vec<&str> = Vec::new();
    let mut from = 0;
    for word in text.split_whitespace() {
        let at = text.get(from..).and_then(|rest| rest.find(word)).map_or(from, |i| from + i);
        from = at + word.len();
        let free = !claims.iter().any(|c| c.at.start < from && at < c.at.end);
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
        let code = free && (bare.chars().any(|c| c.is_ascii_digit()) || bare.contains('@')) && !bare.is_empty();
        if code {
            run.push(bare);
            if word.ends_with([',', ';', '.', '!']) {
                break;
            }
        } else if !run.is_empty() {
            break;
        }
    }
    (!run.is_empty()).then(|| run.join(" "))
}

/// The reply cut at punctuation and around other values. A dot behind a short word ("Dr.", "J.") cuts nothing.
fn pieces<'a>(text: &'a str, claims: &[Claim]) -> Vec<Piece<'a>> {
    let mut cuts: Vec<(usize, usize, bool)> = claims.iter().map(|c| (c.at.start, c.at.end, true)).collect();
    let mut word = 0;
    for (i, c) in text.char_indices() {
        let cut = match c {
            ',' | ';' | ':' | '!' | '?' | '¡' | '¿' | '\n' | '(' | ')' | '…' => true,
            '.' => word > 3 || text.get(i + 1..).is_none_or(|rest| rest.trim().is_empty()),
            _ => false,
        };
        word = if c.is_alphanumeric() { word + 1 } else { 0 };
        if cut && !claims.iter().any(|c| c.at.contains(&i)) {
            cuts.push((i, i + c.len_utf8(), false));
        }
    }
    cuts.sort_by_key(|(start, ..)| *start);
    cuts.push((text.len(), text.len(), false));
    let (mut from, mut beside, mut pieces) = (0, false, Vec::new());
    for (start, end, value) in cuts {
        if let Some(piece) = text.get(from..start).filter(|p| !p.trim().is_empty()) {
            pieces.push(Piece { text: piece, beside: beside || value });
        }
        (from, beside) = (end, value);
    }
    pieces.retain(|p| !matches!(fold(p.text.trim()).as_str(), "and" | "y" | "e" | "et" | "und"));
    pieces
}
