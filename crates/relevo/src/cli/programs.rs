//! Other people's programs at this terminal.

use std::process::{Command, Stdio};

use relevo_deploy::programs::{Call, Programs, Said};

/// Runs them as child processes.
pub(super) struct Terminal;

impl Programs for Terminal {
    fn ask(&self, call: &Call) -> Option<Said> {
        let output = command(call).stdin(Stdio::null()).output().ok()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(Said { code: output.status.code(), output: text(&output.stdout), errors: text(&output.stderr) })
    }

    fn show(&self, call: &Call) -> Option<i32> {
        command(call).status().ok()?.code()
    }
}

fn command(call: &Call) -> Command {
    let mut command = Command::new(&call.program);
    command.args(&call.arguments).envs(&call.variables);
    if let Some(folder) = &call.folder {
        command.current_dir(folder);
    }
    if call.program == "aws" {
        command.env("AWS_PAGER", "").env("AWS_CLI_AUTO_PROMPT", "off");
    }
    command
}
