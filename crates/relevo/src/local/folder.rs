//! A bot's folder: `bot.yaml`, and `flow.json` beside it.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
};

use relevo_agents::definition::{Definition, Problem};
use relevo_bot::Policy;
use relevo_connect::centre::{HoursOfOperation, QueueConfig};
use relevo_connect::flow::{Flow, FlowProblem, Severity, Surroundings};
use relevo_deploy::{StartBot, stack::DeployedFlow};

use super::{conversation_check, hours, knowledge_check, queues};
use crate::flows::{self, Finding, Source};

/// A folder that was read and found whole.
pub(crate) struct BotFolder {
    /// `bot.yaml`.
    pub definition: Definition<Policy>,
    /// `flow.json`.
    pub flow: Arc<Flow>,
    /// `hours.yaml`.
    pub hours: Vec<HoursOfOperation>,
}

/// What is wrong with a folder or a file, line by line: `file:line: what (hint: …)`.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What refuses to run.
    pub errors: Vec<String>,
    /// What runs, but may leave a customer alone.
    pub warnings: Vec<String>,
}

/// Reads a bot's folder; every problem of both files at once.
pub(crate) fn load(folder: &Path) -> Result<(BotFolder, Vec<String>), Report> {
    load_with(folder, None)
}

/// The same with a template's flow in place of `flow.json`.
pub(crate) fn load_with(folder: &Path, deployed: Option<&DeployedFlow>) -> Result<(BotFolder, Vec<String>), Report> {
    let mut report = Report::default();
    if !folder.is_dir() {
        report.errors.push(format!(
            "{}: there is no such folder (hint: --bot takes a folder with bot.yaml and flow.json)",
            folder.display()
        ));
        return Err(report);
    }
    let mut of_flow = Report::default();
    let flow = match deployed {
        Some(flow) => parse_flow(&flow.content, &mut of_flow, |problem| {
            format!("{}: {}, line {} of its content: {}", flow.place, flow.resource, problem.line, said(problem))
        }),
        None => read_flow(&folder.join("flow.json"), &mut of_flow),
    };
    let definition = match read_definition(folder, flow.as_ref()) {
        Ok((definition, warnings)) => {
            report.warnings.extend(warnings.iter().map(|warning| in_folder(folder, warning)));
            Some(definition)
        }
        Err(problems) => {
            report.errors.extend(problems.iter().map(|problem| in_folder(folder, problem)));
            None
        }
    };
    report.errors.append(&mut of_flow.errors);
    report.warnings.append(&mut of_flow.warnings);
    let queues = queues(definition.as_ref(), flow.as_ref());
    let hours = hours::read(folder, queues.as_deref()).unwrap_or_else(|problems| {
        report.errors.extend(problems.iter().map(|problem| in_folder(folder, problem)));
        Vec::new()
    });
    match (definition, flow) {
        (Some(definition), Some(flow)) if report.errors.is_empty() => {
            Ok((BotFolder { definition, flow: Arc::new(flow), hours }, report.warnings))
        }
        _ => Err(report),
    }
}

/// Everything that is found in a bot's folder, by a `bot.yaml`, in a flow or in a template.
pub(crate) fn check(path: &Path, surroundings: &Surroundings) -> Vec<Finding> {
    let is = |names: &[&str]| path.file_name().is_some_and(|file| names.iter().any(|name| file == *name));
    if !path.is_dir() && !is(&["bot.yaml", "bot.yml"]) {
        let (sources, mut findings) = flows::read(path);
        findings.extend(sources.iter().flat_map(|source| Finding::of_flow(source, surroundings)));
        return findings;
    }
    let folder = if path.is_file() { path.parent().map(PathBuf::from).unwrap_or_default() } else { path.to_path_buf() };
    let mut findings = Vec::new();
    let mut tell = |severity: Severity, problems: &[Problem]| {
        findings.extend(problems.iter().map(|it| Finding::of_definition(&folder, severity, it)));
    };
    let (sources, unread) = flows::read(&folder.join("flow.json"));
    let flow = sources.first().and_then(|source| Flow::parse(&source.text).ok());
    let definition = match read_definition(&folder, flow.as_ref()) {
        Ok((definition, warnings)) => {
            tell(Severity::Warning, &warnings);
            tell(Severity::Warning, &knowledge_check::warnings(&folder));
            Some(definition)
        }
        Err(problems) => {
            tell(Severity::Error, &problems);
            None
        }
    };
    let mut surroundings = surroundings.clone();
    let queues = queues(definition.as_ref(), flow.as_ref());
    let hours = hours::read(&folder, queues.as_deref());
    findings.extend(unread);
    match hours {
        Ok(hours) if surroundings.hours.is_none() && !hours.is_empty() => {
            surroundings.hours = Some(hours.into_iter().flat_map(|hours| [hours.id, hours.name]).collect());
        }
        Ok(_) => {}
        Err(problems) => {
            findings.extend(problems.iter().map(|it| Finding::of_definition(&folder, Severity::Error, it)));
        }
    }
    for source in &sources {
        findings.extend(of_bots_flow(source, &surroundings));
    }
    findings
}

/// A bot's flow: what stands on this machine is the queues it names and the bot's start. The rest may well be on AWS.
fn of_bots_flow(source: &Source, given: &Surroundings) -> Vec<Finding> {
    let flow = Flow::parse(&source.text).ok();
    let (mut here, mut names) = (given.clone(), Vec::new());
    here.attributes.extend(HANDOFF_ATTRIBUTES.iter().map(|key| (*key).to_owned()));
    if let Some(flow) = &flow {
        if here.queues.is_none() {
            here.queues = Some(flow.named_queues().into_iter().map(str::to_owned).collect());
        }
        if here.functions.is_none() {
            let start_bot = StartBot::among(flow.functions());
            here.functions = Some(flow.functions().filter(|name| start_bot.is(name)).map(str::to_owned).collect());
            names.push("unknown-function");
        }
    }
    let mut findings = Finding::of_flow(source, &here);
    for finding in findings.iter_mut().filter(|finding| names.contains(&finding.code)) {
        finding.severity = Severity::Warning;
        finding.hint = Some("on this machine the error branch is taken; on AWS it must exist".into());
    }
    findings
}

/// What the bot sets when it hands over, and the page when a chat begins.
const HANDOFF_ATTRIBUTES: [&str; 8] = [
    "language",
    "functionName",
    "actionGroup",
    "customerVerified",
    "escalationReason",
    "escalationSummary",
    "escalationLanguage",
    "escalationTried",
];

/// A bot's definition and what is to be said of it; with the flow that its desk is checked against, where there is one.
fn read_definition(folder: &Path, flow: Option<&Flow>) -> Result<(Definition<Policy>, Vec<Problem>), Vec<Problem>> {
    let mut warnings = Vec::new();
    let definition = Definition::<Policy>::load_with(folder, |definition, root| {
        warnings = conversation_check::warnings(definition, root);
        let mut problems = conversation_check::check(definition, root);
        problems.extend(flow.into_iter().flat_map(|flow| queues::check(definition, flow, root)));
        problems
    })?;
    Ok((definition, warnings))
}

/// The queues that there are, where both files could be read.
fn queues(definition: Option<&Definition<Policy>>, flow: Option<&Flow>) -> Option<Vec<QueueConfig>> {
    Some(queues::of_bot(definition?, flow?))
}

fn in_folder(folder: &Path, problem: &impl Display) -> String {
    folder.join(problem.to_string()).display().to_string()
}

fn read_flow(path: &Path, report: &mut Report) -> Option<Flow> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            report.errors.push(format!("{}: cannot be read: {error}", path.display()));
            return None;
        }
    };
    parse_flow(&text, report, |problem| format!("{}:{}: {}", path.display(), problem.line, said(problem)))
}

fn parse_flow(text: &str, report: &mut Report, line_of: impl Fn(&FlowProblem) -> String) -> Option<Flow> {
    match Flow::parse(text) {
        Ok(flow) => {
            report.warnings.extend(flow.warnings().iter().map(&line_of));
            Some(flow)
        }
        Err(problems) => {
            for problem in &problems {
                let list = if problem.severity == Severity::Error { &mut report.errors } else { &mut report.warnings };
                list.push(line_of(problem));
            }
            None
        }
    }
}

fn said(problem: &FlowProblem) -> String {
    let action = problem.action.as_deref().map(|action| format!(" in action {action}")).unwrap_or_default();
    let hint = problem.hint.as_deref().map(|hint| format!(" (hint: {hint})")).unwrap_or_default();
    format!("{}{action}{hint} [{}]", problem.message, problem.code)
}
