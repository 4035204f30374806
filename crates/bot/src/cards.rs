//! Numbers of payment cards in a text. Nobody needs them to help the customer, so that they are neither remembered nor
//! handed on, whatever a bot's definition says.
//!
//! A number is taken for a card's by what a card's number is: how it begins, how long it then is, and its check digit. So
//! one of a parcel, an order or a telephone stays, but for very few.

use std::ops::Range;

/// What stands in the place of all digits but the last four, by which the customer and a person know the card.
const MASK: &str = "•••• ";
const SHOWN: usize = 4;
/// Signs between the groups of digits, and how many of them there may be.
const BETWEEN: &[char] = &[' ', '-', '–', '.', '\u{a0}', '\t'];
const BETWEEN_MAX: usize = 2;

/// The text with the numbers of cards masked.
pub(crate) fn masked(text: &str) -> String {
    let mut kept = String::new();
    let mut from = 0;
    let mut first = 0;
    let groups = groups(text);
    while let Some(rest) = groups.get(first..).filter(|rest| !rest.is_empty()) {
        match card(text, rest) {
            Some((count, at, last)) => {
                kept.push_str(text.get(from..at.start).unwrap_or_default());
                kept.push_str(MASK);
                kept.push_str(&last);
                from = at.end;
                first += count;
            }
            None => first += 1,
        }
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// Where there are digits side by side.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, char)| char.is_ascii_digit()) {
        match groups.last_mut() {
            Some(group) if group.end == at => group.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// A card's number that begins with the first of these groups: of how many groups it is, where, and its last digits.
fn card(text: &str, groups: &[Range<usize>]) -> Option<(usize, Range<usize>, String)> {
    let start = groups.first()?.start;
    let mut digits = String::new();
    let mut end = start;
    for (number, group) in groups.iter().enumerate() {
        let between = text.get(end..group.start)?;
        let near = between.chars().count() <= BETWEEN_MAX && between.chars().all(|char| BETWEEN.contains(&char));
        if !near || digits.len() > 19 {
            return None;
        }
        digits.push_str(text.get(group.clone())?);
        end = group.end;
        if is_card(&digits) {
            let last = digits.get(digits.len() - SHOWN..)?.to_owned();
            return Some((number + 1, start..end, last));
        }
    }
    None
}

fn is_card(digits: &str) -> bool {
    let begins = |length: usize| digits.get(..length).and_then(|head| head.parse::<u32>().ok()).unwrap_or(0);
    let lengths: &[usize] = match begins(4) {
        4_000..=4_999 => &[13, 16, 19],
        5_100..=5_599 | 2_221..=2_720 => &[16],
        3_400..=3_499 | 3_700..=3_799 => &[15],
        3_000..=3_059 | 3_600..=3_699 | 3_800..=3_999 => &[14],
        3_528..=3_589 | 5_000..=5_099 | 5_600..=6_999 => &[16, 17, 18, 19],
        _ => &[],
    };
    lengths.contains(&digits.len()) && luhn(digits)
}

/// Every second digit from the right is doubled; the sum of all digits is a multiple of ten.
fn luhn(digits: &str) -> bool {
    let value = |(at, digit): (usize, u32)| match (at % 2, digit * 2) {
        (0, _) => digit,
        (_, double) => double / 10 + double % 10,
    };
    digits.chars().rev().filter_map(|char| char.to_digit(10)).enumerate().map(value).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cards_keep_their_last_digits() {
        for (text, expected) in [
            ("me robaron la 4111 1111 1111 1111, quiero un agente", "me robaron la •••• 1111, quiero un agente"),
            ("4111111111111111", "•••• 1111"),
            ("la 4111-1111-1111-1111 y la 5500005555555559.", "la •••• 1111 y la •••• 5559."),
            ("4111.1111.1111.1111 4111\u{a0}1111\u{a0}1111 – 1111", "•••• 1111 4111\u{a0}1111\u{a0}1111 – 1111"),
            ("amex 3782 822463 10005, diners 30569309025904", "amex •••• 0005, diners •••• 5904"),
            ("4111 1111 1111 1111 123 09/28", "•••• 1111 123 09/28"),
            ("el pedido 12 4111 1111 1111 1111", "el pedido 12 •••• 1111"),
            ("2223 0031 2200 3222", "•••• 3222"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn what_is_no_card_stays() {
        for text in [
            "",
            "hola",
            "4111 1111 1111 1112",
            "pedido 10020030, rut 12345678-9, ticket 202412041233",
            "+56 9 1234 5678, 2026-11-28 13:17:15",
            "IMEI 490154203237518",
            "1Z999AA10123456784 ñ 00340434161094042557",
            "4111 1111, y 1111 1111",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_card_is_found(
            body in "4[0-9]{14}",
            before in "[a-zñ ]{0,9}",
            gaps in proptest::collection::vec("[ -]?", 4),
        ) {
            let check = (0..10).map(|check| format!("{body}{check}")).find(|number| luhn(number)).unwrap();
            let groups = check.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).unwrap());
            let number: String = groups.zip(&gaps).flat_map(|(group, gap)| [group, gap]).collect();
            let masked = masked(&format!("{before}{number}"));
            prop_assert_eq!(masked.chars().filter(char::is_ascii_digit).count(), SHOWN, "{}", masked);
        }
    }
}
