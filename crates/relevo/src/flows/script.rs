//! Scripts that flows are tried with.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::{Context, bail};
use relevo_connect::{
    flow::{Flow, Severity},
    trial::Script,
};

use super::Source;

/// A file's scripts: one, or a list of them.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<Script>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    let is_list =
        lines.clone().next().is_some_and(|line| line.starts_with("- ") || line == "-" || line.starts_with('['));
    let scripts = if is_list {
        serde_saphyr::from_str::<Vec<Script>>(&text)
    } else {
        serde_saphyr::from_str::<Script>(&text).map(|script| vec![script])
    };
    scripts.map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        // Of a number that is none the reader does not say whose it is.
        let there =
            usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?)).unwrap_or_default();
        let message = yaml_message(&error.without_snippet().to_string());
        anyhow::anyhow!("{}:{line}: {message}, in: {}", file.display(), there.trim())
    })
}

/// What the YAML reader says, without the place: it is told before.
pub(crate) fn yaml_message(said: &str) -> String {
    let line = said.lines().next().unwrap_or("not YAML");
    line.rsplit_once(" at line ").map_or(line, |(message, _)| message).to_owned()
}

/// The flow of a source; every error with its place where there are some.
pub(crate) fn parse(source: &Source) -> anyhow::Result<Arc<Flow>> {
    match Flow::parse(&source.text) {
        Ok(flow) => Ok(Arc::new(flow)),
        Err(problems) => {
            let problems = problems.iter().filter(|problem| problem.severity == Severity::Error);
            let said = problems.map(|problem| {
                let action = problem.action.as_deref().map(|action| format!(" in action {action}")).unwrap_or_default();
                let line = source.lines.in_file(problem.line);
                format!("{}:{line}: {}{action} [{}]", source.file.display(), problem.message, problem.code)
            });
            bail!("{}", said.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The further flows that a script names, by their names; files stand beside the script.
pub(crate) fn others(script: &Script, beside: &Path) -> anyhow::Result<BTreeMap<String, Arc<Flow>>> {
    let folder = beside.parent().unwrap_or(Path::new("."));
    let mut flows = BTreeMap::new();
    for (name, file) in &script.flows {
        let file = folder.join(file);
        let (sources, findings) = super::read(&file);
        let Some(source) = sources.first() else {
            let why = findings.first().map(ToString::to_string).unwrap_or_default();
            bail!("the flow {name}: {why}");
        };
        flows.insert(name.clone(), parse(source)?);
    }
    Ok(flows)
}
