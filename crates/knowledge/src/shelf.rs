//! All knowledge bases of a bot, by id: folders here, and those that somebody else looks up.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_agents::{
    definition::{AgentsDefinition, knowledge::KnowledgeSource},
    knowledge::{Embedder, Retrieval, RetrievalError, RetrievedReference, Retriever},
};

use crate::{
    FolderBase, FolderSettings, Keep,
    folder::reference,
    meaning::{CANDIDATES, Meaning},
};

/// The embedding models of knowledge bases, by the knowledge base's id. Who has none is searched by words alone.
pub type Embedders = BTreeMap<String, Arc<dyn Embedder>>;

/// A folder is looked at before a search, but not again for so long.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The knowledge bases of a bot.
pub struct Shelf {
    folders: BTreeMap<String, Folder>,
    bedrock: BTreeMap<String, Arc<dyn Retriever>>,
}

/// A knowledge base of a folder.
#[derive(Clone)]
struct Folder {
    base: Arc<FolderBase>,
    meaning: Option<Arc<Meaning>>,
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
                    let base = Arc::new(FolderBase::new(settings, keep));
                    shelf.folders.insert(id.clone(), Folder { base, meaning: None });
                }
                KnowledgeSource::Bedrock => {
                    shelf.bedrock.extend(bedrock.map(|bedrock| (id.clone(), Arc::clone(bedrock))));
                }
            }
        }
        shelf
    }

    /// Also searches by meaning where there is an embedding model. `keep`: the folder for vectors, each knowledge base's under its
    /// id; none: they are in memory, and made by every process anew.
    #[must_use]
    pub fn embedding(mut self, embedders: Embedders, keep: Option<&Path>) -> Self {
        for (id, embedder) in embedders {
            if let Some(folder) = self.folders.get_mut(&id) {
                let file = keep.map(|folder| folder.join(&id).with_extension("vectors"));
                folder.meaning = Some(Arc::new(Meaning::new(embedder, file)));
            }
        }
        self
    }

    /// Embeds what has no vector yet, so that the first question finds by meaning. Takes as long as the models do.
    pub async fn embed(&self) {
        for folder in self.folders.values() {
            let Some(meaning) = &folder.meaning else { continue };
            let base = Arc::clone(&folder.base);
            if let Ok(Ok((view, _))) = tokio::task::spawn_blocking(move || base.by_words("", 0)).await {
                meaning.fill(view).await;
            }
        }
    }

    /// Reads the folders, so that the first question does not wait for it. Blocks.
    pub fn warm(&self) {
        for (id, Folder { base, .. }) in &self.folders {
            if let Err(error) = base.problems() {
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
        let Some(Folder { base, meaning }) = self.folders.get(&retrieval.knowledge_base_id).cloned() else {
            return Err(RetrievalError::Unknown(retrieval.knowledge_base_id));
        };
        let limit = usize::try_from(retrieval.number_of_results).unwrap_or(usize::MAX);
        let wanted = if meaning.is_some() { limit.max(CANDIDATES) } else { limit };
        let query = retrieval.query.clone();
        let found = tokio::task::spawn_blocking(move || base.by_words(&query, wanted)).await;
        let found = found.map_err(|error| RetrievalError::Failed(error.to_string()))?;
        let (view, found) = found.map_err(|error| RetrievalError::Failed(error.to_string()))?;
        let found = match meaning {
            Some(meaning) => meaning.search(&retrieval.query, view, found, limit).await?,
            None => found,
        };
        Ok(found.into_iter().map(reference).collect())
    }
}
