//! A summary by a model that cannot write one: the customer's own words, the oldest cut first.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::Role;

/// The longest summary, in characters as a reader counts them.
const MOST: usize = 600;
/// Between two messages.
const BETWEEN: &str = " / ";

/// What the customer said, in order.
pub(super) fn summary(before: Option<&str>, said: &[(Role, String)]) -> String {
    let customers = said.iter().filter(|(role, _)| *role == Role::User).map(|(_, text)| text.trim());
    let texts: Vec<&str> = before.into_iter().chain(customers).filter(|text| !text.is_empty()).collect();
    let text = texts.join(BETWEEN);
    match text.grapheme_indices(true).rev().nth(MOST - 1) {
        Some((from, _)) if from > 0 => format!("…{}", text.get(from..).unwrap_or_default().trim_start()),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_words_and_the_newest() {
        let said = [
            (Role::User, "Mi pedido 10020030".to_owned()),
            (Role::Assistant, "¿RUT?".into()),
            (Role::User, "1-9".into()),
        ];
        assert_eq!(summary(None, &said), "Mi pedido 10020030 / 1-9");
        assert_eq!(summary(Some("Antes"), &said), "Antes / Mi pedido 10020030 / 1-9");
        let long = summary(Some(&"a".repeat(2_000)), &said);
        assert!(long.starts_with('…') && long.ends_with(" / 1-9") && long.chars().count() <= MOST + 1, "{long}");
    }
}
