//! Texts composed of the customer's own words: what the matter is, as it was told.

use super::OfflineModel;
use super::lexicon::MEANINGS;
use super::slots::{Claim, spans};
use super::state::State;
use super::text::{Unit, plain_words, units};

/// A description longer than this is cut, in characters.
const LONGEST: usize = 600;
/// So many clauses of a message are looked at.
const CLAUSES: usize = 40;

/// What is left out of a description, as long as anything else was told.
#[derive(Clone, Copy)]
enum Without<'a> {
    /// All questions and requests, and what is said to get this function.
    Requests(&'a str),
    /// What is said to get this function, or a person.
    This(&'a str),
    /// Nothing.
    Nothing,
}

impl OfflineModel {
    /// What the customer told so far, without greetings, thanks, bare values and the request for `function` itself, as
    /// long as anything else was told. Who is handed over after everything was answered has come to something new: then the
    /// request is part of the matter ("where is my order", "I want my money back").
    pub(super) fn describe(&self, state: &State, function: &str) -> String {
        let told = |without: Without<'_>| -> Vec<String> {
            let mut parts: Vec<String> = Vec::new();
            for told in &state.told {
                let part = self.matter(&told.text, &told.claims, without);
                if !part.is_empty() && !parts.contains(&part) {
                    parts.push(part);
                }
            }
            parts
        };
        let passes = [Without::Requests(function), Without::This(function), Without::Nothing];
        let mut parts = passes.into_iter().map(told).find(|parts| !parts.is_empty()).unwrap_or_default();
        if parts.is_empty() {
            parts.extend(state.told.last().map(|t| t.text.trim().to_owned()));
        }
        if parts.iter().all(String::is_empty) {
            parts = self.function(function).and_then(|f| f.description.clone()).into_iter().collect();
        }
        if self.handoffs.iter().any(|handoff| handoff == function)
            && let Some((last, before)) = state.told.split_last()
            && before.iter().all(|told| told.answered)
            && !asks_for_a_person(&last.text)
        {
            let request = self.matter(&last.text, &last.claims, Without::Nothing);
            parts.retain(|part| !request.contains(part.as_str()));
            parts.push(request);
        }
        let mut text = String::new();
        for part in parts.iter().filter(|part| !part.is_empty()) {
            if !text.is_empty() {
                text.push_str(if text.ends_with(['.', '!', '?', '…']) { " " } else { ". " });
            }
            text.push_str(part);
        }
        shorten(&text)
    }

    /// A text without its values and the clauses that only introduce them.
    pub(super) fn without_values(&self, text: &str, claims: &[Claim]) -> String {
        if claims.is_empty() { text.trim().to_owned() } else { self.matter(text, claims, Without::Nothing) }
    }

    fn matter(&self, text: &str, claims: &[Claim], without: Without<'_>) -> String {
        let text = text.char_indices().nth(4 * LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
        let claims: Vec<Claim> = claims.iter().filter(|c| c.at.end <= text.len()).cloned().collect();
        let units = units(text, &spans(&claims));
        let clauses = units.split(|u| matches!(u, Unit::Break)).filter(|c| !c.is_empty());
        let clauses: Vec<&[Unit]> = clauses.take(CLAUSES).collect();
        let kept: Vec<&[Unit]> = clauses.iter().copied().filter(|c| self.tells(c, without)).collect();
        if kept.len() == clauses.len() {
            return if kept.is_empty() { String::new() } else { text.trim().to_owned() };
        }
        let slices = kept.iter().filter_map(|clause| {
            let from = clause.first()?.at()?.start;
            let to = clause.last()?.at()?.end;
            text.get(from..to).map(str::trim)
        });
        slices.collect::<Vec<_>>().join(", ")
    }

    /// Whether a clause says something of the matter.
    fn tells(&self, clause: &[Unit], without: Without<'_>) -> bool {
        if self.particles.answer(clause).is_some() {
            return false;
        }
        let vocabulary = self.intents.vocabulary();
        let words = clause.iter().filter_map(Unit::word);
        let has_value = clause.iter().any(|u| matches!(u, Unit::Value { .. }));
        let says =
            words.filter(|w| !(vocabulary.is_function_word(w) || has_value && self.slots.names_any(w, vocabulary)));
        if says.count() == 0 {
            return false;
        }
        let reading = self.intents.read(&self.particles, clause, None);
        if reading.smalltalk.is_some() {
            return false;
        }
        let handover = |name: &str| self.function(name).is_some_and(|f| f.return_control);
        let asks = self.particles.clauses(clause).iter().any(|c| c.asks);
        !reading.wanted.iter().any(|w| match without {
            Without::Requests(this) => w.function == this || handover(&w.function) || asks,
            Without::This(this) => w.function == this || handover(&w.function),
            Without::Nothing => false,
        })
    }
}

/// Whether a person, talking to one, or being passed on is named, in any language that is known.
fn asks_for_a_person(text: &str) -> bool {
    let known = |word: &String| MEANINGS.iter().take(3).any(|line| line.split_whitespace().any(|w| w == word));
    plain_words(text).iter().any(known)
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut).trim_end())
}
