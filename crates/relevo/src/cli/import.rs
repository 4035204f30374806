//! `relevo import`: makes a bot's folder of what is on AWS, and says what could not be carried over.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use relevo_connect::flow::{Severity, Surroundings};
use relevo_deploy::import::{self, File, Imported, Options};

use super::printer;
use crate::local::folder;

/// What can be among the files of a folder.
const ENDINGS: [&str; 4] = ["json", "yaml", "yml", "template"];
/// Folders in which nothing of the kind lies, but much else.
const PASSED_OVER: [&str; 2] = ["node_modules", "target"];
/// `CloudFormation` takes a template of a megabyte.
const LARGEST_BYTES: u64 = 4 * 1024 * 1024;

/// `relevo import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Files, or folders with such files
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The bot's folder; no file that is there is overwritten
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Name or id of the agent that customers talk to, where several could be
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// The bot's languages, the first its default [default: as the agents' instructions are written]
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    language: Vec<String>,
}

/// Imports; 0 when the folder is one that `relevo check` accepts, 1 when something is left to be done.
pub(super) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let mut files = Vec::new();
    for path in &args.paths {
        if path.is_dir() {
            in_folder(path, &mut files)?;
        } else {
            let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.push(File { name: path.display().to_string(), text, asked_for: true });
        }
    }
    let options = Options { agent: args.agent.clone(), languages: args.language.clone() };
    let imported = import::import(&files, &options)?;
    write(&args.out, &imported)?;
    for note in &imported.notes {
        printer::data(note);
    }
    let findings = folder::check(&args.out, &Surroundings::default());
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Note) {
        printer::data(finding);
    }
    let whole = findings.iter().all(|finding| finding.severity != Severity::Error);
    let state = if whole { "ok" } else { "imported, but something is left to be done" };
    printer::data(format_args!("{}: {state}", args.out.display()));
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All files below a folder that could tell something, in the order of their names.
fn in_folder(dir: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with('.') || PASSED_OVER.contains(&name) || path.is_symlink() {
            continue;
        }
        let known = path.extension().and_then(|it| it.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
        if path.is_dir() {
            in_folder(&path, files)?;
        } else if known && path.metadata().is_ok_and(|file| file.len() <= LARGEST_BYTES) {
            // What is no text is none of these.
            if let Ok(text) = fs::read_to_string(&path) {
                files.push(File { name: path.display().to_string(), text, asked_for: false });
            }
        }
    }
    Ok(())
}

/// Writes the folder: all of it, or, where a file is in the way, nothing.
fn write(out: &Path, imported: &Imported) -> anyhow::Result<()> {
    if let Some(taken) = imported.files.keys().map(|name| out.join(name)).find(|path| path.exists()) {
        bail!("{} is already there, and nothing is overwritten: name another folder with --out", taken.display());
    }
    for folder in &imported.folders {
        fs::create_dir_all(out.join(folder)).with_context(|| format!("{folder} cannot be made"))?;
    }
    for (name, text) in &imported.files {
        let path = out.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written =
            written.and_then(|()| fs::File::create_new(&path)).and_then(|mut file| file.write_all(text.as_bytes()));
        written.with_context(|| format!("{} cannot be written", path.display()))?;
        printer::say(format_args!("wrote {}", path.display()));
    }
    Ok(())
}
