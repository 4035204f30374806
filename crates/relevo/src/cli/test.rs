//! `relevo test`: holds a bot's conversations and says what was not as expected.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use relevo_conversations::{
    Outcome, Plan, Totals,
    file::{self, Conversation, Known},
    report::{self, Format},
};

use super::printer;
use crate::local::{Target, folder, subject};

const DEFAULT_BOT: &str = "examples/envios";

/// `relevo test`.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Files of conversations, or names of conversations [default: all of the bot's]
    #[arg(value_name = "FILE OR NAME")]
    only: Vec<String>,
    /// The bot's folder [default: the one that the files are in, else examples/envios]
    #[arg(long, value_name = "DIR")]
    bot: Option<PathBuf>,
    /// Only conversations with this in their name
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How often each conversation is held
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    repeat: u32,
    /// The part of the repetitions that must go as expected, 0 to 1
    #[arg(long, value_name = "RATE", default_value_t = 1.0, value_parser = rate)]
    min_pass_rate: f64,
    #[arg(long, value_name = "FILE", value_parser = report_file, help = "Write a report: .html, .md or .xml (JUnit); repeatable")]
    report: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", help = "Write a report in JUnit's XML")]
    junit: Option<PathBuf>,
    #[arg(
        long,
        value_name = "agent:ID/ALIAS",
        help = "Test an agent behind InvokeAgent instead of the bot's own agents"
    )]
    against: Option<Target>,
    /// What the bot's own agents think with: offline, or providers of the bot's `models:`; a real model's answers differ from
    /// time to time, so see --repeat
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = "offline", conflicts_with = "against")]
    model: Vec<String>,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "a rate is a number from 0 to 1, such as 0.9".into())
}

fn report_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match format_of(&path) {
        Some(_) => Ok(path),
        None => Err("a report's name ends in .html, .md or .xml".into()),
    }
}

fn format_of(path: &Path) -> Option<Format> {
    path.extension().and_then(|extension| extension.to_str()).and_then(Format::of_extension)
}

/// 0 when every conversation went as expected, 1 when one did not, 2 when they could not be held.
pub(super) fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let (files, names): (Vec<&String>, Vec<&String>) = args.only.iter().partition(|only| is_file(only));
    let files: Vec<PathBuf> = files.into_iter().map(PathBuf::from).collect();
    let folder = args.bot.clone().or_else(|| bot_of(&files)).unwrap_or_else(|| PathBuf::from(DEFAULT_BOT));
    let bot = match folder::load(&folder) {
        Ok((bot, _)) => bot,
        Err(report) => {
            for line in report.errors {
                printer::say(format_args!("error: {line}"));
            }
            return Ok(ExitCode::from(2));
        }
    };
    let target = args.against.clone().unwrap_or(Target::Own);
    let known = match target {
        Target::Own => Known::of(&bot.definition),
        Target::Agent { .. } => Known::elsewhere(&bot.definition),
    };
    let Some(mut conversations) = read(&folder, files, &known)? else { return Ok(ExitCode::from(2)) };
    conversations.retain(|it| names.is_empty() || names.iter().any(|name| **name == it.name));
    if let Some(missing) = names.iter().find(|name| !conversations.iter().any(|it| it.name == ***name)) {
        bail!("no conversation has the name “{missing}”, and no file either; --filter takes a part of a name");
    }
    conversations.retain(|it| args.filter.as_ref().is_none_or(|part| it.name.contains(part.as_str())));
    if conversations.is_empty() {
        bail!("no conversation is left to be held");
    }
    let outcomes = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no async runtime")?
        .block_on(hold(args, &target, &bot, &conversations))?;
    let title = format!("Conversations of {}", bot.definition.name);
    for path in &args.report {
        write(path, format_of(path).unwrap_or(Format::Html), &title, &outcomes)?;
    }
    if let Some(path) = &args.junit {
        write(path, Format::Junit, &title, &outcomes)?;
    }
    let totals = Totals::of(&outcomes);
    printer::data(report::closing(&totals));
    Ok(if totals.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether an argument is meant as a file.
fn is_file(text: &str) -> bool {
    let yaml =
        Path::new(text).extension().is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
    yaml || Path::new(text).is_file()
}

/// The bot whose `conversations` folder the first file is in.
fn bot_of(files: &[PathBuf]) -> Option<PathBuf> {
    let folder = files.first()?.parent()?.parent()?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    folder.join("bot.yaml").is_file().then(|| folder.to_path_buf())
}

/// The conversations of these files, or all of the bot's. None: there were problems, and they are said.
fn read(folder: &Path, files: Vec<PathBuf>, known: &Known) -> anyhow::Result<Option<Vec<Conversation>>> {
    let files = if files.is_empty() {
        let own = file::of_bot(folder).with_context(|| {
            format!("cannot read {}: a bot's conversations are there", folder.join(file::FOLDER).display())
        })?;
        if own.is_empty() {
            bail!("{} has no conversation in it", folder.join(file::FOLDER).display());
        }
        own
    } else {
        files
    };
    let (mut conversations, mut whole) = (Vec::new(), true);
    for path in &files {
        match file::read(path, known) {
            Ok(found) => conversations.extend(found),
            Err(problems) => {
                whole = false;
                for problem in problems {
                    printer::say(format_args!("error: {problem}"));
                }
            }
        }
    }
    Ok(whole.then_some(conversations))
}

async fn hold(
    args: &TestArgs,
    target: &Target,
    bot: &folder::BotFolder,
    conversations: &[Conversation],
) -> anyhow::Result<Vec<Outcome>> {
    let subject = subject(target, &args.model, &bot.definition).await?;
    let plan = Plan {
        policy: &bot.definition.conversation,
        languages: &bot.definition.languages,
        subject: subject.as_ref(),
        repeat: args.repeat,
        min_pass_rate: args.min_pass_rate,
    };
    let mut outcomes: Vec<Outcome> = Vec::new();
    for conversation in conversations {
        if let (Target::Agent { .. }, Some(function)) = (target, stubbed(bot, conversation)) {
            let why = "an agent elsewhere executes its own functions";
            printer::say(format_args!("not held: {} ({function} has an answer in the file; {why})", conversation.name));
            continue;
        }
        if outcomes.last().is_none_or(|last| last.file != conversation.file) {
            printer::data(report::heading(&conversation.file));
        }
        let outcome = relevo_conversations::run(&plan, conversation).await;
        report::lines(&outcome).into_iter().for_each(printer::data);
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// A function with an answer in the file that a tool would execute.
fn stubbed<'c>(bot: &folder::BotFolder, conversation: &'c Conversation) -> Option<&'c str> {
    let own = |function: &str| {
        let name = function.rsplit('.').next().unwrap_or(function);
        bot.definition.tools.values().any(|functions| functions.contains_key(name))
    };
    conversation.functions.iter().map(|(function, _)| function.as_str()).find(|function| own(function))
}

fn write(path: &Path, format: Format, title: &str, outcomes: &[Outcome]) -> anyhow::Result<()> {
    let page = report::page(format, title, outcomes).context("the report's template")?;
    fs::write(path, page).with_context(|| format!("cannot write the report {}", path.display()))
}
