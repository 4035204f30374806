//! Routes in words: any model can write a word between marks, while a forced tool is not for all of them.

use std::borrow::Cow;

use crate::model::{Candidate, ModelRequest, Purpose, Route};

/// The routes that are no agent's name. Agents' names are identifiers, so that they cannot be these.
const KEEP: &str = "[same]";
const UNDECIDABLE: &str = "[undecidable]";
const OPEN: &str = "<agent>";
const CLOSE: &str = "</agent>";

/// The system prompt; for a route also how to answer.
pub fn system(request: &ModelRequest) -> Cow<'_, str> {
    let Purpose::Route { previous, .. } = &request.purpose else { return Cow::Borrowed(&request.system) };
    let keep = match previous {
        Some(_) => format!("To keep the agent of the last message, answer {OPEN}{KEEP}{CLOSE}. "),
        None => String::new(),
    };
    Cow::Owned(format!(
        "{}\nAnswer with the agent's name alone, as {OPEN}name{CLOSE}. {keep}When it is undecidable, answer \
         {OPEN}{UNDECIDABLE}{CLOSE}. Write nothing else.",
        request.system
    ))
}

/// The route in a text. What is none of the known words is undecidable: the supervisor then thinks for itself.
pub(super) fn read(text: &str, candidates: &[Candidate]) -> Route {
    let marked = text.rsplit_once(OPEN).and_then(|(_, rest)| rest.split_once(CLOSE)).map(|(word, _)| word);
    let word = marked.unwrap_or(text).trim();
    match candidates.iter().find(|candidate| candidate.name.eq_ignore_ascii_case(word)) {
        Some(candidate) => Route::Agent(candidate.name.clone()),
        None if word == KEEP => Route::KeepPrevious,
        None => {
            if word != UNDECIDABLE {
                tracing::debug!(characters = word.chars().count(), "a route that is none of the known words");
            }
            Route::Undecidable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_leniently() {
        let candidate = |name: &str| Candidate {
            name: name.into(),
            instruction: String::new(),
            functions: Vec::new(),
            knowledge: Vec::new(),
        };
        let candidates = [candidate("orders"), candidate("Tickets")];
        let agent = |name: &str| Route::Agent(name.into());
        for (text, wanted) in [
            ("<agent>orders</agent>", agent("orders")),
            ("  <agent> tickets </agent>\n", agent("Tickets")),
            ("I think <agent>orders</agent>, no: <agent>Tickets</agent>.", agent("Tickets")),
            ("orders", agent("orders")),
            ("<agent>[same]</agent>", Route::KeepPrevious),
            ("<agent>[undecidable]</agent>", Route::Undecidable),
            ("<agent>somebody</agent>", Route::Undecidable),
            ("orders or tickets", Route::Undecidable),
            ("<agent>orders", Route::Undecidable),
            ("", Route::Undecidable),
        ] {
            assert_eq!(read(text, &candidates), wanted, "{text:?}");
        }
    }
}
