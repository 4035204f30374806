//! The command line. Exit codes: 0 done, 1 the thing checked failed, 2 wrong use.

mod chat;
mod cli;
mod disk;
mod flows;
mod load;
mod local;
mod serve;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
