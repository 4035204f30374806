//! `relevo deploy`: checks, builds and deploys by the SAM CLI, and says what became of it.
//!
//! Every step can be done again: what is there already is an update, what failed is removed or rolled back first.

mod checks;
pub mod parameters;
pub mod stack;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use relevo_agents::definition::{AgentsDefinition, knowledge::KnowledgeSource, tool::Tool};

use crate::programs::{Aws, Call, Programs};
use parameters::Parameters;
use stack::{Stack, failures};

pub use checks::Found;

const MAKEFILE: &str = include_str!("../../../../deploy/Makefile");

/// What is to be deployed.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// The stack's name.
    pub stack: &'a str,
    /// None: the terminal's own.
    pub region: Option<&'a str>,
    /// The template's text.
    pub template: &'a str,
    /// The bot's folder.
    pub bot: &'a Path,
    /// The project's folder, which the functions are built from.
    pub source: &'a Path,
    /// A folder with `start-bot/bootstrap` and `chat-bot/bootstrap` in place of building them.
    pub binaries: Option<&'a Path>,
    /// Flags for `cargo lambda build`.
    pub flags: Vec<String>,
    /// Where the template and the build are kept.
    pub work: &'a Path,
    /// Whether the definition asks models of Bedrock.
    pub asks_bedrock: bool,
    /// Variables whose values are secrets.
    pub secrets: BTreeSet<String>,
    /// Asks before a change set is carried out.
    pub confirm: bool,
}

/// What is said on the way: a line each, to the person at the terminal.
pub type Say<'a> = &'a mut dyn FnMut(&str);

/// Why it was not deployed. The lines are for the person at the terminal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeployError {
    /// Something is missing; nothing was done.
    #[error("nothing was deployed; what is missing:\n  {}", .0.join("\n  "))]
    Missing(Vec<String>),
    /// A step failed.
    #[error("{step} failed{}\n{next}", .causes.iter().map(|cause| format!("\n  {cause}")).collect::<Vec<_>>().concat())]
    Step {
        /// Which.
        step: String,
        /// Why, as far as it is known.
        causes: Vec<String>,
        /// What to do.
        next: String,
    },
    /// A file could not be written.
    #[error("{0}")]
    File(String),
}

/// What stands now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployed {
    /// The account.
    pub account: String,
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
}

/// Flags of the build that the definition asks for: what it does not use is not in the file, which is the function's memory.
pub fn flags(definition: &AgentsDefinition) -> Vec<String> {
    let folders = definition.knowledge_bases.values().any(|source| matches!(source, KnowledgeSource::Folder(_)));
    let mcp = definition.tools.values().flat_map(|tools| tools.values()).any(|tool| matches!(tool, Tool::Mcp(_)));
    let features: Vec<&str> =
        [("folders", folders), ("mcp", mcp)].into_iter().filter(|it| it.1).map(|it| it.0).collect();
    if features.is_empty() { Vec::new() } else { vec!["--features".into(), features.join(",")] }
}

/// The commands that a deployment runs, in their order, after its checks.
pub fn commands(plan: &Plan<'_>, parameters: &Parameters) -> Vec<Call> {
    let architecture = parameters.get("architecture").unwrap_or("arm64");
    let build = folder(plan).join("build");
    let mut sam_build = Call::new("sam", ["build", "--build-in-source", "--build-dir", &build.display().to_string()]);
    sam_build.folder = Some(folder(plan));
    let mut variables = BTreeMap::from([
        ("RELEVO_SOURCE".to_owned(), plan.source.display().to_string()),
        ("RELEVO_BOT".to_owned(), plan.bot.display().to_string()),
        ("RELEVO_ARCH".to_owned(), architecture.to_owned()),
        ("RELEVO_FLAGS".to_owned(), plan.flags.join(" ")),
    ]);
    if let Some(binaries) = plan.binaries {
        variables.insert("RELEVO_BINARIES".into(), binaries.display().to_string());
    }
    sam_build.variables = variables;
    let template = build.join("template.yaml").display().to_string();
    let confirm = if plan.confirm { "--confirm-changeset" } else { "--no-confirm-changeset" };
    let sam_deploy = Call::new("sam", ["deploy", "--template-file", template.as_str(), "--stack-name", plan.stack])
        .with(["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset", confirm])
        .with(plan.region.into_iter().flat_map(|region| ["--region", region]))
        .with(["--parameter-overrides"])
        .with(parameters.overrides());
    let mut calls = vec![sam_build, sam_deploy];
    for call in &mut calls {
        call.variables.insert("SAM_CLI_TELEMETRY".into(), "0".into());
    }
    calls
}

/// Checks, and says everything that is missing. Completes the parameters.
pub fn check(programs: &dyn Programs, plan: &Plan<'_>, parameters: &mut Parameters) -> Found {
    checks::check(programs, plan, parameters)
}

/// Deploys what was checked.
///
/// # Errors
/// The step that failed, with its causes; the same command goes on from there.
pub fn deploy(
    programs: &dyn Programs,
    plan: &Plan<'_>,
    found: &Found,
    parameters: &Parameters,
    say: Say<'_>,
) -> Result<Deployed, DeployError> {
    let aws = Aws::new(programs, plan.region);
    write_files(plan)?;
    if let Some(stack) = found.stack.as_ref() {
        clear_the_way(&aws, plan, stack, say)?;
    }
    let calls = commands(plan, parameters);
    let [build, deploy] = calls.as_slice() else { return Ok(Deployed::default()) };
    say(&format!("building: {build}"));
    if programs.show(build) != Some(0) {
        return Err(DeployError::Step {
            step: "sam build".into(),
            causes: Vec::new(),
            next: "Nothing on AWS was changed. Mend what it says above, and run the same command again.".into(),
        });
    }
    say(&format!("deploying: {deploy}"));
    if programs.show(deploy) != Some(0) {
        return Err(DeployError::Step {
            step: "sam deploy".into(),
            causes: failures(&aws, plan.stack),
            next:
                "CloudFormation has gone back to what was there before. Mend the cause, and run the same command again."
                    .into(),
        });
    }
    let stack = Stack::read(&aws, plan.stack).ok().flatten().unwrap_or_default();
    Ok(Deployed { account: found.account.clone(), outputs: stack.outputs })
}

/// A stack whose first deployment failed is removed; one that is stuck is helped back.
fn clear_the_way(aws: &Aws<'_>, plan: &Plan<'_>, stack: &Stack, say: Say<'_>) -> Result<(), DeployError> {
    let (step, first, then) = if stack.is_dead() {
        ("removing what an earlier deployment left", "delete-stack", "stack-delete-complete")
    } else if stack.is_stuck() {
        ("going back to what was there before", "continue-update-rollback", "stack-rollback-complete")
    } else {
        return Ok(());
    };
    say(&format!("{step}: the stack is {}", stack.status));
    for arguments in [
        vec!["cloudformation", first, "--stack-name", plan.stack],
        vec!["cloudformation", "wait", then, "--stack-name", plan.stack],
    ] {
        aws.ask(arguments).map_err(|error| DeployError::Step {
            step: step.into(),
            causes: std::iter::once(error.to_string()).chain(failures(aws, plan.stack)).collect(),
            next: "Look at the stack in the CloudFormation console, and run the same command again.".into(),
        })?;
    }
    Ok(())
}

/// Where a stack's template and build are kept.
fn folder(plan: &Plan<'_>) -> PathBuf {
    plan.work.join(plan.stack)
}

fn write_files(plan: &Plan<'_>) -> Result<(), DeployError> {
    let folder = folder(plan);
    let failed =
        |path: &Path, error: &std::io::Error| DeployError::File(format!("cannot write {}: {error}", path.display()));
    fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
    for (name, text) in [("template.yaml", plan.template), ("Makefile", MAKEFILE)] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}
