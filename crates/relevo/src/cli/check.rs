//! `relevo check`: reads bot folders and flows and prints every problem.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, ValueEnum};
use relevo_connect::flow::{self, FlowKind, Severity, Surroundings};

use super::printer;
use crate::{flows::sarif, local::folder};

/// `relevo check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Bot folders, `bot.yaml` files, flows as JSON (also as the console exports them, `describe-contact-flow` answers or
    /// `create-contact-flow` is given), or CloudFormation templates that have flows in them
    #[arg(required_unless_present = "codes")]
    paths: Vec<PathBuf>,
    /// How the findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    #[arg(
        long = "type",
        value_name = "TYPE",
        value_parser = kind,
        help = "The flows' type, such as CONTACT_FLOW or CUSTOMER_QUEUE [default: as the file says]"
    )]
    kind: Option<FlowKind>,
    /// The queues that exist: ids, ARNs or names, or @FILE with one a line
    #[arg(long, value_name = "QUEUE,…", value_delimiter = ',')]
    queues: Vec<String>,
    /// The functions that exist: names or ARNs, or @FILE
    #[arg(long, value_name = "FUNCTION,…", value_delimiter = ',')]
    functions: Vec<String>,
    /// The flows and modules that exist: ids or ARNs, or @FILE
    #[arg(long, value_name = "FLOW,…", value_delimiter = ',')]
    flows: Vec<String>,
    /// The hours of operation that exist: ids or ARNs, or @FILE
    #[arg(long, value_name = "HOURS,…", value_delimiter = ',')]
    hours: Vec<String>,
    /// Contact attributes that somebody sets outside the flow, or @FILE
    #[arg(long, value_name = "KEY,…", value_delimiter = ',')]
    attributes: Vec<String>,
    /// Print every code with what it means and what mends it
    #[arg(long)]
    codes: bool,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

fn kind(text: &str) -> Result<FlowKind, String> {
    FlowKind::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = FlowKind::ALL.into_iter().map(FlowKind::as_str).collect();
        format!("a type is one of {}", names.join(", "))
    })
}

/// Checks each path; 0 when nothing refuses to run, 1 otherwise.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    if args.codes {
        for code in flow::codes() {
            printer::data(format_args!("{} ({}): {} {}", code.code, code.severity.as_str(), code.says, code.remedy));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let surroundings = Surroundings {
        kind: args.kind,
        queues: list(&args.queues)?,
        functions: list(&args.functions)?,
        flows: list(&args.flows)?,
        hours: list(&args.hours)?,
        attributes: list(&args.attributes)?.unwrap_or_default(),
    };
    let (mut all, mut refused) = (Vec::new(), false);
    for path in &args.paths {
        let findings = folder::check(path, &surroundings);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        refused |= errors > 0;
        if args.format == Format::Text {
            for finding in &findings {
                printer::data(finding);
            }
            if errors == 0 {
                printer::data(format_args!("{}: ok", path.display()));
            }
        }
        all.extend(findings);
    }
    match args.format {
        Format::Text => {}
        Format::Json => printer::data(serde_json::to_string_pretty(&all)?),
        Format::Sarif => printer::data(serde_json::to_string_pretty(&sarif::report(&all))?),
    }
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What was named, with files read in; nothing where nothing was named.
fn list(named: &[String]) -> anyhow::Result<Option<Vec<String>>> {
    let mut all = Vec::new();
    for name in named {
        match name.strip_prefix('@') {
            Some(file) => {
                let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
                all.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
            }
            // An empty list is one: nothing of the kind exists.
            None if name.is_empty() => {}
            None => all.push(name.clone()),
        }
    }
    Ok((!named.is_empty()).then_some(all))
}
