//! The command line. Exit codes: 0 done, 1 the thing checked failed, 2 wrong use.

mod chat;
mod cli;
mod disk;
mod flows;
mod load;
mod local;
mod serve;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A message is some two hundred small allocations, a fifth of its time with the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
