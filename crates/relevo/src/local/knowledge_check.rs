//! What `relevo check` tells of knowledge bases: documents that are left out, and look-ups that cannot work here.

use std::path::Path;

use relevo_agents::definition::{Definition, FILE_NAME, Place, Problem, knowledge::KnowledgeSource};
use relevo_bot::Policy;

use super::knowledge::WITHOUT;

/// Reads every document once. A definition that does not load has none: it is refused elsewhere.
pub(super) fn warnings(folder: &Path) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let loaded = Definition::<Policy>::load_with(folder, |definition, root| {
        warnings = of(definition, root);
        Vec::new()
    });
    if loaded.is_ok() { warnings } else { Vec::new() }
}

fn of(definition: &Definition<Policy>, root: Place<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (id, source) in &definition.knowledge_bases {
        let place = root.value("knowledgeBases").value(id);
        match source {
            KnowledgeSource::Folder(folder) => {
                let at = place.value("folder").spot();
                let left_out = relevo_knowledge::check(&folder.path).unwrap_or_else(|error| {
                    vec![relevo_knowledge::FileProblem { file: String::new(), reason: error.to_string() }]
                });
                problems.extend(left_out.into_iter().map(|problem| {
                    let what = if problem.file.is_empty() {
                        format!("knowledge base {id}: folder {}: {}", folder.folder, problem.reason)
                    } else {
                        format!(
                            "knowledge base {id}: {}/{} is left out: {}",
                            folder.folder, problem.file, problem.reason
                        )
                    };
                    let hint = Some("the bot answers from what can be read".to_owned());
                    Problem::new(FILE_NAME, at, what).with_hint(hint)
                }));
            }
            KnowledgeSource::Bedrock if cfg!(feature = "aws") => {}
            KnowledgeSource::Bedrock => {
                let what = format!("knowledge base {id} is at Bedrock: on this machine the bot does not start");
                let hint = Some(format!("{WITHOUT}; deployed, `chat-bot` asks Bedrock"));
                problems
                    .push(Problem::new(FILE_NAME, root.value("knowledgeBases").entry(id).spot(), what).with_hint(hint));
            }
        }
    }
    problems
}
