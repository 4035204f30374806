//! `relevo synth`: the `CloudFormation` template of a bot.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use clap::Args;
use relevo_agents::definition::AgentsDefinition;
use relevo_bot::Policy;
use relevo_deploy::{
    classic::Source,
    template::{self, Notes},
};

use super::printer;
use crate::local::folder::{self, BotFolder};

/// `relevo synth`.
#[derive(Debug, Args)]
pub(super) struct SynthArgs {
    /// The bot's folder
    #[arg(long, value_name = "DIR", default_value = "examples/envios")]
    bot: PathBuf,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// 0 when the template can be deployed, 1 when something of the bot does not run on AWS.
pub(super) fn run(args: &SynthArgs) -> anyhow::Result<ExitCode> {
    let Some(folder) = read(&args.bot) else { return Ok(ExitCode::FAILURE) };
    let Synth { template, notes, .. } = synth(&args.bot, folder)?;
    printer::findings(&notes.warnings, &notes.refusals);
    for line in &notes.not_classic {
        printer::say(format_args!("without bedrock-classic: {line}"));
    }
    // Written all the same: to be looked at, and to be imported again.
    match &args.out {
        Some(file) => fs::write(file, template).with_context(|| format!("cannot write {}", file.display()))?,
        None => printer::data(format_args!("{}", template.trim_end())),
    }
    Ok(if notes.refusals.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads a bot's folder and says what is to be known of it; none when it does not run.
pub(super) fn read(dir: &Path) -> Option<BotFolder> {
    match folder::load(dir) {
        Ok((folder, warnings)) => {
            printer::findings(&warnings, &[]);
            Some(folder)
        }
        Err(report) => {
            printer::findings(&report.warnings, &report.errors);
            None
        }
    }
}

/// A bot that was read, and its template.
pub(super) struct Synth {
    /// Its agents.
    pub definition: Arc<AgentsDefinition>,
    /// Its conversation.
    pub policy: Policy,
    /// The template's text.
    pub template: String,
    /// What is to be known of it.
    pub notes: Notes,
}

/// The template of a folder that was read.
pub(super) fn synth(dir: &Path, folder: BotFolder) -> anyhow::Result<Synth> {
    let file = dir.join("flow.json");
    let flow_text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let (_, policy) = folder.definition.split();
    let source = Source::load(dir)
        .map_err(|problems| anyhow::anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let bot = template::Bot { source: &source, policy: &policy, flow: &folder.flow, flow_text: &flow_text };
    let (template, notes) = template::synth(bot);
    Ok(Synth { definition: source.definition, policy, template, notes })
}
