//! What a check finds, in one shape, whatever was checked.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use relevo_agents::definition::Problem;
use relevo_connect::flow::{Flow, FlowProblem, Severity, Surroundings};
use serde::Serialize;

use super::Source;

/// One thing that was found, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Stable, kebab-case.
    pub code: &'static str,
    /// The file.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters, where it is known.
    pub column: Option<u32>,
    /// The resource of the template that the flow stands in.
    pub resource: Option<String>,
    /// The action's identifier.
    pub action: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl Finding {
    /// Everything there is to say about a flow. Of what its template may make of it, the same is said once.
    pub(crate) fn of_flow(source: &Source, surroundings: &Surroundings) -> Vec<Self> {
        let surroundings = Surroundings { kind: surroundings.kind.or(source.kind), ..surroundings.clone() };
        let check = |source: &Source| -> Vec<Self> {
            let problems = Flow::check(&source.text, &surroundings);
            problems.into_iter().map(|problem| Self::at(source, problem)).collect()
        };
        let mut findings = check(source);
        for other in &source.others {
            let more: Vec<Self> = check(other).into_iter().filter(|finding| !findings.contains(finding)).collect();
            findings.extend(more);
        }
        if !source.others.is_empty() {
            findings.sort_by_key(|finding| finding.line);
        }
        findings
    }

    fn at(source: &Source, problem: FlowProblem) -> Self {
        Self {
            severity: problem.severity,
            code: problem.code,
            file: source.file.clone(),
            line: source.lines.in_file(problem.line),
            column: None,
            resource: source.resource.clone(),
            action: problem.action,
            message: problem.message,
            hint: problem.hint,
        }
    }

    /// A problem of a bot's definition.
    pub(crate) fn of_definition(folder: &Path, severity: Severity, problem: &Problem) -> Self {
        Self {
            severity,
            code: "definition",
            file: folder.join(&problem.file),
            line: usize::try_from(problem.line).unwrap_or(1),
            column: Some(problem.column),
            resource: None,
            action: None,
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }

    /// A file that nothing could be found in.
    pub(crate) fn of_file(file: &Path, line: usize, code: &'static str, message: String) -> Self {
        let file = file.to_path_buf();
        let severity = Severity::Error;
        Self { severity, code, file, line, column: None, resource: None, action: None, message, hint: None }
    }

    /// The same, as bad as this.
    pub(crate) fn graded(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The same with a hint.
    pub(crate) fn hinted(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }

    /// Where it is within its file: resource and action.
    pub(crate) fn place(&self) -> Option<String> {
        match (&self.resource, &self.action) {
            (Some(resource), Some(action)) => Some(format!("{resource}.{action}")),
            (resource, action) => resource.clone().or_else(|| action.clone()),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}:{}", self.severity.as_str(), self.file.display(), self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(resource) = &self.resource {
            write!(f, " in {resource}")?;
        }
        if let Some(action) = &self.action {
            write!(f, " in action {action}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " (hint: {hint})")?;
        }
        write!(f, " [{}]", self.code)
    }
}
