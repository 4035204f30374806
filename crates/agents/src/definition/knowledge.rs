//! Knowledge bases: which an agent uses, as Bedrock's `InvokeInlineAgent` has it, and where each is found.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `knowledgeBases[]` of an agent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeBase {
    /// 1..10 letters and digits: a key of the definition's own `knowledgeBases`.
    pub knowledge_base_id: String,
    /// What is in it, for the model; 1..200 characters.
    pub description: String,
    /// How it is asked.
    pub retrieval_configuration: Option<RetrievalConfiguration>,
}

impl KnowledgeBase {
    /// `numberOfResults`, where it is given.
    pub fn number_of_results(&self) -> Option<u32> {
        self.retrieval_configuration.as_ref()?.vector_search_configuration.number_of_results
    }
}

/// `retrievalConfiguration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetrievalConfiguration {
    /// The name is Bedrock's; it holds for any search.
    pub vector_search_configuration: VectorSearchConfiguration,
}

/// `vectorSearchConfiguration`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VectorSearchConfiguration {
    /// 1..100, default 5.
    pub number_of_results: Option<u32>,
}

/// Where a knowledge base is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum KnowledgeSource {
    /// In a folder of documents below the bot's.
    Folder(KnowledgeFolder),
    /// At Bedrock, under the same id.
    Bedrock,
}

/// A folder of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeFolder {
    /// Below the bot's folder, as it is written.
    pub folder: String,
    /// BCP-47 primary language of the documents; not given: each document's own is found out.
    pub language: Option<String>,
    /// Where the folder is on this machine. Filled by [`super::Definition::load`].
    pub path: PathBuf,
}

/// As it is written: `{folder: knowledge/faq, language: es}` or `{bedrock: true}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    folder: Option<String>,
    language: Option<String>,
    #[serde(default)]
    bedrock: bool,
}

impl TryFrom<Written> for KnowledgeSource {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written { folder: Some(folder), language, bedrock: false } => {
                Ok(Self::Folder(KnowledgeFolder { folder, language, path: PathBuf::new() }))
            }
            Written { folder: None, language: None, bedrock: true } => Ok(Self::Bedrock),
            Written { folder: None, language: Some(_), .. } => Err("`language` goes with `folder`"),
            Written { folder: Some(_), bedrock: true, .. } => Err("it is either a `folder` or `bedrock: true`"),
            Written { folder: None, .. } => Err("it needs a `folder`, or `bedrock: true`"),
        }
    }
}
