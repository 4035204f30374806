//! Knowledge bases: what is asked of one, what it gives, and which part of an answer stands on it.

mod citations;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use citations::{Citation, GeneratedResponsePart, Span, TextResponsePart, cite};

/// How many passages Bedrock gives where nothing else is said.
pub const NUMBER_OF_RESULTS: u32 = 5;

/// A look-up in a knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retrieval {
    /// `knowledgeBaseId`.
    pub knowledge_base_id: String,
    /// What is looked for, in anybody's words.
    pub query: String,
    /// At most so many passages, 1..100.
    pub number_of_results: u32,
}

/// A passage that was found, in the shape of Bedrock's `RetrievedReference`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetrievedReference {
    /// What it says.
    pub content: RetrievedContent,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What else is known of it.
    #[serde(default)]
    pub metadata: Map<String, Value>,
}

/// `RetrievalResultContent`: a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "UPPERCASE")]
pub enum RetrievedContent {
    /// `TEXT`.
    Text {
        /// The text.
        text: String,
    },
}

/// `RetrievalResultLocation`: `type`, and the one member that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[allow(missing_docs)] // the members are the service's: one string each
pub enum Location {
    #[serde(rename = "S3")]
    S3 { s3_location: Uri },
    #[serde(rename = "WEB")]
    Web { web_location: Url },
    #[serde(rename = "CONFLUENCE")]
    Confluence { confluence_location: Url },
    #[serde(rename = "SALESFORCE")]
    Salesforce { salesforce_location: Url },
    #[serde(rename = "SHAREPOINT")]
    SharePoint { share_point_location: Url },
    #[serde(rename = "KENDRA")]
    Kendra { kendra_document_location: Uri },
    #[serde(rename = "SQL")]
    Sql { sql_location: Query },
    /// A document that was put in by its owner under an id of the owner's: a file of a folder is that, under its path. It is
    /// in no bucket and on no site, so no other member would be true.
    #[serde(rename = "CUSTOM")]
    Custom { custom_document_location: Id },
}

/// `{"uri": ..}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uri {
    /// The URI.
    pub uri: String,
}

/// `{"url": ..}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Url {
    /// The URL.
    pub url: String,
}

/// `{"query": ..}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The query.
    pub query: String,
}

/// `{"id": ..}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Id {
    /// The id.
    pub id: String,
}

impl Location {
    /// A document under an id of its owner's.
    pub fn custom(id: impl Into<String>) -> Self {
        Self::Custom { custom_document_location: Id { id: id.into() } }
    }

    /// The one string.
    pub fn text(&self) -> &str {
        match self {
            Self::S3 { s3_location: Uri { uri } } | Self::Kendra { kendra_document_location: Uri { uri } } => uri,
            Self::Web { web_location: Url { url } }
            | Self::Confluence { confluence_location: Url { url } }
            | Self::Salesforce { salesforce_location: Url { url } }
            | Self::SharePoint { share_point_location: Url { url } } => url,
            Self::Sql { sql_location: Query { query } } => query,
            Self::Custom { custom_document_location: Id { id } } => id,
        }
    }
}

impl RetrievedReference {
    /// A passage.
    pub fn new(text: impl Into<String>, location: Option<Location>, metadata: Map<String, Value>) -> Self {
        Self { content: RetrievedContent::Text { text: text.into() }, location, metadata }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        let RetrievedContent::Text { text } = &self.content;
        text
    }
}

/// Why nothing was looked up. The model is told only that it failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetrievalError {
    /// Nobody here has this knowledge base.
    #[error("there is no knowledge base {0}")]
    Unknown(String),
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// Anything else; for the log, without the query.
    #[error("{0}")]
    Failed(String),
}

/// Looks up passages.
#[async_trait]
pub trait Retriever: Send + Sync {
    /// The passages that fit best, best first; none where nothing fits.
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError>;
}

/// What a text is embedded for: some models embed a question otherwise than what answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedding {
    /// A passage that may answer.
    Passage,
    /// A question.
    Question,
}

/// Makes vectors of texts: near ones mean the like.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Which model it is, with all that its vectors depend on, in one line: vectors of different names are not compared.
    fn name(&self) -> String;

    /// A vector for each text, in their order.
    async fn embed(&self, texts: &[String], of: Embedding) -> Result<Vec<Vec<f32>>, RetrievalError>;
}

/// No knowledge bases at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKnowledge;

#[async_trait]
impl Retriever for NoKnowledge {
    async fn retrieve(&self, retrieval: Retrieval) -> Result<Vec<RetrievedReference>, RetrievalError> {
        Err(RetrievalError::Unknown(retrieval.knowledge_base_id))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_has_bedrocks_shape() {
        let written = json!({
            "content": {"type": "TEXT", "text": "t"},
            "location": {"type": "CUSTOM", "customDocumentLocation": {"id": "faq.md"}},
            "metadata": {"page": 2},
        });
        let metadata = json!({"page": 2}).as_object().unwrap().clone();
        assert_eq!(json!(RetrievedReference::new("t", Some(Location::custom("faq.md")), metadata)), written);
        for location in [
            json!({"type": "S3", "s3Location": {"uri": "u"}}),
            json!({"type": "WEB", "webLocation": {"url": "u"}}),
            json!({"type": "SHAREPOINT", "sharePointLocation": {"url": "u"}}),
            json!({"type": "KENDRA", "kendraDocumentLocation": {"uri": "u"}}),
            json!({"type": "SQL", "sqlLocation": {"query": "u"}}),
        ] {
            let read: Location = serde_json::from_value(location.clone()).unwrap();
            assert_eq!((read.text(), json!(read)), ("u", location));
        }
    }
}
