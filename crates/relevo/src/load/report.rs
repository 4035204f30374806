//! The report: for people, and as JSON.

use std::{collections::BTreeMap, fmt::Write as _, sync::atomic::Ordering, time::Duration};

use serde_json::{Map, Value, json};

use super::{
    Plan, Progress,
    figures::{Figures, Line},
    verdict::Broken,
};

/// How many of what broke are told one by one.
const TOLD: usize = 20;

/// What came of a run.
pub(crate) struct Report {
    customers: u64,
    wanted: u32,
    messages: u64,
    with_person: u64,
    took: Duration,
    lines: Vec<Line>,
    broken: Vec<Broken>,
    views: Vec<Value>,
}

impl Report {
    pub(super) fn new(plan: &Plan, took: Duration, figures: Figures, broken: Vec<Broken>, progress: &Progress) -> Self {
        Self {
            customers: progress.started.load(Ordering::Relaxed),
            wanted: plan.customers,
            messages: progress.sent.load(Ordering::Relaxed),
            with_person: progress.with_person.load(Ordering::Relaxed),
            took,
            lines: figures.lines(),
            broken,
            views: Vec::new(),
        }
    }

    /// The same, with what each client was told.
    pub(super) fn with_views(self, views: Vec<Value>) -> Self {
        Self { views, ..self }
    }

    /// What each client was told, one after the other; none unless the plan asks for it.
    pub(crate) fn views(&self) -> &[Value] {
        &self.views
    }

    /// Whether everything held that must hold.
    pub(crate) fn well(&self) -> bool {
        self.broken.is_empty() && self.customers > 0
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{} of {} customers, {} messages, {} with a person, in {:.1} s\n",
            self.customers,
            self.wanted,
            self.messages,
            self.with_person,
            self.took.as_secs_f64()
        );
        let _ =
            writeln!(text, "{:<46}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}", "ms", "count", "p50", "p90", "p99", "p99.9", "max");
        for Line { words, count, shares: [p50, p90, p99, p999], longest, .. } in &self.lines {
            let _ = writeln!(text, "{words:<46}{count:>8}{p50:>8}{p90:>8}{p99:>8}{p999:>8}{longest:>8}");
        }
        text.push('\n');
        if self.broken.is_empty() {
            text.push_str("Nothing lost, doubled, out of order or unanswered; no bot after a hand-off.\n");
            return text;
        }
        let counts: Vec<String> = self.counts().iter().map(|(name, count)| format!("{name}: {count}")).collect();
        let _ = writeln!(text, "BROKEN {}: {}", self.broken.len(), counts.join(", "));
        for broken in self.broken.iter().take(TOLD) {
            let _ = writeln!(text, "  {broken}");
        }
        if let Some(more) = self.broken.len().checked_sub(TOLD).filter(|more| *more > 0) {
            let _ = writeln!(text, "  … and {more} more");
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let times: Map<String, Value> = self.lines.iter().map(|line| (line.name.to_owned(), line.json())).collect();
        json!({
            "customers": self.customers,
            "messages": self.messages,
            "withPerson": self.with_person,
            "seconds": self.took.as_secs_f64(),
            "times": times,
            "broken": self.counts(),
            "details": self.broken.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    fn counts(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for broken in &self.broken {
            *counts.entry(broken.name()).or_default() += 1;
        }
        counts
    }
}
