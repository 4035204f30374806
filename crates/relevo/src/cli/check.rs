//! `relevo check`: reads bot folders and flows and prints every problem.

use std::{path::PathBuf, process::ExitCode};

use super::printer;
use crate::local::folder;

/// Checks each path; 0 when nothing refuses to run, 1 otherwise.
pub(super) fn run(paths: &[PathBuf]) -> ExitCode {
    let mut refused = false;
    for path in paths {
        let report = folder::check(path);
        for line in &report.warnings {
            printer::data(format_args!("warning: {line}"));
        }
        for line in &report.errors {
            printer::data(format_args!("error: {line}"));
        }
        refused |= !report.errors.is_empty();
        if report.errors.is_empty() {
            printer::data(format_args!("{}: ok", path.display()));
        }
    }
    if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
