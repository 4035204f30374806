//! A text as sentences of words, with the commas between them: what its grammar is told by.

use unicode_normalization::char::is_combining_mark;

use super::matching::{Word, fold, is_apostrophe};

/// What ends a sentence.
const ENDS: &[char] = &['.', '!', '?', '\n', ';', '¿', '¡', '。', '！', '？', '؟', '؛', '।', '…', '．'];
/// What parts clauses.
const COMMAS: &[char] = &[',', ':', '(', ')', '–', '—', '،', '、', '，', '：'];

/// A sentence that has words.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    /// The same words in lower case with their accents: "si" is another than "sí".
    pub(super) said: Vec<String>,
    /// Whether a comma stands before the word.
    pub(super) commas: Vec<bool>,
    /// Whether it is a question.
    pub(super) asks: bool,
}

impl Sentence {
    fn add(&mut self, said: &mut String, comma: &mut bool) {
        let folded = fold(said);
        if folded.chars().any(char::is_alphanumeric) {
            self.words.push(Word::new(folded));
            self.said.push(said.to_lowercase());
            self.commas.push(std::mem::take(comma));
        }
        said.clear();
    }
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    let (mut sentence, mut said, mut comma, mut before) = (Sentence::default(), String::new(), false, ' ');
    for char in text.chars().chain(['\n']) {
        let dash = char == '-' && before.is_whitespace();
        before = char;
        if char.is_alphanumeric() || is_combining_mark(char) {
            said.push(char);
        } else if !is_apostrophe(char) {
            sentence.add(&mut said, &mut comma);
            comma |= dash || COMMAS.contains(&char);
        }
        if ENDS.contains(&char) {
            let mut ended = std::mem::take(&mut sentence);
            ended.asks = matches!(char, '?' | '？' | '؟');
            comma = false;
            all.push(ended);
        }
    }
    all.retain(|sentence| !sentence.words.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_have_words_commas_and_marks() {
        let all = sentences("No, gracias. ¿Qué hago - don't?\n\n 1) l’agent");
        let words = |at: usize| all[at].words.iter().map(Word::as_str).collect::<Vec<_>>().join(" ");
        assert_eq!((words(0), words(1), words(2)), ("no gracias".into(), "que hago dont".into(), "1 lagent".into()));
        assert_eq!(all[0].commas, [false, true]);
        assert_eq!(all[1].commas, [false, false, true]);
        assert_eq!(all.iter().map(|it| it.asks).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(all[1].said, ["qué", "hago", "dont"]);
        assert!(sentences(" ... ?! ").is_empty());
    }

    proptest::proptest! {
        /// Whatever is written: each word has its text and its comma, and none is empty.
        #[test]
        fn every_text_has_sentences(text in "(\\PC|[a-z ,.?'¿ñé]){0,60}") {
            for sentence in sentences(&text) {
                proptest::prop_assert_eq!(sentence.words.len(), sentence.said.len());
                proptest::prop_assert_eq!(sentence.words.len(), sentence.commas.len());
                proptest::prop_assert!(sentence.words.iter().all(|word| !word.as_str().is_empty()));
            }
        }
    }
}
