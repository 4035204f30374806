//! What came of a trial.

use std::fmt;

use serde::Serialize;

use crate::{
    api::{Attributes, PathStep},
    item::iso_time,
};

/// Everything that a trial shows.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Everything was as expected.
    pub passed: bool,
    /// What was not.
    pub failures: Vec<Failure>,
    /// The actions, in order, with how each was left.
    pub path: Vec<PathStep>,
    /// Everything that was said, in order.
    pub said: Vec<Said>,
    /// How the two follow each other.
    #[serde(skip)]
    pub order: Vec<Moment>,
    /// The contact's attributes.
    pub attributes: Attributes,
    /// Its tags.
    pub tags: Attributes,
    /// `FLOW`, `QUEUED`, `ACTIVE` or `ENDED`.
    pub state: String,
    /// Why it ended.
    pub end: Option<String>,
    /// The target queue.
    pub queue: Option<String>,
    /// How it is routed.
    pub priority: i64,
    /// So many seconds does it seem to have waited longer.
    pub older_seconds: i64,
    /// The functions that were called, in order.
    pub calls: Vec<String>,
}

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An action of the path was come to.
    Action(usize),
    /// Something was said.
    Said(usize),
}

/// Words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// `SYSTEM`, `CUSTOMER`, `CUSTOM_BOT`, `AGENT`; `WHISPER` to the agent alone.
    pub by: String,
    /// The words, or an interactive message's JSON.
    pub text: String,
    /// When.
    pub at_ms: i64,
}

/// Something that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Where the script says it.
    pub at: String,
    /// What it is about.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  expected: {}\n  found:    {}", self.at, self.what, self.expected, self.found)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |at_ms| iso_time(at_ms).get(11..19).unwrap_or_default().to_owned();
        for moment in &self.order {
            match moment {
                Moment::Action(at) => {
                    let Some(step) = self.path.get(*at) else { continue };
                    let outcome = step.outcome.as_deref().unwrap_or("…");
                    writeln!(f, "  {}  {} ({}) → {outcome}", time(step.at_ms), step.identifier, step.action_type)?;
                }
                Moment::Said(at) => {
                    let Some(said) = self.said.get(*at) else { continue };
                    writeln!(f, "  {}  {:>10}: {}", time(said.at_ms), said.by, said.text)?;
                }
            }
        }
        write!(f, "  {}", self.state)?;
        if let Some(end) = &self.end {
            write!(f, " {end}")?;
        }
        if let Some(queue) = &self.queue {
            write!(f, ", queue {queue}")?;
        }
        writeln!(f)?;
        for failure in &self.failures {
            writeln!(f, "FAILED {failure}")?;
        }
        write!(f, "{}", if self.passed { "passed" } else { "failed" })
    }
}
