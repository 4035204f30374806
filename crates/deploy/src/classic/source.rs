//! A bot's folder as the resources are made of it.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use relevo_agents::definition::{
    AgentsDefinition, Definition, FILE_NAME, Problem, Spot,
    agent::{Agent, ApiSchema},
};
use relevo_bot::Policy;
use serde_json::Value;

/// A definition and its document.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the runtime has it.
    pub definition: Arc<AgentsDefinition>,
    /// `bot.yaml` as JSON ([`Definition::document`]).
    pub document: Value,
    /// The API schemas in files, by the path that the definition has.
    pub schemas: BTreeMap<String, String>,
}

impl Source {
    /// Reads a bot's folder.
    ///
    /// # Errors
    /// All problems of the definition, or that a file cannot be read.
    pub fn load(dir: &Path) -> Result<Self, Vec<Problem>> {
        let unread = |file: &str, error: &std::io::Error| {
            vec![Problem::new(file, Spot::START, format!("cannot read it: {error}"))]
        };
        let (definition, _) = Definition::<Policy>::load(dir)?.split();
        let text = fs::read_to_string(dir.join(FILE_NAME)).map_err(|error| unread(FILE_NAME, &error))?;
        let document = Definition::<Policy>::document(&text, FILE_NAME)?;
        let mut files = Vec::new();
        schema_files(&definition.agent, &mut files);
        let mut schemas = BTreeMap::new();
        for file in files {
            let text = fs::read_to_string(dir.join(&file)).map_err(|error| unread(&file, &error))?;
            schemas.insert(file, text);
        }
        Ok(Self { definition, document, schemas })
    }
}

fn schema_files(agent: &Agent, files: &mut Vec<String>) {
    files.extend(agent.action_groups.iter().filter_map(|group| match &group.api_schema {
        Some(ApiSchema::File(path)) => Some(path.clone()),
        _ => None,
    }));
    for collaborator in &agent.collaborators {
        schema_files(collaborator, files);
    }
}
