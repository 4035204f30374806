//! How values are compared: people write `12.345.678-k`, the table has `12345678-K`.

use unicode_normalization::UnicodeNormalization;

/// A value without case, spaces, dots and dashes.
pub fn normalized(value: &str) -> String {
    value.nfkc().filter(|c| !c.is_whitespace() && !is_dot_or_dash(*c)).flat_map(char::to_lowercase).collect()
}

fn is_dot_or_dash(c: char) -> bool {
    // Keyboards and phones put typographic dashes and dots in place of the plain ones.
    matches!(c, '.' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{00b7}' | '\u{00ad}')
}

/// A cell as text; nothing for a cell without a value.
pub(super) fn cell_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_dots_and_dashes_do_not_count() {
        for written in ["12345678-K", "12.345.678-k", " 12 345 678 – k ", "12345678k"] {
            assert_eq!(normalized(written), "12345678k", "{written}");
        }
        assert_ne!(normalized("12345678-1"), normalized("12345678-2"));
        assert_eq!(normalized(" .- "), "");
    }
}
