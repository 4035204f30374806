//! A bot's folder: `bot.yaml`, and `flow.json` beside it.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
};

use relevo_agents::definition::Definition;
use relevo_bot::Policy;
use relevo_connect::flow::{Flow, FlowProblem, Severity};
use relevo_deploy::stack::DeployedFlow;

use super::{conversation_check, knowledge_check};

/// A folder that was read and found whole.
pub(crate) struct BotFolder {
    /// `bot.yaml`.
    pub definition: Definition<Policy>,
    /// `flow.json`.
    pub flow: Arc<Flow>,
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
    let definition = read_definition(folder, &mut report);
    let flow = match deployed {
        Some(flow) => parse_flow(&flow.content, &mut report, |problem| {
            format!("{}: {}, line {} of its content: {}", flow.place, flow.resource, problem.line, said(problem))
        }),
        None => read_flow(&folder.join("flow.json"), &mut report),
    };
    match (definition, flow) {
        (Some(definition), Some(flow)) if report.errors.is_empty() => {
            Ok((BotFolder { definition, flow: Arc::new(flow) }, report.warnings))
        }
        _ => Err(report),
    }
}

/// Checks a bot's folder, a `bot.yaml` or a flow.
pub(crate) fn check(path: &Path) -> Report {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let mut report = Report::default();
        read_flow(path, &mut report);
        return report;
    }
    let folder = if path.is_file() { path.parent().map(PathBuf::from).unwrap_or_default() } else { path.to_path_buf() };
    match load(&folder) {
        Ok((_, mut warnings)) => {
            warnings.extend(knowledge_check::warnings(&folder).iter().map(|warning| in_folder(&folder, warning)));
            Report { errors: Vec::new(), warnings }
        }
        Err(report) => report,
    }
}

fn read_definition(folder: &Path, report: &mut Report) -> Option<Definition<Policy>> {
    match Definition::<Policy>::load_with(folder, conversation_check::check) {
        Ok(definition) => {
            let warnings = conversation_check::warnings(&definition);
            report.warnings.extend(warnings.iter().map(|warning| in_folder(folder, warning)));
            Some(definition)
        }
        Err(problems) => {
            report.errors.extend(problems.iter().map(|problem| in_folder(folder, problem)));
            None
        }
    }
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
