//! `relevo flow show`: a flow as a picture. `relevo flow run`: a flow tried alone.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use relevo_connect::{flow::picture::Graph, trial};

use super::printer;
use crate::flows::{self, Source, script};

/// `relevo flow`.
#[derive(Debug, Subcommand)]
pub(super) enum FlowCommand {
    /// Draw a flow: SVG, light and dark, or a Mermaid flowchart
    Show(ShowArgs),
    /// Try a flow with a script: what customer, bot, functions and clock do, and what must come of it
    Run(RunArgs),
}

/// `relevo flow show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The flow's JSON, or a template that has it
    #[arg(value_name = "FLOW")]
    file: PathBuf,
    /// The resource, where a template has several flows
    #[arg(long, value_name = "NAME")]
    resource: Option<String>,
    /// Where the picture goes [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// [default: as the name of --out has it, else svg]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// `relevo flow run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The flow's JSON, or a template that has it
    #[arg(value_name = "FLOW")]
    file: PathBuf,
    /// The resource, where a template has several flows
    #[arg(long, value_name = "NAME")]
    resource: Option<String>,
    /// The script, or a list of scripts, as YAML (repeatable)
    #[arg(long = "script", value_name = "FILE", required = true)]
    scripts: Vec<PathBuf>,
    /// Write the reports as JSON
    #[arg(long)]
    json: bool,
}

/// How a flow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Svg,
    Mermaid,
}

pub(super) fn run(command: &FlowCommand) -> anyhow::Result<ExitCode> {
    match command {
        FlowCommand::Show(args) => show(args),
        FlowCommand::Run(args) => try_out(args),
    }
}

/// 0 when everything was as expected, 1 when something was not, 2 when it could not be tried.
fn try_out(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let Some(source) = one(&args.file, args.resource.as_deref())? else { return Ok(ExitCode::from(2)) };
    let flow = script::parse(&source)?;
    let (mut passed, mut reports) = (true, Vec::new());
    for file in &args.scripts {
        for script in &script::read(file)? {
            let others = script::others(script, file)?;
            let name = script.name.clone().unwrap_or_else(|| file.display().to_string());
            let report = trial::run(Arc::clone(&flow), &others, script)
                .map_err(|error| anyhow::anyhow!("{name}: the chat does not begin: {}", error.message))?;
            passed &= report.passed;
            if args.json {
                reports.push(serde_json::json!({"name": name, "report": report}));
            } else {
                printer::data(format_args!("{name}\n{report}\n"));
            }
        }
    }
    if args.json {
        printer::data(serde_json::to_string_pretty(&reports)?);
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let Some(source) = one(&args.file, args.resource.as_deref())? else { return Ok(ExitCode::FAILURE) };
    let graph = match Graph::parse(&source.text) {
        Ok(graph) => graph,
        Err(problem) => {
            let line = source.lines.in_file(problem.line);
            printer::say(format_args!("error: {}:{line}: {}", args.file.display(), problem.message));
            return Ok(ExitCode::FAILURE);
        }
    };
    let by_name = args.out.as_ref().and_then(|out| out.extension()).is_some_and(|it| it == "mmd" || it == "mermaid");
    let drawn = match args.format.unwrap_or(if by_name { Format::Mermaid } else { Format::Svg }) {
        Format::Svg => graph.svg(source.resource.as_deref().unwrap_or(&args.file.display().to_string())),
        Format::Mermaid => graph.mermaid(),
    };
    match &args.out {
        Some(out) => {
            std::fs::write(out, drawn).with_context(|| format!("cannot write {}", out.display()))?;
            printer::say(format_args!("{}: {} actions", out.display(), graph.steps.len()));
        }
        None => printer::data(drawn.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The flow of a file, by the name of its resource where there are several. Nothing, and why is said, where there is none.
pub(super) fn one(file: &Path, resource: Option<&str>) -> anyhow::Result<Option<Source>> {
    let (sources, findings) = flows::read(file);
    for finding in &findings {
        printer::say(finding);
    }
    let names: Vec<String> = sources.iter().filter_map(|source| source.resource.clone()).collect();
    let mut fitting = sources.into_iter().filter(|it| resource.is_none() || it.resource.as_deref() == resource);
    match (fitting.next(), fitting.next()) {
        (Some(source), None) => Ok(Some(source)),
        (Some(_), Some(_)) => bail!("there are several flows; --resource takes one of {}", names.join(", ")),
        (None, _) if names.is_empty() => Ok(None),
        (None, _) => bail!("there is no such flow; --resource takes one of {}", names.join(", ")),
    }
}
