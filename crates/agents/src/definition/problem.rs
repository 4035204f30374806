//! A problem in a definition: where it is, what it is, and what to do about it.

use std::fmt;

/// A place in a file, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl Spot {
    /// The beginning of a file.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// Something that must be put right before the bot can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named to us.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do, where that can be told.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(file: &str, spot: Spot, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: spot.line, column: spot.column, message: message.into(), hint: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// `did you mean ...?`, when one of the known words is close; else the known words, when they are few.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(close) = closest(word, known.iter().copied()) {
        return Some(format!("did you mean `{close}`?"));
    }
    (1..=16).contains(&known.len()).then(|| format!("known here: {}", known.join(", ")))
}

/// The known word that was most likely meant.
pub(super) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_what_and_how() {
        let problem = Problem::new("bot.yaml", Spot { line: 12, column: 3 }, "unknown key `instrution`")
            .with_hint(suggest("instrution", ["agentName", "instruction"]));
        assert_eq!(problem.to_string(), "bot.yaml:12:3: unknown key `instrution` (did you mean `instruction`?)");
    }

    #[test]
    fn lists_what_is_known_when_nothing_is_close() {
        assert_eq!(suggest("zebra", ["orders", "tickets"]).as_deref(), Some("known here: orders, tickets"));
        assert_eq!(suggest("zebra", []), None);
    }
}
