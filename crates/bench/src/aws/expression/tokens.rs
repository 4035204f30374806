//! The words and signs of an expression.

pub(super) fn tokens(text: &str) -> Vec<&str> {
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || "#:_".contains(letter);
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if in_word(first) {
            rest.find(|letter| !in_word(letter)).unwrap_or(rest.len())
        } else if ["<=", ">=", "<>"].iter().any(|it| rest.starts_with(it)) {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}
