//! Finding a phrase in a text: without regard to case, accents, punctuation, small typos and a few words in between.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization;

/// Words that may stand between two words of a phrase.
const GAP: usize = 2;
/// Shorter words must be right.
const LEAST_SLIP: usize = 5;
/// The mark of a person in a pattern.
const PERSON: &str = "*";

/// A folded word, with what tells at a glance that another is not the same: a message is held against hundreds of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Word {
    text: String,
    letters: usize,
    /// A bit for each letter in it, of which a few share one.
    seen: u64,
}

impl Word {
    /// Whether it is a number, such as an amount.
    pub(super) fn is_number(&self) -> bool {
        self.text.chars().all(char::is_numeric)
    }

    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let (letters, seen) = text.chars().fold((0, 0), |(n, seen), char| (n + 1, seen | 1 << (u32::from(char) % 64)));
        Self { text, letters, seen }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Equal but for a typo: one in a word of five letters, two from nine on. Short words must be right.
    pub(super) fn is_like(&self, wanted: &Self) -> bool {
        let typos = match wanted.letters {
            0..5 => 0,
            5..9 => 1,
            _ => 2,
        };
        // Korean particles and endings are part of their word.
        if wanted.text.starts_with(is_korean) {
            return self.text.starts_with(&wanted.text);
        }
        // A typo brings at most one letter in, and takes at most one out.
        let strange = |one: &Self, other: &Self| (one.seen & !other.seen).count_ones() > typos;
        if strange(self, wanted) || strange(wanted, self) {
            return false;
        }
        let typos = typos as usize;
        self.text == wanted.text
            || typos > 0
                && self.letters.abs_diff(wanted.letters) <= typos
                && strsim::osa_distance(&self.text, &wanted.text) <= typos
    }
}

impl Word {
    /// Equal but for a slip of the hand within the word: two letters that changed places, one that is missing, one that is
    /// doubled. Another letter makes another word: "consultar" is no "consultor", and "export" no "expert".
    pub(super) fn is_slip_of(&self, wanted: &Self) -> bool {
        if self.text == wanted.text {
            return true;
        }
        // A slip brings no letter in.
        let strange = self.seen & !wanted.seen != 0;
        if strange || wanted.letters < LEAST_SLIP || self.letters.abs_diff(wanted.letters) > 1 {
            return false;
        }
        let (is, was): (Vec<char>, Vec<char>) = (self.text.chars().collect(), wanted.text.chars().collect());
        if is.len() != was.len() && (is.first() != was.first() || is.last() != was.last()) {
            return false;
        }
        let same = is.iter().zip(&was).take_while(|(is, was)| is == was).count();
        let rest = |letters: &[char], from: usize| letters.get(from..).unwrap_or_default().to_vec();
        match is.len().cmp(&was.len()) {
            Ordering::Less => rest(&is, same) == rest(&was, same + 1),
            Ordering::Greater => {
                let doubled = same.checked_sub(1).is_some_and(|before| is.get(before) == is.get(same));
                doubled && rest(&is, same + 1) == rest(&was, same)
            }
            Ordering::Equal => {
                let swapped = is.get(same) == was.get(same + 1) && is.get(same + 1) == was.get(same);
                swapped && rest(&is, same + 2) == rest(&was, same + 2)
            }
        }
    }
}

/// Whether it is a Korean letter, folded.
const fn is_korean(char: char) -> bool {
    matches!(char, '\u{1100}'..='\u{11ff}')
}

/// A phrase, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase(Vec<Word>);

impl Phrase {
    pub(super) fn new(text: &str) -> Self {
        Self(apart(text))
    }

    /// A phrase with a place for a person: "could * call me".
    pub(super) fn pattern(text: &str) -> Self {
        let part = |part: &str| if part == PERSON { vec![Word::new(PERSON)] } else { apart(part) };
        Self(text.split_whitespace().flat_map(part).collect())
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.0
    }

    /// Where the phrase ends, if it begins at `start`.
    pub(super) fn end_at(&self, words: &[Word], start: usize) -> Option<usize> {
        self.end_with(words, start, |_| false)
    }

    /// The same for a pattern, with what a person is.
    pub(super) fn end_with(&self, words: &[Word], start: usize, is_person: impl Fn(usize) -> bool) -> Option<usize> {
        if self.0.is_empty() {
            return None;
        }
        let mut at = start;
        for (number, wanted) in self.0.iter().enumerate() {
            let gap = if number == 0 { 0 } else { GAP };
            let person = wanted.as_str() == PERSON;
            let mut rest = words.iter().enumerate().skip(at).take(gap + 1);
            at = rest.find(|(at, word)| if person { is_person(*at) } else { word.is_like(wanted) })?.0 + 1;
        }
        Some(at)
    }
}

/// The words of a text, to be held against others.
pub(super) fn apart(text: &str) -> Vec<Word> {
    words(text).into_iter().map(Word::new).collect()
}

/// Whether the mark belongs to its word: "don't".
pub(super) fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | '´' | '`' | 'ʼ')
}

/// The words of a text, folded.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = fold(&text.replace(is_apostrophe, ""));
    folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Without case and accents.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain: String = text.nfkd().filter(|char| !unicode_normalization::char::is_combining_mark(*char)).collect();
    plain.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_within_the_word() {
        for (written, wanted, slip) in [
            ("human", "human", true),
            ("humna", "human", true),
            ("hmuan", "human", true),
            ("persn", "person", true),
            ("perrson", "person", true),
            ("perosn", "person", true),
            ("perdona", "persona", false),
            ("personas", "persona", false),
            ("perso", "person", false),
            ("consultar", "consultor", false),
            ("export", "expert", false),
            ("asesoria", "asesora", false),
            ("gente", "agente", false),
            ("bos", "boss", false),
        ] {
            assert_eq!(Word::new(written).is_slip_of(&Word::new(wanted)), slip, "{written} {wanted}");
        }
    }

    fn holds(text: &str, phrase: &str) -> bool {
        let (words, phrase) = (apart(text), Phrase::new(phrase));
        (0..words.len()).any(|start| phrase.end_at(&words, start).is_some())
    }

    proptest::proptest! {
        /// The glance never decides otherwise than the distance alone: words that are near, by up to three typos.
        #[test]
        fn a_glance_is_only_faster(
            word in "[a-zñж]{0,11}",
            typos in proptest::collection::vec((0_usize..12, 0_u8..4, proptest::char::range('a', 'z')), 0..4),
        ) {
            let mut wanted: Vec<char> = word.chars().collect();
            for (at, kind, letter) in typos {
                let at = at.min(wanted.len());
                match kind {
                    0 => wanted.insert(at, letter),
                    1 if at < wanted.len() => wanted[at] = letter,
                    2 if at < wanted.len() => drop(wanted.remove(at)),
                    _ if at + 1 < wanted.len() => wanted.swap(at, at + 1),
                    _ => {}
                }
            }
            let wanted: String = wanted.into_iter().collect();
            let letters = wanted.chars().count();
            let allowed = if letters < 5 { 0 } else if letters < 9 { 1 } else { 2 };
            let alike = strsim::osa_distance(&word, &wanted) <= allowed;
            proptest::prop_assert_eq!(Word::new(word).is_like(&Word::new(wanted)), alike);
        }
    }

    #[test]
    fn a_phrase_is_found_in_many_forms() {
        for text in ["Hablar con una persona", "quiero HABLAR ya con una persona!", "hablr con una presona"] {
            assert!(holds(text, "hablar con una persona"), "{text}");
        }
        for text in ["hablar de una persona", "hablar", ""] {
            assert!(!holds(text, "hablar con una persona"), "{text}");
        }
        assert!(!holds("anything", " ! "));
        let pattern = Phrase::pattern("could * call me");
        let words = apart("could one agent please call me");
        assert_eq!(pattern.end_with(&words, 0, |at| at == 2), Some(6));
        assert_eq!(pattern.end_with(&words, 0, |_| false), None);
    }
}
