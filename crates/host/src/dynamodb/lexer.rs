//! The words of an expression.

use super::Refusal;

/// DynamoDB takes expressions of at most 4 KB.
const LONGEST_BYTES: usize = 4096;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A name, a function or a key word: `a`, `size`, `AND`.
    Name(String),
    /// `#name`, with its mark.
    Placeholder(String),
    /// `:value`, with its mark.
    Value(String),
    /// A whole number, which only stands in brackets.
    Index(usize),
    /// `=`, `<>`, `<=`, `(`, `.` and their like.
    Sign(&'static str),
}

const SIGNS: [&str; 14] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "[", "]", "+", "-"];

/// Cuts a text into words.
pub(super) fn words(text: &str) -> Result<Vec<Word>, Refusal> {
    let wrong = |what: &str| Refusal::validation(format!("Invalid expression: Syntax error; {what}"));
    if text.len() > LONGEST_BYTES {
        return Err(wrong("the expression is too long"));
    }
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            words.push(Word::Sign(sign));
            rest = rest.get(sign.len()..).unwrap_or_default().trim_start();
            continue;
        }
        let body = rest.get(first.len_utf8()..).unwrap_or_default();
        let length = body.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(body.len());
        let (word, after) = rest.split_at(first.len_utf8() + length);
        words.push(match first {
            '#' if length > 0 => Word::Placeholder(word.to_owned()),
            ':' if length > 0 => Word::Value(word.to_owned()),
            '0'..='9' => Word::Index(word.parse().map_err(|_| wrong("no index"))?),
            'a'..='z' | 'A'..='Z' => Word::Name(word.to_owned()),
            _ => return Err(wrong(&format!("token: \"{first}\""))),
        });
        rest = after.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs() {
        let text = "#a.b[0]<=:v AND size( #x ) <> :y";
        let Ok(words) = words(text) else { panic!() };
        let texts: Vec<String> = words
            .iter()
            .map(|word| match word {
                Word::Name(it) | Word::Placeholder(it) | Word::Value(it) => it.clone(),
                Word::Index(it) => it.to_string(),
                Word::Sign(it) => (*it).to_owned(),
            })
            .collect();
        assert_eq!(texts.join(" "), "#a . b [ 0 ] <= :v AND size ( #x ) <> :y");
    }

    #[test]
    fn what_is_no_word_is_refused() {
        for wrong in ["#", ":", "a ; b", "a = 'x'", "99999999999999999999999", "ñ"] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
        assert!(words(&"a".repeat(5_000)).is_err());
    }
}
