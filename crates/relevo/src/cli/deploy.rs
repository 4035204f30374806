//! `relevo deploy` and `relevo destroy`.

use std::{
    io::{BufRead, IsTerminal},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use relevo_deploy::{
    deploy::{self, Plan, parameters::Parameters},
    destroy,
    template::{asks_bedrock, secret_variables},
};

use super::{printer, programs::Terminal, synth};

/// `relevo deploy`.
#[derive(Debug, Args)]
pub(super) struct DeployArgs {
    /// The bot's folder
    #[arg(long, value_name = "DIR", default_value = "examples/envios")]
    bot: PathBuf,
    /// The stack's name [default: relevo-, and the bot's name]
    #[arg(long, value_name = "NAME", value_parser = stack_name)]
    stack_name: Option<String>,
    /// name=value, several after another or repeated: instanceId (needed), queue, agentBackend, modelId, alarmEmail, …
    #[arg(long, value_name = "NAME=VALUE", num_args = 1.., action = clap::ArgAction::Append)]
    parameters: Vec<String>,
    /// The region [default: the terminal's own]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only check, and print the commands
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before the changes are made
    #[arg(long, short)]
    yes: bool,
    /// The project's folder, from which the functions are built
    #[arg(long, value_name = "DIR", default_value = ".")]
    source: PathBuf,
    /// A folder with start-bot/bootstrap and chat-bot/bootstrap, in place of building them
    #[arg(long, value_name = "DIR")]
    binaries: Option<PathBuf>,
    /// Where the template and the build are kept
    #[arg(long, value_name = "DIR", default_value = ".relevo/deploy")]
    work: PathBuf,
}

/// `relevo destroy`.
#[derive(Debug, Args)]
pub(super) struct DestroyArgs {
    /// The stack's name
    #[arg(long, value_name = "NAME", value_parser = stack_name, default_value = "relevo-envios")]
    stack_name: String,
    /// The region [default: the terminal's own]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only look, and print the command
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// As `CloudFormation` takes it, and short enough for what is named after it.
pub(super) fn stack_name(text: &str) -> Result<String, String> {
    let right = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 48
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if right { Ok(text.into()) } else { Err("a letter, then letters, digits and dashes, 48 at most".into()) }
}

/// 0 deployed, 1 something is missing or failed.
pub(super) fn run(args: &DeployArgs) -> anyhow::Result<ExitCode> {
    let mut parameters = match Parameters::read(args.parameters.iter().map(String::as_str)) {
        Ok(parameters) => parameters,
        Err(problems) => {
            printer::findings(&[], &problems);
            return Ok(ExitCode::from(2));
        }
    };
    let Some(folder) = synth::read(&args.bot) else { return Ok(ExitCode::FAILURE) };
    let stack = match &args.stack_name {
        Some(name) => name.clone(),
        None => stack_name(&format!("relevo-{}", folder.definition.name))
            .map_err(|_| anyhow::anyhow!("the bot's name makes no stack name; give one with --stack-name"))?,
    };
    let built = synth::synth(&args.bot, folder)?;
    let (definition, policy) = (&built.definition, &built.policy);
    let absolute = |path: &Path| path.canonicalize().with_context(|| format!("there is no {}", path.display()));
    let (bot, source) = (absolute(&args.bot)?, absolute(&args.source)?);
    let binaries = args.binaries.as_deref().map(absolute).transpose()?;
    let work = std::env::current_dir()?.join(&args.work);
    let plan = Plan {
        stack: &stack,
        region: args.region.as_deref(),
        template: &built.template,
        bot: &bot,
        source: &source,
        binaries: binaries.as_deref(),
        flags: deploy::flags(definition),
        work: &work,
        asks_bedrock: asks_bedrock(definition),
        secrets: secret_variables(definition, policy),
        confirm: !args.yes,
    };
    let mut found = deploy::check(&Terminal, &plan, &mut parameters);
    if binaries.is_none() && !source.join("crates/lambdas").is_dir() {
        found.missing.push(format!(
            "{}: not the project's folder; give it with --source, or built functions with --binaries",
            source.display()
        ));
    }
    if parameters.get("agentBackend") == Some("bedrock-classic") {
        found
            .missing
            .extend(built.notes.not_classic.iter().map(|line| format!("agentBackend=bedrock-classic: {line}")));
        found.warnings.extend(built.notes.classic.iter().cloned());
    }
    printer::findings(&built.notes.warnings, &built.notes.refusals);
    printer::findings(&found.warnings, &found.missing);
    let refused = !built.notes.refusals.is_empty() || !found.missing.is_empty();
    if args.dry_run {
        for call in deploy::commands(&plan, &parameters) {
            printer::data(call);
        }
        return Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    if refused {
        printer::say("nothing was deployed");
        return Ok(ExitCode::FAILURE);
    }
    match deploy::deploy(&Terminal, &plan, &found, &parameters, &mut |line| printer::say(line)) {
        Ok(done) => {
            let output = |name: &str| done.outputs.get(name).cloned().unwrap_or_default();
            printer::say(format_args!("deployed: stack {stack} in account {}", done.account));
            printer::say(format_args!(
                "try it: Connect console, Dashboard, Test chat, settings, flow {}",
                output("FlowName")
            ));
            printer::say(format_args!("dashboard: {}", output("DashboardUrl")));
            printer::say(format_args!("check it: relevo doctor --stack-name {stack}"));
            printer::data(output("FlowArn"));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            printer::say(format_args!("error: {error}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// 0 removed or not there, 1 still there.
pub(super) fn destroy(args: &DestroyArgs) -> anyhow::Result<ExitCode> {
    let region = args.region.as_deref();
    let stack = args.stack_name.as_str();
    let failed = |error: destroy::DestroyError| {
        printer::say(format_args!("error: {error}"));
        Ok(ExitCode::FAILURE)
    };
    match destroy::look(&Terminal, stack, region) {
        Ok(None) => {
            printer::say(format_args!("there is no stack {stack} here: nothing to remove"));
            return Ok(ExitCode::SUCCESS);
        }
        Ok(Some(it)) => printer::say(format_args!("stack {stack} is {}", it.status)),
        Err(error) => return failed(error),
    }
    if args.dry_run {
        printer::data(destroy::command(stack, region));
        return Ok(ExitCode::SUCCESS);
    }
    if !args.yes && !agreed(stack)? {
        printer::say("nothing was removed");
        return Ok(ExitCode::FAILURE);
    }
    match destroy::destroy(&Terminal, stack, region, &mut |line| printer::say(line)) {
        Ok(left) => {
            printer::say(format_args!("removed: stack {stack}, with the flow, the functions, the table and the logs"));
            printer::say("left:");
            for line in left {
                printer::say(format_args!("  {line}"));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => failed(error),
    }
}

/// Chats that are open lose their bot, so a person types the name.
fn agreed(stack: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        anyhow::bail!("there is no terminal to ask at; give --yes");
    }
    printer::say(format_args!("chats that are open now lose their bot. Type the stack's name to remove it ({stack}):"));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim() == stack)
}
