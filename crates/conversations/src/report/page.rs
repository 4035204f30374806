//! Reports that are files: templates filled with the outcomes.

use minijinja::{Environment, Value, context, syntax::SyntaxConfig, value::Serde};

use super::shown;
use crate::run::{Outcome, Totals};

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page.
    Html,
    /// Markdown.
    Markdown,
    /// `JUnit` XML, as build servers read it: a suite a file, a case a conversation.
    Junit,
}

impl Format {
    /// By a file's ending.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "xml" => Some(Self::Junit),
            _ => None,
        }
    }

    fn template(self) -> (&'static str, &'static str) {
        match self {
            Self::Html => ("report.html", include_str!("report.html")),
            Self::Markdown => ("report.md", include_str!("report.md")),
            // HTML's escapes are XML's.
            Self::Junit => ("report.xml", include_str!("report.xml")),
        }
    }
}

/// The report. `title`: what was tested.
///
/// # Errors
/// The template's own; it is the same for all outcomes.
pub fn page(format: Format, title: &str, outcomes: &[Outcome]) -> Result<String, minijinja::Error> {
    let (name, template) = format.template();
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("plain", plain);
    environment.add_template(name, template)?;
    let mut files: Vec<&str> = Vec::new();
    for outcome in outcomes {
        if !files.contains(&outcome.file.as_str()) {
            files.push(&outcome.file);
        }
    }
    let files: Vec<_> = files
        .into_iter()
        .map(|file| {
            let own: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.file == file).collect();
            let conversations: Vec<_> = own
                .iter()
                .map(|outcome| {
                    let shown = shown(&outcome.attempts);
                    let (good, held) = (outcome.good(), outcome.attempts.len());
                    context! { outcome => Value::from(Serde(outcome)), shown => Value::from(Serde(shown)), good => good, held => held }
                })
                .collect();
            let failed = own.iter().filter(|outcome| !outcome.passed).count();
            let skipped = own.iter().filter(|outcome| outcome.passed && outcome.vacuous).count();
            context! { file => file, conversations => conversations, failed => failed, skipped => skipped }
        })
        .collect();
    environment
        .get_template(name)?
        .render(context! { title => title, totals => Value::from(Serde(Totals::of(outcomes))), files => files })
}

/// Without what XML has no form for, and on one line for Markdown's sake.
fn plain(text: &str) -> String {
    text.chars()
        .map(|char| if char == '\n' || char == '\t' { ' ' } else { char })
        .filter(|char| !char.is_control())
        .collect()
}
