//! What is wrong with a flow, said so that its author can mend it.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The flow cannot be run.
    Error,
    /// It runs, but a customer may be left alone.
    Warning,
}

/// One problem: a stable code, the place, the reason, the remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowProblem {
    /// Stable, kebab-case: `unknown-action`, `dangling-transition`, …
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// 1-based line in the JSON.
    pub line: usize,
    /// The action's identifier, where it is about one.
    pub action: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}
