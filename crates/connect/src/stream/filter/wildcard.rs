//! Patterns with `*`.

/// A pattern: the texts between its asterisks. One text: there is no asterisk.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wildcard(Vec<String>);

impl Wildcard {
    /// `*` stands for any characters, also none; `\*` and `\\` for the character itself. Two in a row and other escapes
    /// are refused, as AWS's matcher does (github.com/aws/event-ruler, "Wildcard").
    pub(super) fn read(pattern: &str) -> Result<Self, String> {
        let (mut parts, mut part) = (Vec::new(), String::new());
        let mut after_asterisk = false;
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' if after_asterisk => return Err(format!("\"wildcard\": {pattern} has ** ; one * is enough")),
                '*' => parts.push(std::mem::take(&mut part)),
                '\\' => match characters.next() {
                    Some(escaped @ ('*' | '\\')) => part.push(escaped),
                    _ => return Err(format!("\"wildcard\": in {pattern} a backslash stands before * or another one")),
                },
                _ => part.push(character),
            }
            after_asterisk = character == '*';
        }
        parts.push(part);
        Ok(Self(parts))
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let Some((first, rest)) = self.0.split_first() else { return false };
        let Some(mut left) = text.strip_prefix(first.as_str()) else { return false };
        let Some((last, between)) = rest.split_last() else { return left.is_empty() };
        // The first place of each is enough: what comes after has the more room.
        for part in between {
            let Some((_, after)) = left.split_once(part.as_str()) else { return false };
            left = after;
        }
        left.ends_with(last.as_str())
    }
}
