//! JSON text that a parser will take: customers send halves of characters.
//!
//! JavaScript's strings may hold half of a surrogate pair, and JSON can say it (`\ud83d` alone); Rust's cannot. One such
//! message must not cost the others in its batch.

use std::borrow::Cow;

const ESCAPE: usize = r"\uXXXX".len();
const REPLACEMENT: &str = r"\ufffd";

/// The text with every escaped surrogate that stands alone replaced by U+FFFD.
pub(crate) fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    let mut healed = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        at += match unit(text, at) {
            None => 2,
            Some(0xd800..=0xdbff) if matches!(unit(text, at + ESCAPE), Some(0xdc00..=0xdfff)) => 2 * ESCAPE,
            Some(0xd800..=0xdfff) => {
                healed.push_str(text.get(copied..at).unwrap_or_default());
                healed.push_str(REPLACEMENT);
                copied = at + ESCAPE;
                ESCAPE
            }
            Some(_) => ESCAPE,
        };
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    healed.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(healed)
}

/// The UTF-16 unit of the escape that stands here, if one does.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + ESCAPE)?.strip_prefix(r"\u")?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_lone_halves_are_replaced() {
        let table = [
            (r#""hola""#, r#""hola""#),
            (r#""\ud83d\ude09 ok""#, r#""\ud83d\ude09 ok""#),
            (r#""\ud83d ok""#, r#""\ufffd ok""#),
            (r#""\ude09\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\uD83D\uD83D\uDE09""#, r#""\ufffd\uD83D\uDE09""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d\"""#, r#""\\\ufffd\"""#),
            (r#""\u00e9\n\u""#, r#""\u00e9\n\u""#),
            (r#""\ud83d"#, r#""\ufffd"#),
            (r"\", r"\"),
            (r"á\é", r"á\é"),
        ];
        for (given, wanted) in table {
            assert_eq!(without_lone_surrogates(given), wanted);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived_and_valid_json_is_left_alone(text in ".*", json in any::<String>()) {
            let _ = without_lone_surrogates(&text);
            let json = serde_json::to_string(&json).unwrap();
            prop_assert_eq!(without_lone_surrogates(&json), json.as_str());
        }

        /// Whatever UTF-16 JavaScript writes, a parser takes.
        #[test]
        fn any_utf16_can_be_read_afterwards(units in prop::collection::vec(any::<u16>(), 0..40)) {
            let escaped: String = units.iter().flat_map(|unit| ["\\u".to_owned(), format!("{unit:04x}")]).collect();
            let json = format!("\"{escaped}\"");
            let healed = without_lone_surrogates(&json);
            let read: String = serde_json::from_str(&healed).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}
