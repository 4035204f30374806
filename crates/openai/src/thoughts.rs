//! Where a model's thinking stands: apart, or in its text. Some servers give it with the text, before it and in marks; the
//! first of them may stand in the prompt, so that nothing tells where the thinking begins.

use std::sync::atomic::{AtomicU8, Ordering};

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Names of models that think in their text on servers that do not take it out.
const THINKERS: [&str; 4] = ["r1", "qwq", "think", "reason"];

const UNKNOWN: u8 = 0;
const APART: u8 = 1;
const IN_TEXT: u8 = 2;

/// What is known of an endpoint.
#[derive(Debug, Default)]
pub(crate) struct Thoughts(AtomicU8);

impl Thoughts {
    /// Whether the beginning of a text is the answer's. Of a model whose name tells that it thinks, an answer must have shown it.
    pub(crate) fn are_apart(&self, model: &str) -> bool {
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => {
                let model = model.to_lowercase();
                !THINKERS.iter().any(|name| model.contains(name))
            }
            known => known == APART,
        }
    }

    /// An answer had thoughts without their first mark, or not. Once is enough.
    pub(crate) fn learn(&self, unmarked: bool) {
        if unmarked {
            self.0.store(IN_TEXT, Ordering::Relaxed);
        } else {
            let _known = self.0.compare_exchange(UNKNOWN, APART, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// A text without its thoughts, and whether these had no first mark.
pub(crate) fn without(text: &str) -> (&str, bool) {
    let begins = text.trim_start().starts_with(OPEN);
    match text.split_once(CLOSE) {
        Some((before, after)) if begins || !before.contains(OPEN) => (after.trim_start(), !begins),
        // It was cut while it thought.
        None if begins => ("", false),
        _ => (text, false),
    }
}

/// A text that is being written, without its thoughts; nothing, as long as it may be one.
pub(crate) fn without_so_far(text: &str) -> &str {
    let text = text.trim_start();
    if OPEN.starts_with(text.get(..OPEN.len()).unwrap_or(text)) {
        return text.split_once(CLOSE).map_or("", |(_, after)| after.trim_start());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_not_said() {
        for (text, wanted) in [
            ("Hola", ("Hola", false)),
            ("<think>He asks\nwhere.</think>\n\nHola", ("Hola", false)),
            (" <think></think>Hola", ("Hola", false)),
            ("He asks where.</think>Hola", ("Hola", true)),
            ("<think>He asks", ("", false)),
            ("Say <think>a</think>", ("Say <think>a</think>", false)),
            ("a < b", ("a < b", false)),
        ] {
            assert_eq!(without(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_said_while_it_is_written_begins_what_is_said_in_the_end() {
        for text in ["Hola, ¿qué tal?", "<think>He asks\nwhere.</think>\n\nHola", " <b>Hola</b>", "<think>He asks"] {
            let whole = without(text).0.trim_start();
            for (at, _) in text.char_indices() {
                let said = without_so_far(text.get(..at).unwrap());
                assert!(whole.starts_with(said), "{said:?}");
            }
        }
    }

    #[test]
    fn a_model_that_thinks_aloud_is_known_by_its_name_or_its_answers() {
        let thoughts = Thoughts::default();
        assert!(thoughts.are_apart("gpt-5-mini") && !thoughts.are_apart("DeepSeek-R1-Distill"));
        thoughts.learn(false);
        assert!(thoughts.are_apart("DeepSeek-R1-Distill"));
        thoughts.learn(true);
        thoughts.learn(false);
        assert!(!thoughts.are_apart("gpt-5-mini"));
    }
}
