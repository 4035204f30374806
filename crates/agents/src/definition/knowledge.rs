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
    /// Also searched by meaning, with the vectors of this model.
    pub embedding_model: Option<EmbeddingModel>,
    /// Where the folder is on this machine. Filled by [`super::Definition::load`].
    pub path: PathBuf,
}

/// `embeddingModel`: a provider with its settings below it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmbeddingModel {
    /// A model behind `/embeddings`, OpenAI's or any compatible.
    OpenAi(OpenAiEmbedding),
}

/// `openai:` of an `embeddingModel`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenAiEmbedding {
    /// The address before `/embeddings`. Default: OpenAI's own.
    #[serde(default = "super::models::openai")]
    pub base_url: String,
    /// The model, as the endpoint names it.
    pub model: String,
    /// The environment variable that holds the key. None: no key is sent.
    pub api_key_from: Option<String>,
    /// Numbers in a vector; not set: the model's own. Fewer are smaller and faster, for models that can be cut.
    pub dimensions: Option<u32>,
    /// What the model wants to read before a question, such as `query: `.
    #[serde(default)]
    pub query_prefix: String,
    /// What the model wants to read before a passage.
    #[serde(default)]
    pub document_prefix: String,
}

/// As it is written: `{folder: knowledge/faq, language: es, embeddingModel: ..}` or `{bedrock: true}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    folder: Option<String>,
    language: Option<String>,
    embedding_model: Option<EmbeddingModel>,
    #[serde(default)]
    bedrock: bool,
}

impl TryFrom<Written> for KnowledgeSource {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written { folder: Some(folder), language, embedding_model, bedrock: false } => {
                Ok(Self::Folder(KnowledgeFolder { folder, language, embedding_model, path: PathBuf::new() }))
            }
            Written { folder: None, language: None, embedding_model: None, bedrock: true } => Ok(Self::Bedrock),
            Written { folder: None, language: Some(_), .. } => Err("`language` goes with `folder`"),
            Written { folder: None, embedding_model: Some(_), .. } => {
                Err("`embeddingModel` goes with `folder`: Bedrock's knowledge bases have their own")
            }
            Written { folder: Some(_), bedrock: true, .. } => Err("it is either a `folder` or `bedrock: true`"),
            Written { folder: None, .. } => Err("it needs a `folder`, or `bedrock: true`"),
        }
    }
}
