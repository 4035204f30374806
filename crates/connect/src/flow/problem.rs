//! What is wrong with a flow, said so that its author can mend it.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The flow cannot be run.
    Error,
    /// It runs, but a customer may be left alone, or a part of it does nothing.
    Warning,
    /// It may be meant so; whoever reads the flow should know.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`: SARIF's words for it too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
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

impl std::fmt::Display for FlowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(action) = &self.action {
            write!(f, ", action {action}")?;
        }
        write!(f, ": {} [{}]", self.message, self.code)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Gathers the problems of a flow; knows which action it is about.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: Vec<FlowProblem>,
    action: Option<String>,
}

impl Problems {
    /// What follows is about this action, or about the flow as a whole.
    pub(super) fn about(&mut self, action: Option<&str>) {
        self.action = action.map(str::to_owned);
    }

    pub(super) fn error(&mut self, code: &'static str, line: usize, message: impl Into<String>) -> &mut FlowProblem {
        self.add(Severity::Error, code, line, message.into())
    }

    pub(super) fn warn(&mut self, code: &'static str, line: usize, message: impl Into<String>) -> &mut FlowProblem {
        self.add(Severity::Warning, code, line, message.into())
    }

    pub(super) fn note(&mut self, code: &'static str, line: usize, message: impl Into<String>) -> &mut FlowProblem {
        self.add(Severity::Note, code, line, message.into())
    }

    fn add(&mut self, severity: Severity, code: &'static str, line: usize, message: String) -> &mut FlowProblem {
        debug_assert!(super::codes::find(code).is_some(), "{code} is in no list of codes");
        let problem = FlowProblem { code, severity, line, action: self.action.clone(), message, hint: None };
        self.found.push_mut(problem)
    }

    pub(super) fn has_errors(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// In the order of the lines.
    pub(super) fn into_sorted(mut self) -> Vec<FlowProblem> {
        self.found.sort_by_key(|problem| problem.line);
        self.found
    }
}

impl FlowProblem {
    pub(super) fn hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }

    /// `did you mean …?`, where one of the names is near enough to be a slip; otherwise what there is, the first of it.
    pub(super) fn did_you_mean<'a>(&mut self, wrong: &str, names: impl IntoIterator<Item = &'a str>) {
        let mut names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        if let Some(name) = nearest(wrong, &names) {
            self.hint(format!("did you mean {name}?"));
        } else if let Some(some) = names.get(..names.len().min(NAMED)).filter(|some| !some.is_empty()) {
            let more = names.len() - some.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            self.hint(format!("known here: {}{more}", some.join(", ")));
        }
    }
}

/// How many names a hint lists.
const NAMED: usize = 8;

/// The name a third of whose letters or fewer differ.
fn nearest<'a>(wrong: &str, names: &[&'a str]) -> Option<&'a str> {
    // Far longer or shorter is no slip of the pen, and comparing long texts would be slow.
    let length = wrong.chars().count();
    if length > 64 {
        return None;
    }
    let lower = wrong.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
    names
        .iter()
        .filter(|name| name.chars().count().abs_diff(length) <= length.div_ceil(2))
        .map(|name| (distance(name), *name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        // Letters are left out more often than added, and the order of the names must not decide.
        .min_by_key(|(distance, name)| (*distance, std::cmp::Reverse(name.len()), *name))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_named_once() {
        let hint = |names: &[&str]| {
            let mut problems = Problems::default();
            let problem = problems.error("unknown-queue", 1, "x");
            problem.did_you_mean("elsewhere", names.iter().copied());
            problem.hint.clone()
        };
        assert_eq!(hint(&["office", "", "office", "night"]).as_deref(), Some("known here: office, night"));
        assert_eq!(hint(&[""]), None);
    }

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let names = ["MessageParticipant", "Wait", "Compare"];
        assert_eq!(nearest("MesageParticipant", &names), Some("MessageParticipant"));
        assert_eq!(nearest("wiat", &names), Some("Wait"));
        assert_eq!(nearest("Teleport", &names), None);
        assert_eq!(nearest(&"Wait".repeat(1000), &names), None);
    }
}
