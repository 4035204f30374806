//! What came of the conversations: for the terminal, as a page, as Markdown, and as `JUnit` XML for a build server.

mod page;
mod terminal;

pub use page::{Format, page};
pub use terminal::{closing, heading, lines};

use crate::run::Attempt;

/// The attempt that is shown: the first that was not as expected, else the first.
pub(crate) fn shown(attempts: &[Attempt]) -> Option<&Attempt> {
    attempts.iter().find(|attempt| !attempt.failures.is_empty()).or(attempts.first())
}
