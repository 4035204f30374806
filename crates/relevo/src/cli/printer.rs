//! The one place that prints: data on stdout, everything else on stderr.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the printer")]

use std::fmt::Display;

/// A line of data.
pub(super) fn data(line: impl Display) {
    println!("{line}");
}

/// A line for the person at the terminal.
pub(super) fn say(line: impl Display) {
    eprintln!("{line}");
}

/// What went wrong, with its causes.
pub(super) fn error(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
