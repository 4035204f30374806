//! Text: folding, words, clauses. The same for every language.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// A number that no parameter claims; one number is as good as another.
pub(super) const NUMBER: &str = "#";

/// A piece of a message, in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    /// A folded word.
    Word {
        /// Folded, see [`fold`].
        word: String,
        /// Bytes of the message.
        at: Range<usize>,
    },
    /// A value that a parameter's pattern found.
    Value {
        /// The parameter.
        parameter: String,
        /// Bytes of the message.
        at: Range<usize>,
    },
    /// Punctuation that ends a clause.
    Break,
}

impl Unit {
    /// The bytes it takes of the message.
    pub(super) fn at(&self) -> Option<Range<usize>> {
        match self {
            Self::Word { at, .. } | Self::Value { at, .. } => Some(at.clone()),
            Self::Break => None,
        }
    }

    /// The word.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word { word, .. } => Some(word),
            Self::Value { .. } | Self::Break => None,
        }
    }
}

/// Lower case, without accents, without apostrophes, and long runs of one letter shortened: `Holaaa` is `hola`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut last: Option<(char, usize)> = None;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c)).flat_map(char::to_lowercase) {
        let run = last.filter(|(before, _)| *before == c && c.is_alphabetic()).map_or(1, |(_, run)| run + 1);
        last = Some((c, run));
        match run {
            3 => drop(folded.pop()),
            4.. => {}
            _ => folded.push(c),
        }
    }
    folded
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´')
}

/// The message as words, values and clause ends. `values` are disjoint and in order.
pub(super) fn units(text: &str, values: &[(String, Range<usize>)]) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut from = 0;
    for (parameter, at) in values {
        if let Some(before) = text.get(from..at.start) {
            words(before, from, &mut units);
        }
        units.push(Unit::Value { parameter: parameter.clone(), at: at.clone() });
        from = at.end;
    }
    if let Some(rest) = text.get(from..) {
        words(rest, from, &mut units);
    }
    units
}

fn words(text: &str, offset: usize, units: &mut Vec<Unit>) {
    for (start, piece) in text.split_word_bound_indices() {
        let at = offset + start..offset + start + piece.len();
        if piece.chars().any(char::is_alphanumeric) {
            push_word(piece, at, units);
        } else if piece.chars().any(ends_clause) && !matches!(units.last(), None | Some(Unit::Break)) {
            units.push(Unit::Break);
        }
    }
}

/// `l'hotel` is two words, `don't` is one.
fn push_word(piece: &str, at: Range<usize>, units: &mut Vec<Unit>) {
    if let Some((i, c)) = piece.char_indices().find(|(_, c)| is_apostrophe(*c)) {
        let after = i + c.len_utf8();
        if let (Some(head), Some(tail)) = (piece.get(..i), piece.get(after..))
            && (1..=2).contains(&head.chars().count())
            && tail.chars().count() >= 3
        {
            push_folded(head, at.start..at.start + i, units);
            push_folded(tail, at.start + after..at.end, units);
            return;
        }
    }
    push_folded(piece, at, units);
}

fn push_folded(piece: &str, at: Range<usize>, units: &mut Vec<Unit>) {
    let folded = fold(piece);
    if folded.is_empty() {
        return;
    }
    let word = if folded.chars().any(char::is_numeric) { NUMBER.to_owned() } else { folded };
    units.push(Unit::Word { word, at });
}

fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '¡'
            | '¿'
            | '\n'
            | '('
            | ')'
            | '…'
            | '。'
            | '，'
            | '、'
            | '？'
            | '！'
            | '؟'
            | '،'
            | '—'
    )
}

/// The folded words of a text.
pub(super) fn plain_words(text: &str) -> Vec<String> {
    units(text, &[]).iter().filter_map(Unit::word).map(str::to_owned).collect()
}

/// `getOrderStatus` and `order_number` as words.
pub(super) fn split_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut lower = false;
    for c in name.chars() {
        if c.is_alphanumeric() {
            if lower && c.is_uppercase() {
                out.push(' ');
            }
            lower = c.is_lowercase();
            out.push(c);
        } else {
            out.push(' ');
            lower = false;
        }
    }
    out
}

/// A count as a real number.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_stretched_letters() {
        for (text, want) in [
            ("¿Dónde está?", "¿donde esta?"),
            ("AÑO", "ano"),
            ("Holaaaa", "hola"),
            ("llegó", "llego"),
            ("don’t", "dont"),
            ("ＡＢ１２", "ab12"),
        ] {
            assert_eq!(fold(text), want);
        }
    }

    #[test]
    fn words_values_and_breaks_keep_their_order() {
        let text = "Hola, pedido 10020030 no llega";
        let got = units(text, &[("order".into(), 13..21)]);
        let shape: Vec<&str> = got
            .iter()
            .map(|u| match u {
                Unit::Word { word, .. } => word.as_str(),
                Unit::Value { .. } => "<v>",
                Unit::Break => "|",
            })
            .collect();
        assert_eq!(shape, ["hola", "|", "pedido", "<v>", "no", "llega"]);
        assert!(got.iter().filter_map(Unit::at).all(|at| text.get(at).is_some()));
    }

    #[test]
    fn apostrophes_split_only_articles() {
        assert_eq!(plain_words("l'hôtel, I don't know"), ["l", "hotel", "i", "dont", "know"]);
    }

    #[test]
    fn names_are_words() {
        assert_eq!(split_name("getOrderStatus"), "get Order Status");
        assert_eq!(split_name("order_number"), "order number");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_units_inside_it(text in "\\PC*") {
            for at in units(&text, &[]).iter().filter_map(Unit::at) {
                assert!(text.get(at).is_some());
            }
        }
    }
}
