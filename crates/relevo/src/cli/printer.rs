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

/// Words that stand on the terminal's last line until the next line comes; no words take them away.
pub(super) fn transient(words: &str) {
    // Without a terminal to write to there is nothing to do about it.
    drop(std::io::Write::write_all(&mut std::io::stdout().lock(), format!("\r\u{1b}[2K{words}").as_bytes()));
    drop(std::io::Write::flush(&mut std::io::stdout()));
}

/// A line for the person at the terminal, in the place of the one before.
pub(super) fn over(line: &str) {
    drop(std::io::Write::write_all(&mut std::io::stderr().lock(), format!("\r\u{1b}[2K{line}").as_bytes()));
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
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

/// The lines that child processes write, as they are.
pub(super) struct ChildLines;

impl relevo_host::LogLines for ChildLines {
    fn line(&self, _function: &str, line: &str) {
        // Without a terminal to write to there is nothing to do about it, and nothing to stop for.
        drop(std::io::Write::write_all(&mut std::io::stderr().lock(), format!("{line}\n").as_bytes()));
    }
}
