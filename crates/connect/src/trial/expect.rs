//! Whether what was expected is so.

use std::fmt::Debug;

use super::{Expectation, Failure, Report};

/// Everything that is not.
pub(super) fn check(expected: &Expectation, report: &Report, at: &str) -> Vec<Failure> {
    let mut check = Check { at, failures: Vec::new() };
    let path: Vec<&str> = report.path.iter().map(|step| step.identifier.as_str()).collect();
    let by = |who: &str| -> Vec<&str> {
        report.said.iter().filter(|said| said.by == who).map(|said| said.text.as_str()).collect()
    };
    check.list("path", expected.path.as_deref(), &path);
    if let Some(through) = &expected.through {
        let mut rest = path.iter();
        let missing = through.iter().find(|wanted| !rest.any(|found| found == wanted));
        if let Some(missing) = missing {
            check.failed("through", &format!("{missing} (in this order: {})", through.join(", ")), &path.join(", "));
        }
    }
    for wrong in expected.not_through.iter().flatten().filter(|wrong| path.contains(&wrong.as_str())) {
        check.failed("notThrough", &format!("not {wrong}"), &path.join(", "));
    }
    check.list("said", expected.said.as_deref(), &by("SYSTEM"));
    check.list("whispered", expected.whispered.as_deref(), &by("WHISPER"));
    for (key, value) in expected.attributes.iter().flatten() {
        let found = report.attributes.get(key).map(String::as_str).unwrap_or_default();
        if found != value {
            check.failed(&format!("attributes.{key}"), value, found);
        }
    }
    if let Some(tags) = expected.tags.as_ref().filter(|tags| **tags != report.tags) {
        check.failed("tags", &format!("{tags:?}"), &format!("{:?}", report.tags));
    }
    check.one("state", expected.state.as_ref(), &report.state);
    check.one("end", expected.end.as_ref(), report.end.as_ref().unwrap_or(&"it has not ended".into()));
    check.one("queue", expected.queue.as_ref(), report.queue.as_ref().unwrap_or(&"none".into()));
    check.one("priority", expected.priority.as_ref(), &report.priority);
    check.one("olderSeconds", expected.older_seconds.as_ref(), &report.older_seconds);
    let calls: Vec<&str> = report.calls.iter().map(String::as_str).collect();
    check.list("calls", expected.calls.as_deref(), &calls);
    check.failures
}

struct Check<'a> {
    at: &'a str,
    failures: Vec<Failure>,
}

impl Check<'_> {
    fn failed(&mut self, what: &str, expected: &str, found: &str) {
        let (at, what) = (self.at.to_owned(), what.to_owned());
        self.failures.push(Failure { at, what, expected: expected.to_owned(), found: found.to_owned() });
    }

    fn one<T: PartialEq + Debug>(&mut self, what: &str, expected: Option<&T>, found: &T) {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            self.failed(what, &format!("{expected:?}"), &format!("{found:?}"));
        }
    }

    /// A list, and where it first differs.
    fn list(&mut self, what: &str, expected: Option<&[String]>, found: &[&str]) {
        let Some(expected) = expected else { return };
        if expected.iter().map(String::as_str).eq(found.iter().copied()) {
            return;
        }
        let same = expected.iter().zip(found).take_while(|(expected, found)| expected == found).count();
        let show = |list: Vec<&str>| if list.is_empty() { "nothing".to_owned() } else { format!("{list:?}") };
        let wanted = expected.iter().skip(same).map(String::as_str).collect();
        let got = found.iter().skip(same).copied().collect();
        let what = if same == 0 { what.to_owned() } else { format!("{what}, after the first {same}") };
        self.failed(&what, &show(wanted), &show(got));
    }
}
