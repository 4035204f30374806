//! All knowledge bases of a bot, by id: folders here, and those that somebody else looks up.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, knowledge::KnowledgeSource},
    knowledge::{Retrieval, RetrievalError, RetrievedReference, Retriever},
};

use crate::{FolderBase, FolderSettings, Keep};

/// A folder is looked at before a search, but not again for so long.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The knowledge bases of a bot.
pub struct Shelf {
    folders: BTreeMap<String, Arc<FolderBase>>,
    bedrock: BTreeMap<String, Arc<dyn Retriever>>,
}

impl Shelf {
    /// Those of a definition. `keep`: the folder for the indexes; none: they are in memory. `bedrock` looks up those that are at
    /// Bedrock; without it such a look-up fails.
    pub fn of(definition: &AgentsDefinition, keep: Option<&Path>, bedrock: Option<&Arc<dyn Retriever>>) -> Self {
        let mut shelf = Self { folders: BTreeMap::new(), bedrock: BTreeMap::new() };
        for (id, source) in &definition.knowledge_bases {
            match source {
                KnowledgeSource::Folder(folder) => {
                    let settings = FolderSettings {
                        folder: folder.path.clone(),
                        language: folder.language.clone(),
                        languages: definition.languages.clone(),
                        look_every: LOOK_EVERY,
                    };
                    let keep = keep.map_or(Keep::Memory, |folder| Keep::Folder(folder.join(id)));
                    shelf.folders.insert(id.clone(), Arc::new(FolderBase::new(settings, keep)));
                }
                KnowledgeSource::Bedrock => {
                    shelf.bedrock.extend(bedrock.map(|bedrock| (id.clone(), Arc::clone(bedrock))));
                }
            }
        }
        shelf
    }

    /// Reads the folders, so that the first question does not wait for it. Blocks.
    pub fn warm(&self) {
        for (id, folder) in &self.folders {
            if let Err(error) = folder.problems() {
                tracing::warn!(knowledge_base_id = id, %error, "a knowledge base cannot be read");
            }
        }
    }
}

#[async_trait]
impl Retriever for Shelf {
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        if let Some(bedrock) = self.bedrock.get(&retrieval.knowledge_base_id) {
            return bedrock.retrieve(retrieval).await;
        }
        let Some(folder) = self.folders.get(&retrieval.knowledge_base_id).cloned() else {
            return Err(RetrievalError::Unknown(retrieval.knowledge_base_id));
        };
        let limit = usize::try_from(retrieval.number_of_results).unwrap_or(usize::MAX);
        let found = tokio::task::spawn_blocking(move || folder.search(&retrieval.query, limit)).await;
        let found = found.map_err(|error| RetrievalError::Failed(error.to_string()))?;
        found.map_err(|error| RetrievalError::Failed(error.to_string()))
    }
}
