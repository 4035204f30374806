//! The one place that prints: data on stdout, everything else on stderr.
//!
//! Whoever reads may have seen enough (`relevo check … | head`): that ends neither a server nor a command, and `println!` would.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write as _},
};

/// A line of data.
pub(super) fn data(line: impl Display) {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => say(format_args!("error: cannot write: {error}")),
        _ => {}
    }
}

/// A line for the person at the terminal.
pub(super) fn say(line: impl Display) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Words that stand on the terminal's last line until the next line comes; no words take them away.
pub(super) fn transient(words: &str) {
    // Without a terminal to write to there is nothing to do about it.
    drop(write!(io::stdout().lock(), "\r\u{1b}[2K{words}"));
    drop(io::stdout().flush());
}

/// A line for the person at the terminal, in the place of the one before.
pub(super) fn over(line: &str) {
    drop(write!(io::stderr().lock(), "\r\u{1b}[2K{line}"));
}

/// What is to be known of a bot, and what is wrong with it, a line each.
pub(super) fn findings(warnings: &[String], errors: &[String]) {
    for line in warnings {
        say(format_args!("warning: {line}"));
    }
    for line in errors {
        say(format_args!("error: {line}"));
    }
}

/// What went wrong, with its causes.
pub(super) fn error(error: &anyhow::Error) {
    say(format_args!("error: {error}"));
    for cause in error.chain().skip(1) {
        say(format_args!("  because: {cause}"));
    }
}

/// The lines that child processes write, as they are.
pub(super) struct ChildLines;

impl relevo_host::LogLines for ChildLines {
    fn line(&self, _function: &str, line: &str) {
        // Without a terminal to write to there is nothing to do about it, and nothing to stop for.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }
}
