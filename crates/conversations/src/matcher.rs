//! What a text is compared with: each check can fail, and says what it wanted.

use std::fmt;

use regex::Regex;

use crate::words::{Words, folded};

/// Everything that must be true of one text. `${name}` in a text stands for what an earlier turn has kept.
#[derive(Debug, Clone, Default)]
pub struct Matcher(pub Vec<Check>);

/// One thing that must be true of a text.
#[derive(Debug, Clone)]
pub enum Check {
    /// The same text, but for blanks around it.
    Is(String),
    /// Has this in it, whatever its case and line breaks.
    Contains(String),
    /// Does not have this in it.
    Lacks(String),
    /// The expression is found in it.
    Matches(Regex),
    /// The expression is not found in it.
    MatchesNot(Regex),
    /// There is a text, whatever it is.
    Any,
    /// There is none.
    Absent,
    /// It is written in this language.
    Language(String),
}

impl Matcher {
    /// The text itself.
    pub fn is(text: impl Into<String>) -> Self {
        Self(vec![Check::Is(text.into())])
    }

    /// The checks that fail for the text (none: it is not there).
    pub fn failing<'a>(&'a self, text: Option<&'a str>, words: &'a Words) -> impl Iterator<Item = &'a Check> {
        self.0.iter().filter(move |check| !check.holds(text, words))
    }

    /// Whether all checks hold.
    pub fn holds(&self, text: Option<&str>, words: &Words) -> bool {
        self.failing(text, words).next().is_none()
    }
}

impl Check {
    fn holds(&self, text: Option<&str>, words: &Words) -> bool {
        let Some(text) = text else {
            return matches!(self, Self::Absent | Self::Lacks(_) | Self::MatchesNot(_));
        };
        match self {
            Self::Is(wanted) => text.trim() == words.filled(wanted).trim(),
            Self::Contains(wanted) => folded(text).contains(&folded(&words.filled(wanted))),
            Self::Lacks(unwanted) => !folded(text).contains(&folded(&words.filled(unwanted))),
            Self::Matches(expression) => expression.is_match(text),
            Self::MatchesNot(expression) => !expression.is_match(text),
            Self::Any => true,
            Self::Absent => false,
            Self::Language(wanted) => words.language_of(text, wanted).is_some_and(|found| found == *wanted),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) => write!(f, "“{text}”"),
            Self::Contains(text) => write!(f, "a text with “{text}”"),
            Self::Lacks(text) => write!(f, "a text without “{text}”"),
            Self::Matches(expression) => write!(f, "a text that matches /{expression}/"),
            Self::MatchesNot(expression) => write!(f, "a text that does not match /{expression}/"),
            Self::Any => f.write_str("any value"),
            Self::Absent => f.write_str("no value"),
            Self::Language(language) => write!(f, "a text in the language `{language}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_holds_and_fails() {
        let words = Words::new(&["es".to_owned(), "en".to_owned()]).with("ticket", "1234");
        let expression = |text: &str| Regex::new(text).unwrap();
        let table: Vec<(Check, &str, &str)> = vec![
            (Check::Is("abc".into()), " abc\n", "abcd"),
            (Check::Is("${ticket}".into()), "1234", "${ticket}"),
            (Check::Contains("Tu  Pedido".into()), "sí, tu\npedido va", "su pedido"),
            (Check::Contains("n.º ${ticket}".into()), "N.º 1234", "n.º 4321"),
            (Check::Lacks("persona".into()), "nadie", "una PERSONA"),
            (Check::Matches(expression(r"\d{4}")), "n 1234", "n 123"),
            (Check::MatchesNot(expression(r"\d{4}")), "n 123", "n 1234"),
            (
                Check::Language("es".into()),
                "¿Me indicas el número de tu pedido, por favor?",
                "What is your order number?",
            ),
        ];
        for (check, good, bad) in table {
            assert!(check.holds(Some(good), &words), "{check} {good}");
            assert!(!check.holds(Some(bad), &words), "{check} {bad}");
        }
        assert!(Check::Any.holds(Some(""), &words) && !Check::Any.holds(None, &words));
        assert!(Check::Absent.holds(None, &words) && !Check::Absent.holds(Some(""), &words));
        assert!(!Check::Contains("x".into()).holds(None, &words) && !Check::Is(String::new()).holds(None, &words));
    }
}
